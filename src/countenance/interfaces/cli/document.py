"""``document read``: a machine-readable zone, as text; no site, no record, no proof."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

from rich.table import Table
from typer import BadParameter

from countenance.bootstrap.reading import read_mrz
from countenance.interfaces.cli.said import Said
from countenance.interfaces.cli.tables import two_columns
from countenance.interfaces.schemas_documents import NOT_PROVED
from countenance.terms.documents import MachineReadableZone

_MOST_BYTES = 4_000


def day_of(text: str) -> date:
    """Return the day that ``--today`` names; "" means today in UTC."""
    try:
        return date.fromisoformat(text) if text else datetime.now(UTC).date()
    except ValueError as no:
        raise BadParameter("--today is a day like 2026-12-01.") from no


def zone_in(file: Path) -> str:
    """Return the text of a file with a zone, "-" for standard input; what cannot be one is not read to its end."""
    if file == Path("-"):
        return sys.stdin.buffer.read(_MOST_BYTES).decode("utf-8", "replace")
    with file.open("rb") as stream:
        return stream.read(_MOST_BYTES).decode("utf-8", "replace")


def read(file: Path | None, mrz: str, today: str) -> Said:
    """Return what the zone in ``file`` or in ``mrz`` says."""
    if (file is None) == (not mrz):
        raise BadParameter("Give either FILE or --mrz.")
    day = day_of(today)
    zone = read_mrz(mrz if file is None else zone_in(file), today=day)
    since = zone.expiry_date.passed(day)
    return Said(
        data={**_data(zone), "expired_since": str(since or ""), "note": NOT_PROVED},
        shown=(*_shown(zone), *expired_line(since), NOT_PROVED),
    )


def expired_line(since: date | None) -> tuple[str, ...]:
    """Return the line that says that a document's last day has passed, or none."""
    return () if since is None else (f"Expired since {since}, its last day.",)


def _data(zone: MachineReadableZone) -> dict[str, object]:
    dates = {"birth_date": str(zone.birth_date), "expiry_date": str(zone.expiry_date)}
    return {**asdict(zone), **dates}


def _shown(zone: MachineReadableZone) -> list[str | Table]:
    rows = [
        ("format", zone.format), ("document", zone.document_code), ("issuing state", zone.issuing_state),
        ("number", zone.document_number), ("surname", zone.surname), ("given names", zone.given_names),
        ("nationality", zone.nationality), ("born", str(zone.birth_date)), ("sex as stated", zone.sex),
        ("expires", str(zone.expiry_date)), ("optional data", " / ".join(zone.optional)),
    ]  # fmt: skip
    shown: list[str | Table] = [two_columns((name, str(value)) for name, value in rows)]
    for one in zone.repairs:
        sure = "a check digit covers it" if one.confirmed else "no check digit covers it: compare with the page"
        shown.append(f"repaired: line {one.line}, column {one.column} ({one.field}): {one.read} -> {one.taken}; {sure}")
    return [*shown, *(f"note: {one.sentence}" for one in zone.findings)]
