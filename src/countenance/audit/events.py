"""Recorded events as an auditor reads them: facts that were verified against the tree, asked for field by field."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .claims import Wrong, read_time
from .strict_json import Value

_ORDER = {
    "encounter.opened": 0, "attempt.answered": 1, "encounter.opted_out": 2, "referral.raised": 3,
    "referral.stepped": 4,
}  # fmt: skip
"""What comes first of what happened at the same millisecond."""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry whose facts are there."""

    called: str
    """How faults name it."""
    commitment: bytes
    include_by_ms: int
    facts: Mapping[str, Value]
    salt: bytes

    @property
    def kind(self) -> str:
        """Return which event it is: "encounter.opened" …; "" where it does not say."""
        return self.text("event")

    def text(self, name: str) -> str:
        """Return a field's text, "" where there is none."""
        value = self.facts.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """Return a field's whole number, -1 where there is none."""
        value = self.facts.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else -1

    def texts(self, name: str) -> list[str]:
        """Return a field's list of texts; empty where there is none."""
        value = self.facts.get(name)
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []

    def time(self, name: str) -> int:
        """Return a field's time in milliseconds since 1970, -1 where there is none."""
        try:
            return read_time(self.facts, name, "")
        except Wrong:
            return -1

    @property
    def order(self) -> tuple[int, int, int]:
        """Return what sorts events by when they happened."""
        return self.time("time"), _ORDER.get(self.kind, 9), self.number("attempt")


@dataclass(frozen=True, slots=True)
class Erased:
    """An entry whose facts are gone."""

    called: str
    commitment: bytes
    include_by_ms: int
    erased_by: str


@dataclass(slots=True)
class Excuses:
    """Entries whose facts are gone: each accounts for one event that is missed, recorded no later than it was due."""

    dues: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, erased: Iterable[Erased]) -> Excuses:
        """Return what these entries can account for."""
        return cls(sorted(entry.include_by_ms for entry in erased))

    def excuse(self, before: Event) -> bool:
        """Return whether one entry that was recorded no later than ``before`` is left, and use it up."""
        at = bisect_right(self.dues, before.include_by_ms)
        if not at:
            return False
        del self.dues[at - 1]
        return True
