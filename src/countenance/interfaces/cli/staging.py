"""``manifest stage | status | close``: a manifest becomes a gallery, is followed, and goes again."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from typer import BadParameter

from countenance.bootstrap.reading import ManifestLimits, portrait_source, read_manifest
from countenance.config import read_settings
from countenance.interfaces.cli.exits import NOT_AS_EXPECTED, OK
from countenance.interfaces.cli.said import Said
from countenance.interfaces.cli.tables import number_runs, two_columns
from countenance.interfaces.cli.way import doors
from countenance.procedures import portrait_rows
from countenance.terms import iso
from countenance.terms.staging import (
    Announced,
    Boarding,
    EventTerms,
    Listed,
    Moment,
    PortraitsFrom,
    PortraitVerdict,
    TravellerState,
)


def terms_of(zone: str, at: str, port: str, listed: str) -> EventTerms:
    """Return how a manifest becomes an event, from what was typed."""
    if at not in set(Moment):
        raise BadParameter(f"What ends the event is one of {', '.join(Moment)}.")
    if listed not in set(Listed):
        raise BadParameter(f"What the file lists is one of {', '.join(Listed)}.")
    return EventTerms(zone, Moment(at), port, Listed(listed))


def stage(  # noqa: PLR0917 - named where it is called
    site: Path, gallery: str, file: Path, checkpoint: str, portraits: str, years: int, terms: EventTerms,
    key_file: Path | None, *, progress: bool,
) -> Said:  # fmt: skip
    """Announce a manifest, stage the portraits that are wanted, and tell where everybody stands."""
    source = None
    if portraits not in set(PortraitsFrom):
        source = portrait_source(portraits, read_settings(os.environ), reference_years=years)
    with file.open("rb") as stream:
        data = stream.read(ManifestLimits().max_bytes + 1)
    with doors(site, key_file) as door:
        if source is None:
            told, verdicts = door.fill(gallery, checkpoint, data, terms, PortraitsFrom(portraits), years)
        else:
            told = door.announce(gallery, checkpoint, data, terms)
            people = read_manifest(data, today=datetime.now(UTC).date()).travellers
            verdicts = door.portray(gallery, portrait_rows(source, people, told))
        _watch(told, verdicts, progress=progress)
        stands = door.boarding(gallery)
    changes = (
        f"{told.expected} expected: {told.added} added, {told.removed} removed, {told.excluded} excluded by age, "
        f"portraits wanted of {len(told.wanted)}."
    )
    data_out = {"announced": {**asdict(told), "closes_at": iso(told.closes_at)}, **_data(stands)}
    shown = (changes, *(f"finding: {one.sentence}" for one in told.findings), *_shown(stands))
    return Said(data=data_out, shown=shown, status=_status(stands))


def _follow(site: Path, gallery: str, key_file: Path | None, *, as_json: bool) -> None:
    """Write a line whenever the counts change, until the gallery is closed or the reader has enough."""
    with suppress(KeyboardInterrupt), doors(site, key_file) as door:
        for counts in door.follow(gallery):
            sys.stdout.write(f"{json.dumps(counts) if as_json else _line(counts)}\n")
            sys.stdout.flush()


def _line(counts: Mapping[str, Any]) -> str:
    if not counts["open"]:
        return f"gallery {counts['gallery']!r} is closed; nothing of it is left"
    states = ", ".join(f"{count} {state}" for state, count in counts["states"].items() if count)
    aboard = f"aboard {counts['aboard']} of {counts['expected']}"
    return f"{aboard}; {states or 'nobody expected'}; {counts['references']} references"


def status(
    site: Path, gallery: str, key_file: Path | None, *, follow: bool = False, as_json: bool = False
) -> Said:  # fmt: skip
    """Tell where everybody stands, after following it for as long as was asked."""
    if follow:
        _follow(site, gallery, key_file, as_json=as_json)
    with doors(site, key_file) as door:
        stands = door.boarding(gallery)
    return Said(data=_data(stands), shown=_shown(stands), status=_status(stands))


def close(site: Path, gallery: str, key_file: Path | None) -> Said:
    """Destroy the gallery with its roll and key before its time."""
    with doors(site, key_file) as door:
        receipt = door.close_gallery(gallery)
    sentence = f"Gallery {gallery!r} is closed; references, roll and key are destroyed."
    data = {"gallery": gallery, "receipt": asdict(receipt)}
    return Said(data=data, shown=(sentence, f"receipt  {receipt.commitment}"))


def _watch(told: Announced, verdicts: Iterator[PortraitVerdict], *, progress: bool) -> None:
    with Progress(
        TextColumn("staging"), BarColumn(), MofNCompleteColumn(), transient=True, disable=not progress
    ) as bar:
        task = bar.add_task("", total=len(told.wanted))
        for verdict in verdicts:
            bar.update(task, completed=told.wanted.index(verdict.number) + 1)


def _status(stands: Boarding) -> int:
    complete = all(one.state is TravellerState.STAGED for one in stands.travellers) and not stands.alike
    return OK if stands.open and complete else NOT_AS_EXPECTED


def _data(stands: Boarding) -> dict[str, object]:
    return {**asdict(stands), "closes_at": iso(stands.closes_at)}


def _shown(stands: Boarding) -> tuple[str | Table, ...]:
    if not stands.open:
        return (f"Gallery {stands.gallery_id!r} is closed; nothing of it is left.",)
    people = stands.travellers
    head = two_columns([
        ("gallery", stands.gallery_id), ("movement", stands.movement.removesuffix(" unstated")),
        ("gone at", iso(stands.closes_at)),
        ("aboard", f"{sum(one.aboard for one in people)} of {len(people)}"),
        ("not aboard", number_runs([one.number for one in people if not one.aboard]) or "nobody"),
    ])  # fmt: skip
    table = Table("documents", "age", *TravellerState, box=None, padding=(0, 2, 0, 0))
    cells = Counter((one.document or "none", one.age_band, one.state) for one in people)
    for document, band in sorted({(document, band) for document, band, _ in cells}):
        table.add_row(document, band, *(str(cells[document, band, state]) for state in TravellerState))
    poor = [f"traveller {one.number}: {one.state} {one.reason}".rstrip() for one in people if not one.references]
    alike = [f"travellers {one} and {other} cannot be told apart" for one, other in stands.alike]
    return (head, table, *poor, *alike)
