"""Which way to a site a command takes: open it here, or, while it is served, ask its service over HTTP."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from countenance.bootstrap import open_site
from countenance.config import read_settings
from countenance.errors import NotAuthenticated, SiteError
from countenance.interfaces.client import served
from countenance.interfaces.doors import Doors, LocalDoors
from countenance.site import Site


@contextmanager
def doors(site: Path, key_file: Path | None) -> Iterator[Doors]:
    """Open the site here, or reach its service where one holds the lock; closing publishes what is pending.

    Raises:
        SiteError, NotAuthenticated and whatever the site refuses to start with.
    """
    folder = Site.open(site)
    api_key = read_key(folder, key_file)
    try:
        service = open_site(site, read_settings(os.environ), thorough=False)
    except SiteError as error:
        if error.code != "site.locked":
            raise
        with served(folder, api_key) as remote:
            yield remote
        return
    with service:
        yield LocalDoors(service, api_key)


def read_key(site: Site, key_file: Path | None) -> str:
    """Return the API key to act with: from the file, from standard input ("-"), or the site's own."""
    if key_file == Path("-"):
        return sys.stdin.readline().strip()
    path = key_file or site.keys / "cli.key"
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise NotAuthenticated(
            "access.no_key", f"The API key in {path} cannot be read ({error.strerror}).",
            remedy="Name a file that holds an API key with --key-file.",
        ) from error  # fmt: skip
