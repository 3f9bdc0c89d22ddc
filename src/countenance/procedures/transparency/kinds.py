"""What is counted for the public, read from an entry's facts: whoever holds the facts can count again.

An encounter is counted once, by how it ended, and no total is counted: totals are sums of what is published
(``document``), so nothing that is kept in can be computed from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from countenance.terms import JsonObject

PUBLIC = "public"
"""The aggregates' kind under which all of this is counted; cells are the values of :class:`Kind`."""


class Kind(StrEnum):
    """One series of counts; the order is that in which they are shown, and closed."""

    MATCHES = "matches"
    NOT_MATCHED = "not-matched"
    """Compared, not matched, and so referred to an officer."""
    NOT_COMPARED = "not-compared"
    """Photographed, and for a reason no comparison was made or relied on: checked by hand."""
    REFUSALS = "refusals"
    NO_CAMERA = "no-camera"
    """Ended at the opening, before any camera: too young, or a part was not there."""
    CAME_BACK = "came-back"
    """Referred at the opening, before any camera, because an earlier referral of the same person is still open."""
    OFFICER_REFERRALS = "officer-referrals"
    """Referred by an officer, whatever was answered."""
    REVIEWS = "reviews"
    """A human ended a referral: cleared the person, or decided on a fact that has nothing to do with looks."""
    CONTESTS_REVIEWED = "contests-reviewed"
    ALERTS_CONFIRMED = "alerts-confirmed"
    ALERTS_REJECTED = "alerts-rejected"
    ERASURES = "erasures"
    """Receipts of erasure but those of clocks: these run out a fixed time after each person, and would tell of them."""


OF_THE_SITE = frozenset({Kind.ERASURES})
"""Counted for the site as a whole, because an erasure has no checkpoint."""
OF_SCREENING = frozenset({Kind.ALERTS_CONFIRMED, Kind.ALERTS_REJECTED})

WITHIN: Mapping[Kind, frozenset[Kind]] = {
    Kind.REVIEWS: frozenset({Kind.NOT_MATCHED, Kind.CAME_BACK, Kind.OFFICER_REFERRALS}),
    Kind.CONTESTS_REVIEWED: frozenset({Kind.REVIEWS}),
}
"""What can never be more, up to any moment, than these together: nobody reviews what was not referred."""

ENTRIES: Mapping[Kind, int] = {
    Kind.MATCHES: 2, Kind.NOT_MATCHED: 3, Kind.NOT_COMPARED: 2, Kind.REFUSALS: 2, Kind.CAME_BACK: 2,
}  # fmt: skip
"""How many entries one of these leaves at least; of every other kind, one."""
MOST_ENTRIES = 5
"""What one person's passage may leave in these counts: opened, answered, referred, reviewed, and a contest reviewed."""

TOTALS: Mapping[str, tuple[Kind, ...]] = {
    "encounters": (Kind.MATCHES, Kind.NOT_MATCHED, Kind.NOT_COMPARED, Kind.REFUSALS, Kind.NO_CAMERA, Kind.CAME_BACK),
    "captures": (Kind.MATCHES, Kind.NOT_MATCHED, Kind.NOT_COMPARED),
    "referrals": (Kind.NOT_MATCHED, Kind.CAME_BACK, Kind.OFFICER_REFERRALS),
}
"""Sums of published numbers, and of nothing else."""

_ANSWERS = {
    "match": Kind.MATCHES, "no_match": Kind.NOT_MATCHED, "referred": Kind.NOT_MATCHED,
    "not_compared": Kind.NOT_COMPARED,
}  # fmt: skip
_STEPS = {
    "clear": Kind.REVIEWS, "find": Kind.REVIEWS, "uphold": Kind.CONTESTS_REVIEWED, "correct": Kind.CONTESTS_REVIEWED,
}  # fmt: skip
_OPENINGS = {"not_compared": Kind.NO_CAMERA, "referred": Kind.CAME_BACK}
_TABLES: Mapping[str, tuple[Mapping[str, Kind], str]] = {
    "attempt.answered": (_ANSWERS, "decision"), "encounter.opened": (_OPENINGS, "decision"),
    "referral.stepped": (_STEPS, "step"),
}  # fmt: skip
"""For an event, what it counts as by one of its fields."""


def kind_of(facts: JsonObject) -> Kind | None:
    """Return what an entry counts as, or None: most events count as nothing."""
    event = facts.get("event")
    table, field = _TABLES.get(str(event), ({}, ""))
    if event == "referral.raised":
        return Kind.OFFICER_REFERRALS if facts.get("by") else None
    if event == "erasure.receipt":
        return None if facts.get("cause") == "clock" else Kind.ERASURES
    if event == "encounter.opted_out":
        return Kind.REFUSALS
    return table.get(str(facts.get(field)))


def place_of(kind: Kind, facts: JsonObject) -> str:
    """Return the checkpoint an entry counts for, or "" for the site."""
    return "" if kind in OF_THE_SITE else str(facts.get("checkpoint", ""))
