"""As much of curl as docs/api.md's example uses, for machines that have none: GET, POST, headers, data, --fail."""

from __future__ import annotations

import argparse
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def main() -> int:
    """Send one request and print the answer; 22 where curl's --fail gives it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--silent", action="store_true")
    parser.add_argument("--fail", action="store_true")
    parser.add_argument("--request")
    parser.add_argument("--data")
    parser.add_argument("--header", action="append", default=[])
    asked = parser.parse_args()
    headers = {name: value.strip() for name, _, value in (header.partition(":") for header in asked.header)}
    data = asked.data.encode() if asked.data else None
    try:
        with urlopen(Request(asked.address, data, headers, method=asked.request)) as answer:  # noqa: S310 - loopback
            sys.stdout.buffer.write(answer.read())
    except HTTPError:
        return 22
    return 0


if __name__ == "__main__":
    sys.exit(main())
