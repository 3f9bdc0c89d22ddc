"""A question about authority in words, and its answer as it travels: shared by the command line, HTTP and the demo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from countenance.interfaces.durations import parse_day
from countenance.terms import DAY_MS, UNKNOWN, Action, Actor, Eligibility, Explanation, Instant, Role, iso, parse_iso

MIDDAY_MS = DAY_MS // 2
_DAY_LENGTH = len("2025-12-26")


def actor_named(text: str) -> Actor:
    """Return the actor that ``operator:17`` names: role, colon, post; a device's post is its id.

    Raises:
        ValueError: no such role.
    """
    role = Role(text.partition(":")[0])
    return Actor(text, role, text.partition(":")[2] if role is Role.DEVICE else "")


def action_named(text: str) -> Action:
    """Return the action, hyphens or not.

    Raises:
        ValueError: no such action.
    """
    return Action(text.replace("-", "_"))


def moment_named(text: str) -> Instant:
    """Return a moment; a day alone means its midday in UTC, so that it is the same day in every zone of a continent.

    Raises:
        ValueError: neither a day nor a moment.
    """
    if len(text) == _DAY_LENGTH:
        return Instant(parse_day(text) * DAY_MS + MIDDAY_MS)
    return parse_iso(text)


def person_named(person_class: str, age: int) -> Eligibility | None:
    """Return the person a question is about, or None where it is about nobody."""
    if not person_class and age < 0:
        return None
    return Eligibility(person_class or UNKNOWN, age, -1, refusal_offered=False)


def explanation_data(answer: Explanation) -> Mapping[str, Any]:
    """Return an explanation as JSON."""
    return {
        "allowed": answer.allowed,
        "as": answer.actor.actor_id,
        "action": answer.action.value,
        "at": answer.checkpoint_id,
        "on": iso(answer.at),
        "charter": answer.charter,
        "rules": [{"rule": item.rule_id, "passes": item.passes, "sentence": item.sentence} for item in answer.findings],
    }
