"""People of one gallery whose references match each other: a camera cannot tell them apart, staff should know."""

from __future__ import annotations

from countenance.decision import decide_identify
from countenance.ports import Galleries, UnitOfWork
from countenance.terms import Match, OperatingPoint, Referred

_LOOKED_AT = 16
"""Candidates looked at for each reference: more than one person's references, several people's best."""


def alike(tx: UnitOfWork, galleries: Galleries, gallery_id: str, point: OperatingPoint) -> tuple[tuple[str, str], ...]:
    """Return pairs of people, by pseudonym, whose references match at the point, each searched in its own gallery."""
    whose = dict(tx.galleries.people(gallery_id))
    pairs: set[tuple[str, str]] = set()
    for reference in tx.galleries.references(gallery_id):
        candidates = galleries.search(gallery_id, reference.template, min(_LOOKED_AT, len(whose)))
        others = [one for one in candidates if whose.get(one.reference_id) != reference.person_id]
        decision = decide_identify(others, point, person_of=whose, boarded=False)
        if isinstance(decision, Match | Referred):
            one, other = sorted((reference.person_id, whose[decision.reference_id]))
            pairs.add((one, other))
    return tuple(sorted(pairs))
