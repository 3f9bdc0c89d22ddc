"""What a schema cannot say of one charter: names are unique, and rules about refusing hold throughout, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import pairwise

from countenance.errors import CharterError
from countenance.terms import UNKNOWN, Charter, iso

_MISSPELT = 0.85
"""How alike two names are that are one name misspelt; "citizen" and "noncitizen" are less (0.82)."""


def check_names(charter: Charter) -> None:
    """Return only if names are unique and every checkpoint's notice exists.

    Raises:
        CharterError: ``charter.duplicate_id``, ``charter.unknown_notice``.
    """
    _check_unique(
        [
            *(f"checkpoint {item.checkpoint_id!r}" for item in charter.checkpoints),
            *(f"notice {item.notice_id!r} in language {item.language!r}" for item in charter.notices),
        ]
    )
    known = {item.notice_id for item in charter.notices}
    for checkpoint in charter.checkpoints:
        if checkpoint.notice_id not in known:
            raise CharterError(
                "charter.unknown_notice",
                f"Checkpoint {checkpoint.checkpoint_id!r} posts a notice {checkpoint.notice_id!r}, which is not here.",
                remedy=f"Name one of the charter's notices: {', '.join(sorted(known))}.",
            )


def check_eligibility(charter: Charter) -> None:
    """Return only if rules about refusing are in order of their dates, one a class, and hold from the beginning on.

    Raises:
        CharterError: ``charter.eligibility_order``, ``charter.eligibility_gap``, ``charter.unknown_class``,
            ``charter.duplicate_id``.
    """
    for earlier, later in pairwise(charter.eligibility):
        if earlier.valid_from >= later.valid_from:
            raise CharterError(
                "charter.eligibility_order",
                f"Rules from {iso(later.valid_from)} stand after rules from {iso(earlier.valid_from)}.",
                remedy="Put the rules under 'eligibility' in order of valid_from, each date once.",
            )
    beginning = charter.eligibility[0].valid_from
    if beginning > charter.valid_from:
        raise CharterError(
            "charter.eligibility_gap",
            f"The charter begins on {iso(charter.valid_from)}, its first rules about refusing on {iso(beginning)}.",
            remedy="Add the rules that hold from the beginning, or let the charter begin later.",
        )
    _check_classes(charter)
    for rules in charter.eligibility:
        _check_unique(f"class {item.person_class!r} from {iso(rules.valid_from)} on" for item in rules.classes)


def _check_classes(charter: Charter) -> None:
    """Refuse a class with clocks and no rule, and one that replaces another of nearly the same name on a later date."""
    ruled = sorted({rule.person_class for rules in charter.eligibility for rule in rules.classes})
    for item in charter.class_retention:
        if item.person_class not in {UNKNOWN, *ruled}:
            raise _unknown_class("retention_by_class", item.person_class, ruled)
    for earlier, later in pairwise(charter.eligibility):
        before, after = ({rule.person_class for rule in rules.classes} for rules in (earlier, later))
        for name in sorted(after - before):
            gone = sorted(before - after)
            if get_close_matches(name, gone, n=1, cutoff=_MISSPELT):
                raise _unknown_class(f"eligibility from {iso(later.valid_from)} on", name, gone)


def _unknown_class(where: str, name: str, known: Sequence[str]) -> CharterError:
    near = get_close_matches(name, known, n=1)
    hint = f"; the nearest known class is {near[0]!r}" if near else ""
    return CharterError(
        "charter.unknown_class",
        f"{where}: the class {name!r} has no rule under 'eligibility' that it could belong to{hint}.",
        remedy="Write a class the same way everywhere, or give it a rule of its own beside the other's.",
    )


def _check_unique(names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise CharterError(
                "charter.duplicate_id", f"There are {times} of {name}.", remedy="Give each its own id, or remove one."
            )
