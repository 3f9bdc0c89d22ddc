"""When a manifest's event is, who is expected at it, and how old they are then. Pure: the reading of time comes in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from countenance.errors import GalleryError
from countenance.terms import Instant
from countenance.terms.documents import DocumentDate, Leg, Manifest, Traveller
from countenance.terms.staging import EventTerms, Listed, Moment

_DAY_ONLY = 10
_BANDS = ((14, "under 14"), (26, "14-25"), (51, "26-50"))


def leg_of(manifest: Manifest, terms: EventTerms) -> Leg:
    """Return the leg that ends the event: the one at the checkpoint's port, else the first (arrival: the last).

    Raises:
        GalleryError: ``gallery.other_port``: no leg touches the port.
    """
    arrives = terms.moment is Moment.ARRIVAL
    legs = manifest.legs[::-1] if arrives else manifest.legs
    touching = [leg for leg in legs if terms.port in {"", (leg.arrival if arrives else leg.departure).port}]
    if not touching:
        raise GalleryError(
            "gallery.other_port", f"No leg of the manifest has its {terms.moment} at {terms.port!r}.",
            remedy="Name the port as the manifest does, or stage the manifest at the checkpoint that it is for.",
        )  # fmt: skip
    return touching[0]


def movement_of(manifest: Manifest, terms: EventTerms) -> str:
    """Return what a re-issued manifest must say too: flight, ports and what the list lists; times may change."""
    leg = leg_of(manifest, terms)
    return f"{leg.flight} {leg.departure.port}-{leg.arrival.port} {manifest.list_kind}".strip()


def is_about(manifest: Manifest, terms: EventTerms, movement: str) -> bool:
    """Return whether a manifest is about a movement; additions and removals that name no kind of list fit any kind."""
    said = movement_of(manifest, terms)
    if terms.listed is Listed.WHOLE or manifest.list_kind not in {"status", "unstated"}:
        return said == movement
    return said.rpartition(" ")[0] == movement.rpartition(" ")[0]


def event_end(manifest: Manifest, terms: EventTerms, *, margin_minutes: int) -> Instant | None:
    """Return when the event is over, the charter's margin included, or None if the manifest does not say.

    A day without a time of day ends when that day does.

    Raises:
        GalleryError: ``gallery.zone``, ``gallery.other_port``.
    """
    leg = leg_of(manifest, terms)
    text = (leg.arrival if terms.moment is Moment.ARRIVAL else leg.departure).local_time
    if not text:
        return None
    there = datetime.fromisoformat(text).replace(tzinfo=_zone(terms.zone))
    if len(text) == _DAY_ONLY:
        there += timedelta(days=1)
    ended = there.astimezone(UTC) + timedelta(minutes=margin_minutes)
    return Instant(round(ended.timestamp() * 1000))


def expected(manifest: Manifest, terms: EventTerms) -> list[tuple[int, Traveller]]:
    """Return whom the manifest announces for this checkpoint, with their numbers from 1 in the whole file."""
    arrives = terms.moment is Moment.ARRIVAL
    return [
        (number, one)
        for number, one in enumerate(manifest.travellers, start=1)
        if not terms.port or (one.debarks if arrives else one.embarks) in {"", terms.port}
    ]


def age_at(birth: DocumentDate, now: Instant) -> int:
    """Return completed years at ``now``, -1 when the year is unknown; what is unknown makes the person younger."""
    if not birth.year:
        return -1
    day = datetime.fromtimestamp(now / 1000, UTC)
    before = (day.month, day.day) < (birth.month or 12, birth.day or 31)
    return max(-1, day.year - birth.year - before)


def band_of(age: int) -> str:
    """Return the age band that reports count by."""
    if age < 0:
        return "unknown"
    return next((name for below, name in _BANDS if age < below), "over 50")


def _zone(name: str) -> tzinfo:
    try:
        if name[:1] in {"+", "-"}:
            return datetime.strptime(name, "%z").tzinfo or UTC
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ValueError, ZoneInfoNotFoundError, OSError) as error:
        raise GalleryError(
            "gallery.zone", f"There is no time zone {name[:60]!r}.",
            remedy="Name the port's zone, such as 'Australia/Adelaide', or its distance from UTC, such as '+10:30'.",
        ) from error  # fmt: skip
