"""The impostor tail: what ranks 2 … N of searches that happen anyway say about false matches, without labels or faces.

In a closed gallery everybody whom a search returns besides the person it found is a stranger to the probe. Their
scores are the right-hand tail of the non-mated distribution *here, today*: counted in bins a hundredth wide, with no
id. The ten candidates that every search returns are used and no comparison is made for this; the list is complete for
every level above its last score. Searches that found nobody are left out whole: their best may be the person or a
stranger, so keeping it would put mates into the tail, and dropping it would take the tail's best stranger out.

A stranger at or near the threshold may be a false match in waiting, a relative, or the same person enrolled twice;
they cannot be told apart without looking, so they are flagged and kept apart, and in every bound counted as the worst.

**The test.** The first searches teach a level that a stranger reaches in one search of twenty or fewer, and how often.
Then each search in which a stranger reaches it adds ln 5, and each comparison takes off four times the learnt rate: a
CUSUM of a Poisson rate five times the learnt one, which a tenfold false match rate at the threshold brings about at the
level (further down the tail it grows less). A search counts once, however many strangers it shows (a probe that
resembles everybody, a "wolf"), and the limit is far above what independence needs: a flight of people who resemble each
other is no change of the system. 150 nats are two flights of 420 with five times the usual rate, one after the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor, sqrt

from countenance.evaluate.drift.rates import Insufficient, Z, upper_limit
from countenance.terms import Count, Counted, JsonObject

SEARCHES, COMPARISONS, FLAGGED, BEST, STRANGERS, COMPLETE = (
    "tail.searches", "tail.comparisons", "tail.flagged", "tail.best", "tail.strangers", "tail.complete",
)  # fmt: skip
"""Kinds of counts. BEST: the best stranger not flagged, one a search; STRANGERS: all of them that the list shows;
COMPLETE: the lowest level from which the list is complete, one a search. Cells of these are bins, others have one."""
ALL = "all"
"""The only cell of a kind without bins; FLAGGED has ALL (searches) and NEARBY (comparisons)."""
NEARBY = "comparisons"
BINS_PER_UNIT = 100
NEAR = 0.05
"""A stranger at most this far below the threshold is flagged."""

BASELINE_SEARCHES = 4_000
"""Searches from which the level is learnt: about ten flights, so that no single one decides."""
BASELINE_SHARE = 20
"""At the level at most one search in so many shows a stranger."""
LEAST_HITS = 30
HIT = 1_609_438
"""ln 5 in millionths of a nat."""
RATIO = 5
TAIL_LIMIT = 150_000_000
"""In millionths of a nat."""
LEAST_DAYS = 10
"""Days from which the field's false match rate is bounded: galleries and people of a day belong together."""


def bin_of(score: float) -> int:
    """Return a score's bin: its lower end in hundredths."""
    return min(max(floor(score * BINS_PER_UNIT), -BINS_PER_UNIT), BINS_PER_UNIT)


def search_counts(
    ranked: Sequence[tuple[str, float]], *, found: str, gallery_size: int, threshold: float
) -> tuple[Count, ...]:
    """Return what one search that found ``found`` adds to the counts.

    ``ranked`` is every candidate's person and score, best first; "" is somebody who left the gallery meanwhile and is
    not counted. Further references of the person found are no strangers.
    """
    own = sum(person == found for person, _ in ranked)
    strangers = [(person, score) for person, score in ranked if person not in {found, ""}]
    near = {person for person, score in strangers if score >= threshold - NEAR}
    bins = Counter(bin_of(score) for person, score in strangers if person not in near)
    complete = bin_of(ranked[-1][1]) + 1 if 0 < len(ranked) < gallery_size else -BINS_PER_UNIT
    counts = [
        Count(SEARCHES, ALL, 1),
        Count(COMPARISONS, ALL, max(gallery_size - own, 0)),
        Count(COMPLETE, str(complete), 1),
        *(Count(STRANGERS, str(level), number) for level, number in sorted(bins.items())),
    ]
    if near:
        counts += [Count(FLAGGED, ALL, 1), Count(FLAGGED, NEARBY, sum(person in near for person, _ in strangers))]
    elif bins:
        counts.append(Count(BEST, str(max(bins)), 1))
    return tuple(counts)


