"""Everything the demo found out, ready for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from countenance.interfaces.demo.credits import Credit
from countenance.interfaces.demo.denied import Denied
from countenance.interfaces.demo.flight import Flight
from countenance.interfaces.demo.pictures import Picture
from countenance.interfaces.demo.play import Crossed
from countenance.interfaces.demo.settling import Settled
from countenance.procedures import Lane


@dataclass(frozen=True, slots=True)
class Destruction:
    """What an auditor reads of the gallery's end in the record's entries, and what became of its key."""

    closed: int
    """Entries ``gallery.closed`` of this gallery: one."""
    receipts: int
    """Entries ``erasure.receipt`` that answer it with the cause ``event_end``: one."""
    items: Mapping[str, int]
    """What the receipt says was destroyed, how many by retention class."""
    announced: int
    """How many items the entry of the end had said would go."""
    epochs: tuple[str, ...]
    """Keys that the receipt says went: everything of the flight was wrapped under them."""
    were_there: bool
    """Whether the site held them before the gate closed."""
    still_there: tuple[str, ...]
    """Those that it holds still: none."""

    @property
    def as_expected(self) -> bool:
        """Whether the end, what went and the key's absence are all there to see."""
        return (
            (self.closed, self.receipts) == (1, 1)
            and 0 < self.announced == sum(self.items.values())
            and bool(self.epochs)
            and self.were_there
            and not self.still_there
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """What outsiders could check afterwards."""

    tree_size: int
    tree_head: str
    """The signed note's text."""
    entries: int
    """Entries the site recorded; the rest of the tree are dummies that hide how many."""
    checks: tuple[tuple[str, bool], ...]
    """What the audit verified, in words, and whether it held."""
    destruction: Destruction
    ok: bool
    flipped: str
    """Which byte of a copy was changed."""
    found: str
    """What the audit said about the copy, or "" if it said nothing."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The whole demo."""

    made_at: str
    version: str
    weights: str
    land: Lane
    air: Lane
    crossings: tuple[Crossed, ...]
    flight: Flight
    denied: tuple[Denied, ...]
    settled: Settled
    proof: Proof
    pictures: Mapping[str, Picture]
    credits: tuple[Credit, ...]
    seconds: float

    @property
    def as_expected(self) -> bool:
        """Whether everything went as the story says, and the audit found what it must and nothing else."""
        return (
            all(item.as_expected for item in self.crossings)
            and self.flight.as_expected
            and all(item.as_expected for item in self.denied)
            and self.settled.as_expected
            and self.proof.ok
            and self.proof.destruction.as_expected
            and bool(self.proof.found)
        )
