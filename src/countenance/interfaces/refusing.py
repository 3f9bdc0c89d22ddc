"""Who may refuse, in words."""

from __future__ import annotations

from countenance.bootstrap.looking import eligibility_at
from countenance.terms import EVERYONE, UNKNOWN, Charter, Instant


def classes_that_may_refuse(charter: Charter, at: Instant) -> tuple[str, ...]:
    """Return the classes that may refuse at ``at``; whoever has no rule of their own may besides."""
    rules = eligibility_at(charter, max(at, charter.valid_from))
    return tuple(rule.person_class for rule in rules.classes if rule.may_refuse)


def who_may_refuse(charter: Charter, at: Instant) -> str:
    """Return one line: classes, and whoever has no rule."""
    classes = classes_that_may_refuse(charter, at)
    return EVERYONE if EVERYONE in classes else ", ".join((*classes, UNKNOWN))