@dataclass(frozen=True, slots=True)
class TailState:
    """Where the test stands; whole numbers, so that it survives restarts as it is."""

    learnt_with: str
    """Weights and operating point that the baseline belongs to; with others it is learnt anew."""
    searches: int = 0
    """Of the baseline while it is learnt; since it was learnt, or since the last signal, afterwards."""
    comparisons: int = 0
    flagged: int = 0
    best: tuple[tuple[int, int], ...] = ()
    """While learning: (bin, searches)."""
    level: int | None = None
    """The level in hundredths, or None while learning."""
    base_searches: int = 0
    base_comparisons: int = 0
    base_hits: int = 0
    total: int = 0
    """The sum in millionths of a nat."""

    @property
    def rate(self) -> float:
        """The learnt share of searches that show a stranger at or above the level."""
        return self.base_hits / max(self.base_searches, 1)

    def expected(self, times: float) -> float:
        """Return about how many searches a signal takes when the rate of strangers grows so many times.

        A search counts once, so the share of searches saturates; infinite where the test does not notice.
        """
        share = 1 - (1 - self.rate) ** times
        drift = HIT * share - (RATIO - 1) * 1_000_000 * self.rate
        return TAIL_LIMIT / drift if drift > 0 else float("inf")

    def as_json(self) -> JsonObject:
        """Return the state as JSON without floats."""
        return {
            "learnt_with": self.learnt_with, "searches": self.searches, "comparisons": self.comparisons,
            "flagged": self.flagged, "best": [list(pair) for pair in self.best], "level": self.level,
            "base_searches": self.base_searches, "base_comparisons": self.base_comparisons,
            "base_hits": self.base_hits, "total": self.total,
        }  # fmt: skip

    @classmethod
    def from_json(cls, fields: Mapping[str, object]) -> TailState:
        """Return the state that :meth:`as_json` wrote."""
        values = dict(fields)
        best = values.pop("best")
        assert isinstance(best, list)  # noqa: S101 - as_json wrote a list
        return cls(**values, best=tuple((int(a), int(b)) for a, b in best))  # type: ignore[arg-type] # own fields


def advance(state: TailState, more: Mapping[tuple[str, str], int]) -> tuple[TailState, bool]:
    """Return the state after more searches, given as counts by (kind, cell), and whether it signals."""
    searches, flagged = more.get((SEARCHES, ALL), 0), more.get((FLAGGED, ALL), 0)
    comparisons = more.get((COMPARISONS, ALL), 0)
    best = {int(cell): number for (kind, cell), number in more.items() if kind == BEST}
    grown = replace(state, searches=state.searches + searches)
    if state.level is None:
        seen = Counter(dict(state.best))
        seen.update(best)
        grown = replace(
            grown, comparisons=state.comparisons + comparisons, flagged=state.flagged + flagged,
            best=tuple(sorted(seen.items())),
        )  # fmt: skip
        return _learnt(grown), False
    hits = flagged + sum(number for level, number in best.items() if level >= state.level)
    off = (RATIO - 1) * 1_000_000 * state.base_hits * comparisons // max(state.base_comparisons, 1)
    total = max(state.total + HIT * hits - off, 0)
    if total >= TAIL_LIMIT:
        return replace(grown, total=0, searches=0), True
    return replace(grown, total=total), False


