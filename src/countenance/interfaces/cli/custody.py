"""``erase``, ``person``, ``hold``: what is kept about a person, and clocks that somebody moves."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table
from typer import BadParameter, confirm

from countenance.errors import CustodyError
from countenance.interfaces.cli.said import Said
from countenance.interfaces.cli.way import doors
from countenance.terms import ErasureReason, HoldReason


def erase(site: Path, person: str, reason: str, key_file: Path | None, *, sure: bool) -> Said:
    """Erase a person, once whoever types it is sure."""
    if reason not in set(ErasureReason):
        raise BadParameter(f"A reason is one of {', '.join(ErasureReason)}.")
    if not sure and not confirm("Erase everything kept about this person? It cannot be brought back."):
        raise CustodyError("custody.not_confirmed", "Nothing was erased.", remedy="Answer y, or give --yes.")
    with doors(site, key_file) as door:
        erased = door.erase_person(person, ErasureReason(reason))
    told = (
        f"Erased: {erased['items']} items of {erased['encounters']} encounters, {erased['references']} references.",
        f"Their keys are destroyed; the order is in the record as {erased['commitment']}, which names nobody.",
    )
    return Said(data=erased, shown=told)


def show(site: Path, person: str, photos: Path | None, key_file: Path | None) -> Said:
    """Show everything kept about a person."""
    with doors(site, key_file) as door:
        found = door.show_person(person)
    return _shown([found], photos)


def find(site: Path, photograph: Path, photos: Path | None, key_file: Path | None) -> Said:
    """Show what is kept about whoever is on a photograph."""
    with doors(site, key_file) as door:
        found = door.show_selfie(photograph.read_bytes())
    return _shown(found, photos)


def _shown(found: Sequence[Mapping[str, Any]], photos: Path | None) -> Said:
    table = Table("person", "what", "until (UTC)", "bytes", "content", box=None)
    for access in found:
        for one in access["kept"]:
            content = "a photograph" if one["photograph"] else one["content"] or "a template, never shown"
            until = one["until"][:16].replace("T", " ")
            table.add_row(access["person"], one["what"], until, str(one["size"]), content)
    written = _written(found, photos) if photos else ()
    data = [{**one, "kept": [_without_photograph(kept) for kept in one["kept"]]} for one in found]
    return Said(data={"persons": data, "photographs": list(written)}, shown=(table, *written))


def _without_photograph(kept: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an item without its photograph's bytes: these go to files of mode 0600, and to no terminal."""
    return {name: bool(value) if name == "photograph" else value for name, value in kept.items()}


def _written(found: Sequence[Mapping[str, Any]], photos: Path) -> tuple[str, ...]:
    photos.mkdir(mode=0o700, exist_ok=True)
    names: list[str] = []
    for one in (kept for access in found for kept in access["kept"] if kept["photograph"]):
        path = photos / f"{len(names) + 1:03d}"
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(b64decode(one["photograph"]))
        names.append(str(path))
    return tuple(names)


def change_class(site: Path, encounter: str, person_class: str, key_file: Path | None) -> Said:
    """Correct a person's class."""
    with doors(site, key_file) as door:
        shortened = door.change_class(encounter, person_class)
    return Said(data={"shortened": shortened}, shown=(f"Clocks shortened: {shortened}; none was lengthened.",))


def holds(site: Path, key_file: Path | None) -> Said:
    """List evidence locks."""
    with doors(site, key_file) as door:
        found = door.holds()
    table = Table("hold", "encounter", "why", "ordered by", "until", "items", box=None)
    for one in found:
        table.add_row(one["hold"], one["encounter"], one["reason"], one["named"], one["until"], str(one["items"]))
    return Said(data={"holds": list(found)}, shown=(table if found else "Nothing is kept beyond its clock.",))


def place_hold(  # noqa: PLR0917 - as typed
    site: Path, encounter: str, reason: str, named: str, days: int, key_file: Path | None
) -> Said:
    """Keep an encounter beyond its clock."""
    if reason not in set(HoldReason):
        raise BadParameter(f"A reason is one of {', '.join(HoldReason)}.")
    with doors(site, key_file) as door:
        placed = door.place_hold(encounter, HoldReason(reason), named, days)
    return Said(data=placed, shown=(f"Hold {placed['hold']}: {placed['items']} items stay until {placed['until']}.",))


def release_hold(site: Path, hold: str, key_file: Path | None) -> Said:
    """Release an evidence lock."""
    with doors(site, key_file) as door:
        receipt = door.release_hold(hold)
    return Said(
        data={"commitment": receipt.commitment},
        shown=(f"Released; everything has its own clock again. Recorded as {receipt.commitment}.",),
    )
