"""Honest denominators: of the people presented, how many were captured, matched, refused, cleared by hand, or lost.

People presented come from a boarding count or an officer's tally, never from attempts (CBP-8): a person whom nobody
stood before the camera leaves no attempt. The ways in which a passage ends are counted once a person, by the service.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from countenance.evaluate.drift.rates import Insufficient, Rate, rate
from countenance.terms import CAPTURED, Counted, Ended, TallySource

ENDED, MISSED, CLEARED = "ended", "missed", "cleared"
"""Kinds of counts: how a passage ended, why there was no usable photograph, why people were cleared by hand."""
PEOPLE, EXEMPT = "people", "exempt"
"""Cells of a tally."""

_LOST = (Ended.REFERENCE, Ended.CAPTURE, Ended.ATTACK_DETECTION, Ended.MATCHING, Ended.UNAVAILABLE)


def presented_kind(source: TallySource) -> str:
    """Return the kind under which tallies of this source are counted."""
    return f"presented.{source}"


@dataclass(frozen=True, slots=True)
class Denominators:
    """Sums over days with a usable tally, but for ``all_captured`` and ``all_matched``, which are over every day."""

    days: int
    """Days with a usable tally."""
    days_without_tally: int
    """Days on which people crossed and nobody counted them: left out of every share of people presented."""
    days_inconsistent: int
    """Days on which more people ended somehow than were in scope: their tally is wrong, they are left out too."""
    presented: int
    exempt: int
    """Not in scope: nobody of their age may be compared."""
    in_scope: int
    captured: int
    matched: int
    opted_out: int
    cleared: Mapping[str, int]
    """Cleared by hand without an answer of the service, by reason."""
    missed: Mapping[str, int]
    """Sent to the manual check by the service for want of a usable photograph or part, by reason."""
    unexplained: int
    """In scope, and neither captured, nor opted out, nor cleared or sent to a manual check: nobody knows."""
    budget: Mapping[str, int]
    """Where people in scope were lost, by the classes of NISTIR 8381 (N-4), then by hand and unexplained.

    With ``matched`` and ``opted_out`` these add up to ``in_scope``.
    """
    all_captured: int
    all_matched: int

    @property
    def capture_rate(self) -> Rate | Insufficient:
        """Captured ÷ in scope (CBP-8)."""
        return rate(self.captured, self.in_scope)

    @property
    def match_rate(self) -> Rate | Insufficient:
        """Matched ÷ captured (CBP-6), over every day."""
        return rate(self.all_matched, self.all_captured)

    @property
    def confirmation_rate(self) -> Rate | Insufficient:
        """Matched ÷ in scope: what the matcher's rate hides (CBP-10)."""
        return rate(self.matched, self.in_scope)

    @property
    def refusal_rate(self) -> Rate | Insufficient:
        """Opted out ÷ in scope."""
        return rate(self.opted_out, self.in_scope)


@dataclass(frozen=True, slots=True)
class _Day:
    presented: int
    exempt: int
    ended: Counter[str]
    missed: Counter[str]
    cleared: Counter[str]
    tallied: bool

    @property
    def in_scope(self) -> int:
        return self.presented - self.exempt

    @property
    def unexplained(self) -> int:
        apart = self.ended.total() - self.ended[Ended.EXEMPT]
        return self.in_scope - apart - self.cleared.total()


def denominators(counts: Iterable[Counted]) -> Denominators:
    """Return the denominators of one checkpoint from its stored counts.

    A day's boarding count goes before an officer's tally. A day without a tally, or with one that is too small for what
    the service itself saw, is left out and counted: a wrong denominator is worse than none.
    """
    days = [_day(rows) for rows in _by_day(counts).values()]
    usable = [day for day in days if day.tallied and day.unexplained >= 0]
    ended = sum((day.ended for day in usable), Counter[str]())
    cleared = sum((day.cleared for day in usable), Counter[str]())
    unexplained = sum(day.unexplained for day in usable)
    everywhere = sum((day.ended for day in days), Counter[str]())
    return Denominators(
        days=len(usable),
        days_without_tally=sum(not day.tallied for day in days),
        days_inconsistent=sum(day.tallied and day.unexplained < 0 for day in days),
        presented=sum(day.presented for day in usable),
        exempt=sum(day.exempt for day in usable),
        in_scope=sum(day.in_scope for day in usable),
        captured=sum(ended[way] for way in CAPTURED),
        matched=ended[Ended.MATCHED],
        opted_out=ended[Ended.OPTED_OUT],
        cleared=dict(cleared),
        missed=dict(sum((day.missed for day in usable), Counter[str]())),
        unexplained=unexplained,
        budget={
            **{str(way): ended[way] for way in _LOST}, "cleared-by-hand": cleared.total(), "unexplained": unexplained,
        },
        all_captured=sum(everywhere[way] for way in CAPTURED),
        all_matched=everywhere[Ended.MATCHED],
    )  # fmt: skip


def _by_day(counts: Iterable[Counted]) -> dict[int, list[Counted]]:
    wanted = {ENDED, MISSED, CLEARED, *map(presented_kind, TallySource)}
    days: dict[int, list[Counted]] = {}
    for row in counts:
        if row.kind in wanted:
            days.setdefault(row.day, []).append(row)
    return days


def _day(rows: Iterable[Counted]) -> _Day:
    cells: dict[str, Counter[str]] = {}
    for row in rows:
        cells.setdefault(row.kind, Counter())[row.cell] += row.number
    tallies = [cells[kind] for kind in map(presented_kind, TallySource) if kind in cells]
    tally = tallies[0] if tallies else Counter[str]()
    ended = cells.get(ENDED, Counter())
    return _Day(
        presented=tally[PEOPLE],
        exempt=tally[EXEMPT] + ended[Ended.EXEMPT],
        ended=ended,
        missed=cells.get(MISSED, Counter()),
        cleared=cells.get(CLEARED, Counter()),
        tallied=bool(tallies),
    )
