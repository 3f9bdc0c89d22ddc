"""When a manifest's event is, and how old people are at it."""

from __future__ import annotations

from datetime import date

import pytest

from countenance.documents import read_manifest
from countenance.procedures.events import age_at, band_of, event_end, expected
from countenance.terms import iso, parse_iso
from countenance.terms.documents import DocumentDate, Manifest
from countenance.terms.staging import EventTerms, Moment
from fakes.flights import manifest

NOW = parse_iso("2026-12-01T08:00:00Z")


def read(departs: str) -> Manifest:
    """Return a manifest of a flight that leaves then."""
    return read_manifest(manifest(("ann",), departs=departs), today=date(2026, 12, 1))


@pytest.mark.parametrize(
    "departs, zone, end",
    [
        ("2026-12-01T10:00", "UTC", "2026-12-01T10:30:00.000Z"),
        ("2026-12-01T10:00", "+10:30", "2026-12-01T00:00:00.000Z"),
        ("2026-12-01T10:00", "Australia/Adelaide", "2026-12-01T00:00:00.000Z"),
        ("2026-12-01", "UTC", "2026-12-02T00:30:00.000Z"),
    ],
)
def test_an_event_ends_by_the_ports_own_clock(departs: str, zone: str, end: str) -> None:
    """Departure in the port's zone, and the margin; a day alone ends with that day."""
    found = event_end(read(departs), EventTerms(zone=zone), margin_minutes=30)
    assert found is not None
    assert iso(found) == end


def test_what_is_not_stated_is_not_guessed() -> None:
    """A manifest without the time that counts has no end of its own."""
    assert event_end(read(""), EventTerms(), margin_minutes=30) is None
    assert event_end(read("2026-12-01T10:00"), EventTerms(moment=Moment.ARRIVAL), margin_minutes=30) is None


def test_a_checkpoint_expects_those_of_its_port() -> None:
    """Who embarks elsewhere is not expected there; numbers count the whole file."""
    whole = read("2026-12-01T10:00")
    assert [number for number, _ in expected(whole, EventTerms(port="UTA"))] == [1]


@pytest.mark.parametrize(
    "birth, age",
    [
        ((2012, 12, 1), 14), ((2012, 12, 2), 13), ((2012, 0, 0), 13), ((2012, 11, 0), 14), ((2012, 12, 0), 13),
        ((0, 1, 1), -1), ((2027, 1, 1), -1),
    ],
)  # fmt: skip
def test_an_unknown_part_makes_younger(birth: tuple[int, int, int], age: int) -> None:
    """Nobody is taken for older than the document says."""
    assert age_at(DocumentDate(*birth), NOW) == age


def test_bands() -> None:
    """Reports count by band."""
    assert [band_of(age) for age in (-1, 13, 14, 25, 26, 50, 51)] == [
        "unknown", "under 14", "14-25", "14-25", "26-50", "26-50", "over 50",
    ]  # fmt: skip
