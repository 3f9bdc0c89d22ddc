"""Write ``docs/api.md`` from the OpenAPI document and the runnable examples, or with ``--check`` say if it is stale."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from countenance.interfaces.api import openapi_document
from countenance.interfaces.problems import MEANINGS, TRANSPORT_PROBLEMS

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "api.md"
EXAMPLES = {"sh": ROOT / "scripts" / "api_example.sh", "python": ROOT / "scripts" / "api_example.py"}

Node = Mapping[str, Any]


def page() -> str:
    """Return the whole page."""
    document = openapi_document()
    parts = [
        "# The HTTP interface",
        "<!-- Written by scripts/make_api_docs.py from the service's OpenAPI document; change the source instead. -->",
        document["info"]["description"].strip(),
        *_examples(),
        "## Limits",
        _LIMITS,
        *_operations(document),
        "## Bodies",
        *_schemas(document),
        "## Problems",
        "What a status means, wherever it is answered:",
        _table(("status", "meaning"), [(str(status), meaning) for status, meaning in MEANINGS.items()]),
        "Codes of the transport itself; every other code is in [errors.md](errors.md):",
        _table(("status", "code", "what it says", "what to do"), _transport()),
    ]
    return "\n\n".join(parts) + "\n"


_LIMITS = """\
* Bodies: 64 KiB; captures 54,000,000 bytes (two photographs of 20 MB in base64), streamed into bounded memory and never
  written to disk; enrolment any length, 27,000,000 bytes a line. More is answered 413 without reading to the end, and
  the connection closes. A whole capture, or one line of an enrolment, has 60 seconds to arrive (408).
* All bodies together hold at most 216 MB, and at most 256 requests are answered at once; beyond that it is 503 with
  `Retry-After: 1`.
* A token covers one encounter, lives as long as the charter says, and travels only in the header `Countenance-Token`.
* The service listens on loopback unless told otherwise and speaks plain HTTP: put a TLS proxy before anything else.
  Requests for other host names than loopback's, the address it was started with and `host` in `site.toml` are refused;
  a proxy passes on the address it calls (nginx does so by default) or the name that `site.toml` gives.
* What is not HTTP at all is answered 400 in plain text, by the server beneath.
* Cached for ever: full and partial tiles. Revalidated: the tree head and proofs. Everything else is `no-store`.
* The public key of the log is not served: a key that comes from the log it is to check proves nothing. It is
  `keys/log.pub`, and the controller publishes it.
* A signature shows which enrolled device sent a body. It does not stop a virtual camera on that device."""


def _examples() -> Iterator[str]:
    yield "## Two examples"
    yield "A test runs both against a served site. With curl, a person who refuses:"
    yield f"```sh\n{EXAMPLES['sh'].read_text('utf-8').strip()}\n```"
    yield "In Python, a capture device:"
    yield f"```python\n{EXAMPLES['python'].read_text('utf-8').strip()}\n```"


def _operations(document: Node) -> Iterator[str]:
    by_tag: dict[str, list[tuple[str, str, Node]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            by_tag.setdefault(operation["tags"][0], []).append((method.upper(), path, operation))
    for tag in document["tags"]:
        yield f"## {tag['name'].capitalize()}"
        yield tag["description"]
        for method, path, operation in by_tag[tag["name"]]:
            yield from _operation(method, path, operation)


def _operation(method: str, path: str, operation: Node) -> Iterator[str]:
    yield f"### {method} {path}"
    yield f"**{operation['summary']}.**" + ("" if operation["security"] else " Anonymous.")
    yield operation["description"]
    parameters = [
        (f"`{one['name']}`", one["in"], one.get("description", "")) for one in operation.get("parameters", ())
    ]
    if parameters:
        yield _table(("parameter", "in", "what it is"), parameters)
    body = operation.get("requestBody")
    if body:
        yield f"Body: {_content(body)}. {body.get('description', '')}".rstrip()
    good = [(status, reply) for status, reply in operation["responses"].items() if status < "300"]
    yield _table(("status", "body", "meaning"), [(status, _content(one), one["description"]) for status, one in good])
    problems = sorted(status for status in operation["responses"] if status >= "300")
    if problems:
        yield f"[Problems](#problems): {', '.join(problems)}."


def _content(holder: Node) -> str:
    kinds = []
    for media_type, content in holder.get("content", {}).items():
        name = _type(content.get("schema", {}))
        kind = f"`{media_type}`"
        kinds.append(kind if not name else name if media_type == "application/json" else f"{name} ({kind})")
    return ", ".join(dict.fromkeys(kinds))


def _type(schema: Node) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return " \\| ".join(f"`{value}`" for value in schema["enum"])
    return str(schema.get("type", ""))


def _schemas(document: Node) -> Iterator[str]:
    for name, schema in sorted(document["components"]["schemas"].items()):
        yield f"### {name}"
        yield " ".join(schema.get("description", "").split())
        if "enum" in schema:
            yield _type(schema)
            continue
        required = schema.get("required", ())
        rows = [
            (f"`{field}`" + ("" if field in required else " (optional)"), _type(one), one.get("description", ""))
            for field, one in schema.get("properties", {}).items()
        ]
        yield _table(("field", "type", "what it is"), rows)
        for example in schema.get("examples", ()):
            yield f"```json\n{json.dumps(example, indent=2, ensure_ascii=False)}\n```"


def _transport() -> list[tuple[str, str, str, str]]:
    return [(str(status), f"`{code}`", detail, remedy) for status, (code, detail, remedy) in TRANSPORT_PROBLEMS.items()]


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    return "\n".join(lines + [f"| {' | '.join(' '.join(cell.split()) for cell in row)} |" for row in rows])


def main() -> None:
    """Write or check the page."""
    parser = argparse.ArgumentParser(description="Write docs/api.md again.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is out of date")
    asked = parser.parse_args()
    text = page()
    stale = not PAGE.is_file() or PAGE.read_text("utf-8") != text
    if stale and not asked.check:
        PAGE.write_text(text, "utf-8")
    print(f"docs/api.md: {'up to date' if not stale else 'out of date' if asked.check else 'written'}")
    sys.exit(1 if stale and asked.check else 0)


if __name__ == "__main__":
    main()
