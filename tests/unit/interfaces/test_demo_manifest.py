"""The demo's manifest is one that a carrier could send: read without a slip, with the ages that the story says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from countenance.documents import read_manifest
from countenance.interfaces.demo import story
from countenance.interfaces.demo.manifest import message
from countenance.procedures.events import age_at
from countenance.terms import Instant

DAYS = ["2026-11-25T23:30", "2028-02-29T00:00", "2027-01-01T12:00", "2026-12-31T23:59", "2027-04-10T10:00"]
"""An evening whose flight leaves on the next day, a leap day, both ends of a year, a day in spring."""


def at(text: str) -> Instant:
    """Return a time."""
    return Instant(round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000))


@pytest.mark.parametrize("day", DAYS)
def test_the_message_is_read_as_it_was_meant(day: str) -> None:
    """On any day: no finding, one leg that leaves two hours later, everybody as old as the story says."""
    now = at(day)
    text = message(story.PASSENGERS, len(story.PASSENGERS), now, copy=2)
    found = read_manifest(text.encode(), today=datetime.fromtimestamp(now / 1000, UTC).date())
    assert (found.source, found.list_kind, found.findings) == ("PAXLST D.05B", "passengers", ())
    (leg,) = found.legs
    assert (leg.flight, leg.departure.port, leg.arrival.port) == ("UT17", "UTA", "UTB")
    assert at(leg.departure.local_time) - now == 120 * 60_000
    assert [age_at(one.birth_date, now) for one in found.travellers] == [one.age for one in story.PASSENGERS]


def test_a_count_that_does_not_fit_is_the_only_slip() -> None:
    """The first message counts everybody and lists one fewer; that is its one finding."""
    text = message(story.PASSENGERS[: story.FIRST_LISTED], len(story.PASSENGERS), at(DAYS[0]), copy=1)
    found = read_manifest(text.encode(), today=datetime(2026, 11, 25, tzinfo=UTC).date())
    assert [one.code for one in found.findings] == ["people_count"]


def test_everybody_has_a_number_and_documents_of_nowhere() -> None:
    """Numbers count from 1 in the manifest's order; each document is another one, of ICAO's Utopia."""
    assert [one.number for one in story.PASSENGERS] == [*range(1, len(story.PASSENGERS) + 1)]
    text = message(story.PASSENGERS, len(story.PASSENGERS), at(DAYS[0]), copy=1)
    found = read_manifest(text.encode(), today=datetime(2026, 11, 25, tzinfo=UTC).date())
    papers = [paper for one in found.travellers for paper in one.documents]
    assert len({paper.number for paper in papers}) == len(papers) == len(story.PASSENGERS)
    assert {paper.issuer for paper in papers} == {one.nationality for one in found.travellers} == {"UTO"}
