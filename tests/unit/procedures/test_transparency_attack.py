"""Whoever takes everything that a site publishes, over time, and solves for what it keeps in, learns nothing of it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from countenance.procedures.transparency import runs
from countenance.procedures.transparency.kinds import OF_SCREENING, TOTALS, Kind
from countenance.terms import DAY_MS
from fakes.attacker import Attacker, Cell
from fakes.told_site import ToldSite, random_day

QUIET = {
    Kind.MATCHES: 9, Kind.NOT_MATCHED: 4, Kind.NOT_COMPARED: 3, Kind.REFUSALS: 2, Kind.NO_CAMERA: 2, Kind.CAME_BACK: 1,
    Kind.OFFICER_REFERRALS: 2, Kind.REVIEWS: 5, Kind.CONTESTS_REVIEWED: 3,
}  # fmt: skip
DAYS = 24


def lived(seed: int, *, places: tuple[str, ...] = ("lane-1",), days: int = DAYS, batches: int = 1) -> ToldSite:
    """Return a site after so many days, with counts around the smallest that are told, and a log with little room."""
    random, site = Random(seed), ToldSite()  # noqa: S311 - the same site each time
    busy: dict[tuple[str, Kind], float] = {(place, kind): mean for place in places for kind, mean in QUIET.items()}
    busy["", Kind.ERASURES] = 2
    for _ in range(days):
        counts = random_day(random, site, busy)
        site.day(counts, others=random.randrange(4), batches=random.randint(1, batches))
    return site


def recovered(cells: list[Cell]) -> list[Cell]:
    """Return the cells of which something is known that was kept in.

    Nothing may be known of a stretch that was too small to tell: it takes every value from 0 to 9. Where a run ended,
    the last stretch takes at least ten values, because what came before takes ten.
    """
    return [
        cell for cell in cells if cell.high - cell.low < 9 or (not cell.last and (cell.low > 0 or cell.high < 9))
    ]  # fmt: skip


def true_totals(site: ToldSite) -> Mapping[tuple[str, str], tuple[int, tuple[Kind, ...]]]:
    """Return what the totals would be without suppression: sums of everything that happened."""
    return {
        ("lane-1", name): (
            sum(number for (place, kind, _), number in site.happened.items() if place == "lane-1" and kind in kinds),
            kinds,
        )
        for name, kinds in TOTALS.items()
    }


@pytest.mark.parametrize("seed, places, batches", [
    (1, ("lane-1",), 1), (2, ("lane-1",), 2), (3, ("lane-1",), 4), (4, ("lane-1", "lane-2"), 3),
])  # fmt: skip
def test_nothing_that_is_kept_in_can_be_computed(seed: int, places: tuple[str, ...], batches: int) -> None:
    """From documents, tree heads and rules, every count that is kept in may be anything from 0 to 9."""
    site = lived(seed, places=places, batches=batches)
    cells = Attacker(site).cells()
    assert len(cells) > 20
    assert any(cell.last for cell in cells)
    assert recovered(cells) == []


def test_true_totals_would_give_cells_away() -> None:
    """Totals of what happened, not of what is told, give cells away: this attack sees what it is there to see."""
    quiet = ToldSite()
    for _ in range(3):
        quiet.day({("lane-1", Kind.MATCHES): 20}, batches=4)
    cells = Attacker(quiet, totals=true_totals(quiet)).cells()
    exactly = [cell for cell in cells if cell.series == ("lane-1", Kind.REFUSALS)]
    assert {(cell.low, cell.high) for cell in exactly} == {(0, 0)}
    assert recovered(Attacker(quiet).cells()) == []


@pytest.mark.parametrize("rule, days, series", [
    (
        "covered",
        ({Kind.NOT_MATCHED: 30, Kind.REVIEWS: 12, Kind.CONTESTS_REVIEWED: 11},
         {Kind.REVIEWS: 9, Kind.CONTESTS_REVIEWED: 10}),
        Kind.REVIEWS,
    ),
    ("has_room", ({Kind.MATCHES: 32},), Kind.REFUSALS),
])  # fmt: skip
def test_each_rule_is_needed(
    rule: str, days: tuple[dict[Kind, int], ...], series: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the rule on reviews, or that on the log's room, a count is computed exactly; with it, nothing is."""

    def attacked() -> list[Cell]:
        site = ToldSite()
        for day in days:
            site.day({("lane-1", kind): number for kind, number in day.items()}, batches=len(days))
        return recovered(Attacker(site).cells())

    assert attacked() == []
    monkeypatch.setattr(runs, rule, lambda *_: True)
    assert any(cell.low == cell.high and cell.series == ("lane-1", series) for cell in attacked())


def test_what_was_told_stays_as_it_was() -> None:
    """Each day's document has all of the day before, unchanged, and no two told counts of a series share a day."""
    site = lived(7, places=("lane-1", "lane-2"), days=70, batches=3)
    before: set[tuple[Any, ...]] = set()
    for document in site.documents:
        told = {
            (one["checkpoint"], one["kind"], run["since"], run["until"], run["number"])
            for one in document["counts"]["series"] for run in one["told"]
        }  # fmt: skip
        assert before <= told
        before = told
    assert len(before) > 30
    ordered = sorted(before)
    assert all(a[3] < b[2] for a, b in itertools.pairwise(ordered) if a[:2] == b[:2])
    assert min(one[4] for one in ordered) >= 10


def test_totals_are_sums_of_what_is_told() -> None:
    """A checkpoint's and the site's totals are sums of told counts, and null, not 0, where nothing is told."""
    site = lived(4, places=("lane-1", "lane-2"))
    counts = site.documents[-1]["counts"]
    told = {(one["checkpoint"], one["kind"]): one["number"] for one in counts["series"]}
    for total in counts["totals"]:
        places = [total["checkpoint"]] if total["checkpoint"] else ["lane-1", "lane-2"]
        number = sum(told[place, kind] or 0 for place in places for kind in total["of"])
        assert total["number"] == (number or None)
    unused = {one["kind"] for one in counts["series"] if not one["used"]}
    assert unused == set(OF_SCREENING)
    assert {one["number"] for one in ToldSite().transparency.page().content["counts"]["series"]} == {None}


def test_days_without_a_service_are_counted_in_later() -> None:
    """A site that told nothing for a week tells the same numbers afterwards as one that told every day."""
    busy, idle = ToldSite(), ToldSite()
    for day in range(10):
        for site in (busy, idle):
            tick, site.transparency.shelf.made_at = site.transparency.shelf.made_at, site.clock.now()
            if site is busy or day == 9:
                site.transparency.shelf.made_at = tick
            site.day({("lane-1", Kind.MATCHES): 7 + day % 2, ("lane-1", Kind.REFUSALS): day}, batches=4)
            if site is idle and day < 9:
                site.transparency.shelf.made_at = type(tick)(site.clock.now() - 50_000)
    assert idle.clock.now() // DAY_MS == busy.clock.now() // DAY_MS
    assert busy.documents[-1]["counts"] == idle.documents[-1]["counts"]
