"""``device enrol``, ``key issue``, ``record export``, ``record show``: administrator, auditor."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from typer import BadParameter

from countenance.interfaces.cli.said import Said
from countenance.interfaces.cli.tables import two_columns
from countenance.interfaces.cli.way import doors
from countenance.terms import Actor, Role

PUBLIC_KEY_BYTES = 32
COMMITMENT_BYTES = 32


def enrol_device(
    site: Path, device_id: str, public_key: str, checkpoints: Sequence[str], *, partner: str, key_file: Path | None
) -> Said:
    """Enrol a capture device."""
    try:
        key = bytes.fromhex(public_key)
    except ValueError as error:
        raise BadParameter("A public key is 64 hexadecimal digits.") from error
    if len(key) != PUBLIC_KEY_BYTES:
        raise BadParameter("A public key is 64 hexadecimal digits.")
    with doors(site, key_file) as door:
        door.enrol_device(device_id, key, tuple(checkpoints), partner)
    where = ", ".join(checkpoints)
    return Said(
        data={"device": device_id, "checkpoints": list(checkpoints)},
        shown=(f"Device {device_id!r} may send photographs at {where}.",),
    )


def issue_key(site: Path, role: str, holder: str, device: str, key_file: Path | None) -> Said:
    """Issue an API key and show it once."""
    if role not in set(Role):
        raise BadParameter(f"A role is one of {', '.join(Role)}.")
    actor = Actor(holder, Role(role), device)
    with doors(site, key_file) as door:
        key = door.issue_key(actor)
    return Said(
        data={"role": role, "holder": holder, "api_key": key},
        shown=(f"The key of {holder!r} ({role}), shown this once:", key),
    )


def show_entry(site: Path, commitment: str, key_file: Path | None) -> Said:
    """Open one entry of the record and show what is left of it."""
    try:
        leaf = bytes.fromhex(commitment)
    except ValueError as error:
        raise BadParameter("A commitment is 64 hexadecimal digits.") from error
    if len(leaf) != COMMITMENT_BYTES:
        raise BadParameter("A commitment is 64 hexadecimal digits.")
    with doors(site, key_file) as door:
        body = door.open_body(leaf)
    return Said(data=body, shown=(two_columns((name, str(value)) for name, value in body.items()),))


def export_record(site: Path, out: Path, key_file: Path | None) -> Said:
    """Write the auditor's bundle, readable by its owner alone."""
    with doors(site, key_file) as door:
        bundle = door.export_record()
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(bundle, file)
    entries = bundle.get("entries")
    count = len(entries) if isinstance(entries, Sequence) else 0
    return Said(
        data={"bundle": str(out), "entries": count},
        shown=(f"{count} entries written to {out}. Check them: countenance audit {site} --key log.pub --bodies {out}",),
    )
