"""What a comparison means under a charter: four outcomes, and the rules that fired."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The word a device receives."""

    MATCH = "match"
    NO_MATCH = "no_match"
    NOT_COMPARED = "not_compared"
    REFERRED = "referred"
    RETRY = "retry"
    OPTED_OUT = "opted_out"
    OPENED = "opened"


class NextStep(StrEnum):
    """What happens to the person now. Adverse decisions are never among them: those are a human's."""

    PROCEED = "proceed"
    REFER_TO_OFFICER = "refer_to_officer"
    MANUAL_CHECK = "manual_check"
    TRY_AGAIN = "try_again"
    CAPTURE = "capture"


EARLIER_REFERRAL = "earlier_referral"
"""Reason of a referral without a comparison: the same person's earlier one is still in secondary inspection."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule that fired, in the order in which it was tried."""

    rule_id: str
    """Stable, such as "score-at-or-above-threshold"."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Match:
    """The score reached the threshold: proceed, unless an officer refers all the same."""

    reference_id: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class NoMatch:
    """The score stayed below the threshold: refer to an officer. Nearly always an innocent person (SYSTEMS §6.2)."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class NotCompared:
    """No comparison was made or may be relied on: ordinary manual check, and no finding about the person."""

    reason: str
    """Stable code, such as "outside_envelope.age" or "quality.too_dark"."""
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Referred:
    """The score reached the threshold, and yet a human must look (such as a second boarding)."""

    reference_id: str
    reason: str
    rules: tuple[Rule, ...]


Decision = Match | NoMatch | NotCompared | Referred
