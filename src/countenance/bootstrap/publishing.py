"""What the public page is made of besides counts: the charters' files, and the auditor's statement."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from countenance.authority import published
from countenance.custody import FileSigner
from countenance.errors import ConfigurationError
from countenance.procedures.transparency import checks, reconcile, signed, state, unreadable
from countenance.procedures.transparency.statement import Reconciled
from countenance.site import Site
from countenance.terms import Instant

MAX_STATEMENT_BYTES = 10_000


def charter_records(site: Site) -> Mapping[str, Mapping[str, Any]]:
    """Return the site's charter files as JSON, by SHA-256; they were checked when the site opened."""
    files = [path.read_bytes() for path in sorted(site.charters.glob("*.yaml"))]
    return {sha256(data).hexdigest(): published(data) for data in files}


def statement_file(site: Site) -> Path:
    """Return where a site keeps the statement that it shows; may not be there."""
    return site.path / "transparency" / "statement.json"


def statement_of(site: Site) -> Callable[[], Mapping[str, Any] | None]:
    """Return what reads the statement the site shows; one that its key did not sign is not shown."""

    def read() -> Mapping[str, Any] | None:
        with suppress(OSError, ConfigurationError):
            data = statement_file(site).read_bytes()[: MAX_STATEMENT_BYTES + 1]
            statement = read_json(data, "statement")
            if signed(statement) and statement["site"] == site.log_origin:
                return statement
        return None

    return read


def read_json(data: bytes, what: str) -> Mapping[str, Any]:
    """Return a file's JSON object; ``what`` names it in the error.

    Raises:
        ConfigurationError: ``transparency.unreadable``.
    """
    try:
        found = json.loads(data)
    except ValueError as error:
        raise unreadable(what) from error
    if not isinstance(found, dict):
        raise unreadable(what)
    return found


def make_statement(
    document: Mapping[str, Any], bundle: Mapping[str, Any], *, key: Path, auditor: str, now: Instant
) -> tuple[Reconciled, Mapping[str, Any] | None]:
    """Count again and return what was found, with the signed statement where everything agrees.

    Raises:
        ConfigurationError: ``transparency.unreadable``.
        VaultError: the key cannot be read.
    """
    found = reconcile(document, bundle)
    if found.faults:
        return found, None
    signer = FileSigner(key)
    return found, state(document, bundle, found, auditor, signer.public_key, signer.sign, now)


def check_statement(data: bytes, document: Mapping[str, Any]) -> tuple[tuple[str, bool], ...]:
    """Return what holds of a statement against a document, each as a sentence.

    Raises:
        ConfigurationError: ``transparency.unreadable``.
    """
    return checks(read_json(data, "statement"), document)


def accept_statement(site: Site, data: bytes, document: Mapping[str, Any]) -> tuple[tuple[str, bool], ...]:
    """Let the site show a statement, if all holds that can be checked of it; return what was checked.

    Raises:
        ConfigurationError: ``transparency.unreadable``.
        OSError: the site's folder cannot be written.
    """
    found = check_statement(data, document)
    if all(held for _, held in found):
        file = statement_file(site)
        file.parent.mkdir(mode=0o700, exist_ok=True)
        draft = file.with_suffix(".draft")
        draft.write_bytes(data)
        draft.replace(file)
    return found
