"""Whoever may refuse is offered it before an encounter is opened."""

from __future__ import annotations

import pytest

from countenance.authority import check_offer
from countenance.errors import EncounterError
from countenance.terms import Eligibility
from fakes.papers import charter

CASES = [
    (("citizen",), "citizen", True, True),
    (("citizen",), "citizen", False, False),
    (("citizen",), "visitor", False, True),
    (("citizen",), "visitor", True, True),
    (("citizen",), "unknown", False, False),
    (("citizen",), "unknown", True, True),
    (("everyone",), "visitor", False, False),
    (("everyone",), "visitor", True, True),
    ((), "citizen", False, True),
    ((), "unknown", False, False),
]


@pytest.mark.parametrize("may_opt_out, person_class, offered, opens", CASES)
def test_refusal_comes_before_the_camera(
    *, may_opt_out: tuple[str, ...], person_class: str, offered: bool, opens: bool
) -> None:
    """Without the offer nothing opens for those who may refuse; people of unknown class always may (CBP-16)."""
    paper, person = charter(may_opt_out=may_opt_out), Eligibility(person_class, 30, 5, refusal_offered=offered)
    if opens:
        check_offer(paper, person)
        return
    with pytest.raises(EncounterError) as refusal:
        check_offer(paper, person)
    assert refusal.value.code == "encounter.refusal_not_offered"