def _learnt(state: TailState) -> TailState:
    """Return the state with its level chosen, once there are searches enough, and strangers to choose by."""
    if state.searches < BASELINE_SEARCHES:
        return state
    passing = state.searches - state.flagged
    above, chosen = 0, None
    for level, number in sorted(state.best, reverse=True):
        if (above + number) * BASELINE_SHARE > passing:
            break
        above, chosen = above + number, level
    if chosen is None or above < LEAST_HITS:
        return state
    return TailState(
        state.learnt_with, level=chosen, base_searches=state.searches, base_comparisons=state.comparisons,
        base_hits=above + state.flagged,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TailReport:
    """What the strangers' scores of the period say."""

    searches: int
    comparisons: int
    flagged_searches: int
    """Searches in which somebody else came at or near the threshold: false match, relative, or enrolled twice."""
    flagged_comparisons: int
    flagged_share: float
    """Upper 95 % limit of the share of such searches: above it no more than one in so many can be false."""
    bound: TailBound | Insufficient
    """``Insufficient`` counts days."""


@dataclass(frozen=True, slots=True)
class TailBound:
    """An upper bound on the false match rate at the threshold: a stranger who reaches it reaches every level below."""

    level: int
    """The highest level that enough strangers reached, in hundredths."""
    strangers: int
    fmr: float
    """Strangers at or above the level ÷ comparisons, flagged ones counted as strangers."""
    high: float
    """Its upper 97.5 % limit, from the variation between days."""


def tail_report(counts: Iterable[Counted], *, threshold: float) -> TailReport:
    """Return what one checkpoint's stored counts say about the strangers' tail below its ``threshold``."""
    days: dict[int, dict[tuple[str, str], int]] = {}
    for row in counts:
        if row.kind.startswith("tail."):
            cells = days.setdefault(row.day, {})
            cells[row.kind, row.cell] = cells.get((row.kind, row.cell), 0) + row.number

    def total(kind: str, cell: str = ALL) -> int:
        return sum(day.get((kind, cell), 0) for day in days.values())

    searches, flagged = total(SEARCHES), total(FLAGGED)
    return TailReport(
        searches=searches, comparisons=total(COMPARISONS), flagged_searches=flagged,
        flagged_comparisons=total(FLAGGED, NEARBY), flagged_share=upper_limit(flagged, searches) if searches else 1.0,
        bound=_bound(list(days.values()), bin_of(threshold - NEAR)),
    )  # fmt: skip


def _bound(days: Sequence[Mapping[tuple[str, str], int]], highest: int) -> TailBound | Insufficient:
    """Return the bound at the highest level with enough strangers, above which every list is complete."""
    used = [day for day in days if day.get((COMPARISONS, ALL), 0)]
    if len(used) < LEAST_DAYS:
        return Insufficient(len(used), LEAST_DAYS)
    complete = max(int(cell) for day in used for kind, cell in day if kind == COMPLETE)
    for level in range(highest, complete - 1, -1):
        reached = [_reaching(day, level) for day in used]
        if sum(reached) >= LEAST_HITS and sum(map(bool, reached)) >= LEAST_DAYS:
            fmr, high = _ratio(reached, [day[COMPARISONS, ALL] for day in used])
            return TailBound(level, sum(reached), fmr, high)
    return Insufficient(0, LEAST_HITS)


def _reaching(day: Mapping[tuple[str, str], int], level: int) -> int:
    at_least = (number for (kind, cell), number in day.items() if kind == STRANGERS and int(cell) >= level)
    return sum(at_least) + day.get((FLAGGED, NEARBY), 0)


def _ratio(counts: Sequence[int], sizes: Sequence[int]) -> tuple[float, float]:
    """Return the ratio of two sums over days and its upper 97.5 % limit (linearised, days as clusters, Student's t).

    Never narrower than counts that come nine at a time, as many as one list can show.
    """
    days, events, size = len(counts), sum(counts), sum(sizes)
    ratio = events / size
    spread = sum((count - ratio * one) ** 2 for count, one in zip(counts, sizes, strict=True))
    error = sqrt(max(spread * days / (days - 1), 9 * events)) / size
    return ratio, min(ratio + _student(days - 1) * error, 1.0)


def _student(freedom: int) -> float:
    """Return the 97.5 % point of Student's t for 9 degrees of freedom and more (Cornish-Fisher, within 0.001)."""
    first = (Z**3 + Z) / (4 * freedom)
    second = (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * freedom**2)
    third = (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / (384 * freedom**3)
    return Z + first + second + third
