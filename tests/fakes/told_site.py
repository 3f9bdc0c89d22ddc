"""A site that only counts and tells: real counts, runs and document, a log that is only as long as it has to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from types import SimpleNamespace
from typing import Any

from countenance.authority import parse_charter
from countenance.decision import parse_operating_point
from countenance.procedures import Lane, Lanes, Shelf, Transparency
from countenance.procedures.transparency.kinds import ENTRIES, OF_THE_SITE, PUBLIC, Kind
from countenance.terms import DAY_MS, Count, Instant
from fakes.aggregates import MemoryAggregateStore
from fakes.points import TRIAL_POINT
from fakes.world import POINT, START, MovableClock, land_charter

FIRST = START // DAY_MS
FAR = Instant(2**50)


def lanes() -> Lanes:
    """Return the lanes of one charter: lane-1 and lane-2."""
    charter = parse_charter(land_charter())
    point = parse_operating_point(TRIAL_POINT, trusted=frozenset({POINT}))
    return Lanes({one.checkpoint_id: Lane(one, charter, point) for one in charter.checkpoints})


@dataclass
class ToldSite:
    """What happened, day by day, and everything that the public saw of it."""

    clock: MovableClock = field(default_factory=MovableClock)
    aggregates: MemoryAggregateStore = field(default_factory=MemoryAggregateStore)
    heads: list[tuple[Instant, int]] = field(default_factory=list)
    """When a tree head was published, and its size."""
    happened: Counter[tuple[str, Kind, int]] = field(default_factory=Counter)
    """How many of a kind, at a place, on a day."""
    documents: list[Mapping[str, Any]] = field(default_factory=list)
    """As they were told, one a day."""

    def __post_init__(self) -> None:
        """Begin to tell before anything happens."""
        self.lanes = lanes()
        self.transparency = Transparency(self.clock, self, self.lanes, "test/log", {}, lambda: None, Shelf())
        self.transparency.tick()

    @contextmanager
    def read(self) -> Iterator[Any]:
        """Return a transaction."""
        yield SimpleNamespace(
            aggregates=self.aggregates, record=SimpleNamespace(size_before=self.size_before),
            access=SimpleNamespace(partners=lambda: ()), commit=lambda: None,
        )  # fmt: skip

    write = read

    def size_before(self, instant: Instant) -> int:
        """Return the log's size then."""
        return max((size for at, size in self.heads if at < instant), default=0)

    def day(self, counts: Mapping[tuple[str, Kind], int], *, others: int = 0, batches: int = 1) -> None:
        """Let a day pass: events are counted and logged in padded batches, and two hours after midnight all is told."""
        today = self.clock.now() // DAY_MS
        entries = others
        for (place, kind), number in counts.items():
            at = "" if kind in OF_THE_SITE else place
            self.happened[at, kind, today] += number
            self.aggregates.add(today, at, [Count(PUBLIC, kind, number)], expires_at=FAR)
            entries += number * ENTRIES.get(kind, 1)
        for batch in range(batches):
            pending = entries // batches + (entries % batches if batch == 0 else 0)
            grown = max(64, 1 << (pending - 1).bit_length()) if pending else 64
            self.heads.append((self.clock.now(), self.size_before(FAR) + grown))
        self.clock.instant = Instant((today + 1) * DAY_MS + 7_200_000)
        self.transparency.tick()
        self.documents.append(self.transparency.page().content)


def random_day(random: Random, site: ToldSite, busy: Mapping[tuple[str, Kind], float]) -> dict[tuple[str, Kind], int]:
    """Return a day's counts, around ``busy`` of each; nobody reviews what was not referred."""
    drawn = {key: random.choice((0, round(random.expovariate(1 / mean)))) if mean else 0 for key, mean in busy.items()}
    for place in site.lanes.by_checkpoint:
        for kind, around in (
            (Kind.REVIEWS, (Kind.NOT_MATCHED, Kind.CAME_BACK, Kind.OFFICER_REFERRALS)),
            (Kind.CONTESTS_REVIEWED, (Kind.REVIEWS,)),
        ):  # fmt: skip
            so_far = sum(number for (at, one, _), number in site.happened.items() if at == place and one in around)
            most = so_far + sum(drawn.get((place, one), 0) for one in around)
            most -= sum(number for (at, one, _), number in site.happened.items() if (at, one) == (place, kind))
            if (place, kind) in drawn:
                drawn[place, kind] = min(drawn[place, kind], most)
    return drawn
