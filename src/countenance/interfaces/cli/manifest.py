"""``manifest check``: what a passenger manifest says of its movement, and what is wrong with it; names nobody."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich.table import Table

from countenance.bootstrap.reading import ManifestLimits, read_manifest
from countenance.interfaces.cli.document import day_of
from countenance.interfaces.cli.exits import NOT_AS_EXPECTED, OK
from countenance.interfaces.cli.said import Said
from countenance.interfaces.cli.tables import two_columns
from countenance.interfaces.schemas_staging import manifest_body
from countenance.terms.documents import Manifest, TravellerKind

_SHOWN = 40
"""Findings in the table for people; ``--json`` has all."""


def check(file: Path, today: str) -> Said:
    """Return the movement, counts and findings of a manifest."""
    limits = ManifestLimits()
    with file.open("rb") as stream:
        data = stream.read(limits.max_bytes + 1)
    found = read_manifest(data, today=day_of(today), limits=limits)
    status = NOT_AS_EXPECTED if found.findings else OK
    return Said(data=manifest_body(found).model_dump(), shown=tuple(_shown(found)), status=status)


def _people(found: Manifest) -> dict[str, int]:
    counted = Counter(one.kind for one in found.travellers)
    return {str(kind): counted[kind] for kind in TravellerKind}


def _shown(found: Manifest) -> list[str | Table]:
    people = ", ".join(f"{count} {kind}" for kind, count in _people(found).items() if count)
    head = two_columns([
        ("source", found.source), ("lists", f"{found.list_kind} {found.function}".strip()),
        ("carrier", found.carrier), ("people", people or "none"),
        ("dropped", ", ".join(f"{one.what} ({one.count})" for one in found.dropped) or "nothing"),
    ])  # fmt: skip
    legs = Table("flight", "from", "leaves (local)", "to", "arrives (local)", box=None, padding=(0, 2, 0, 0))
    for leg in found.legs:
        legs.add_row(leg.flight, leg.departure.port, leg.departure.local_time, leg.arrival.port, leg.arrival.local_time)
    if not found.findings:
        return [head, legs, "no findings"]
    table = Table("finding", "what", box=None, padding=(0, 2, 0, 0))
    for one in found.findings[:_SHOWN]:
        table.add_row(one.code, one.sentence)
    more = len(found.findings) - _SHOWN
    return [head, legs, table, *([f"and {more} more findings: --json lists them"] if more > 0 else [])]
