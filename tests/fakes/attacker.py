"""Somebody who reads everything that a site tells, knows the rules, and solves for what is kept in.

All that is public becomes equations over whole numbers of events by place, kind and day. The attacker is told more than
anybody could know: where a run did not end on a day on which it might have, also whether that was because fewer than
ten were in it. Each cell that is kept in is then minimised and maximised (HiGHS); a range of one value is a disclosure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from countenance.procedures.transparency.kinds import ENTRIES, WITHIN, Kind
from countenance.procedures.transparency.runs import SMALLEST, may_end
from fakes.told_site import FIRST, ToldSite

Series = tuple[str, str]


@dataclass(frozen=True)
class Cell:
    """Days of one series whose count is kept in, and what the attacker finds of it."""

    series: Series
    since: int
    until: int
    last: bool
    """Whether a told run ended with it."""
    low: int
    high: int


class Attacker:
    """Knows documents and the log's size day by day; ``totals`` are sums that a site without suppression would tell."""

    def __init__(
        self, site: ToldSite, *, totals: Mapping[tuple[str, str], tuple[int, Iterable[Kind]]] | None = None
    ) -> None:
        """Write down what is known."""
        counts = site.documents[-1]["counts"]
        self._until = (date.fromisoformat(counts["through"]) - date(1970, 1, 1)).days
        self._series: list[Series] = [(one["checkpoint"], one["kind"]) for one in counts["series"] if one["used"]]
        self._told = {
            (one["checkpoint"], one["kind"]): [
                (_day(run["since"]), _day(run["until"]), run["number"]) for run in one["told"]
            ]
            for one in counts["series"]
        }
        self._days = self._until - FIRST + 1
        self._rows: list[tuple[dict[int, float], float, float]] = []
        for series in self._series:
            self._know_runs(site, series)
        self._know_order()
        self._know_log(site)
        for (place, _), (number, kinds) in (totals or {}).items():
            named = [one for one in self._series if one[1] in set(kinds) and place in {"", one[0]}]
            self._know({self._at(one, day): 1.0 for one in named for day in self._all_days()}, number, number)

    def _all_days(self) -> range:
        return range(FIRST, self._until + 1)

    def _at(self, series: Series, day: int) -> int:
        return self._series.index(series) * self._days + day - FIRST

    def _know(self, row: dict[int, float], low: float, high: float) -> None:
        self._rows.append((row, low, high))

    def _sum(self, series: Series, since: int, until: int) -> dict[int, float]:
        return {self._at(series, day): 1.0 for day in range(since, until + 1)}

    def _know_runs(self, site: ToldSite, series: Series) -> None:
        """Told runs are sums; wherever a run might have ended and did not for want of ten, it held nine at most."""
        for since, until, number in self._runs(series):
            if number is not None:
                self._know(self._sum(series, since, until), number, number)
            for day in range(since, until + (number is None)):
                if may_end(since, day) and _happened(site, series, since, day) < SMALLEST:
                    self._know(self._sum(series, since, day), 0, SMALLEST - 1)

    def _runs(self, series: Series) -> list[tuple[int, int, int | None]]:
        told = self._told[series]
        since = told[-1][1] + 1 if told else FIRST
        return [*told, (since, self._until, None)]

    def _know_order(self) -> None:
        """Nobody reviews what was not referred: up to no day."""
        for series in self._series:
            around = WITHIN.get(Kind(series[1]))
            for day in self._all_days() if around else ():
                row = self._sum(series, FIRST, day)
                for kind in around or ():
                    row |= dict.fromkeys(self._sum((series[0], kind.value), FIRST, day), -1.0)
                self._know(row, -np.inf, 0)

    def _know_log(self, site: ToldSite) -> None:
        """A day's events left no more entries than the log's leaves of the day; other events may fill the rest."""
        for day in self._all_days():
            start, end = (site.size_before(one * 86_400_000) for one in (day, day + 1))  # type: ignore[arg-type]
            row = {self._at(one, day): float(ENTRIES.get(Kind(one[1]), 1)) for one in self._series}
            self._know(row, 0, end - start)

    def cells(self) -> list[Cell]:
        """Return every cell that is kept in: the stretches between the days on which its run might have ended."""
        found = []
        for series in self._series:
            for since, until, number in self._runs(series):
                ends = [day for day in range(since, until + 1) if may_end(since, day) or day == until]
                if number is not None and len(ends) == 1:
                    continue  # it is told
                for start, end in zip([since, *(day + 1 for day in ends)], ends, strict=False):
                    low, high = self.range_of(self._sum(series, start, end))
                    found.append(Cell(series, start, end, number is not None and end == until, low, high))
        return found

    def range_of(self, row: dict[int, float]) -> tuple[int, int]:
        """Return the least and the most that a sum can be."""
        size = len(self._series) * self._days
        wanted = np.zeros(size)
        wanted[list(row)] = list(row.values())
        at = [(number, column) for number, (known, _, _) in enumerate(self._rows) for column in known]
        values = [value for known, _, _ in self._rows for value in known.values()]
        shape = (len(self._rows), size)
        matrix = csr_array((values, tuple(zip(*at, strict=True))), shape=shape)
        known = LinearConstraint(matrix, [low for _, low, _ in self._rows], [high for _, _, high in self._rows])
        ends = []
        for sign in (1, -1):
            solved = milp(sign * wanted, constraints=known, integrality=np.ones(size), bounds=Bounds(0, 10_000))
            assert solved.success, solved.message
            ends.append(round(sign * solved.fun))
        return ends[0], ends[1]


def _happened(site: ToldSite, series: Series, since: int, until: int) -> int:
    return sum(site.happened[series[0], Kind(series[1]), day] for day in range(since, until + 1))


def _day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days
