"""Everything the demo found out, ready for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from countenance.interfaces.demo.credits import Credit
from countenance.interfaces.demo.denied import Denied
from countenance.interfaces.demo.pictures import Picture
from countenance.interfaces.demo.play import Crossed, Staged
from countenance.interfaces.demo.settling import Settled
from countenance.procedures import Lane


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
    staged: tuple[Staged, ...]
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
            and all(item.as_expected for item in self.staged)
            and all(item.as_expected for item in self.denied)
            and self.settled.as_expected
            and self.proof.ok
            and bool(self.proof.found)
        )
