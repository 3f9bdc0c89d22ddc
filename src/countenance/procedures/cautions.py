"""What whoever announces a manifest should know of its gallery, though it stops nothing: findings, by code."""

from __future__ import annotations

from countenance.ports import UnitOfWork
from countenance.procedures.events import event_end
from countenance.procedures.rolls import read_roll
from countenance.terms import Charter, GalleryInfo, iso
from countenance.terms.documents import Manifest, ManifestFinding
from countenance.terms.staging import EventTerms, Roll

_MINUTE_MS = 60_000


def cautions(  # noqa: PLR0917 - one event's whole context
    tx: UnitOfWork, card: GalleryInfo, roll: Roll, manifest: Manifest, terms: EventTerms, charter: Charter
) -> tuple[ManifestFinding, ...]:
    """Return ``ends_early`` where the references' clock ends before the event, ``also_staged`` for each twin."""
    found: list[ManifestFinding] = []
    end = event_end(manifest, terms, margin_minutes=charter.event_margin_minutes)
    if end is not None and card.closes_at < end:
        short = (end - card.closes_at) // _MINUTE_MS
        found.append(_whole(
            "ends_early", f"The gallery is gone at {iso(card.closes_at)}, {short} minutes before its event is over: "
            "the charter keeps references no longer. Close it, and stage the manifest again nearer to the event.",
        ))  # fmt: skip
    for other in tx.galleries.all():
        beside = read_roll(tx, other.gallery_id) if other.open and other.gallery_id != card.gallery_id else None
        if beside is not None and beside.movement == roll.movement:
            found.append(_whole(
                "also_staged", f"Gallery {other.gallery_id!r} is staged for this movement too, and neither sees who "
                "boards by the other.",
            ))  # fmt: skip
    return tuple(found)


def _whole(code: str, sentence: str) -> ManifestFinding:
    return ManifestFinding(code, 0, 0, sentence)
