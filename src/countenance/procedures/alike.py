"""People of one gallery whose references match each other: a camera cannot tell them apart, staff should know."""

from __future__ import annotations

from collections.abc import Collection

from countenance.ports import Galleries, UnitOfWork
from countenance.terms import OperatingPoint

_MOST = 16
"""Others named for each reference, the likest first: one portrait sent for everybody shall not fill the roll."""


def alike(
    tx: UnitOfWork, galleries: Galleries, gallery_id: str, point: OperatingPoint, people: Collection[str] | None
) -> frozenset[tuple[str, str]]:
    """Return the pairs, by pseudonym, that ``people`` make with anybody of their gallery at the point's threshold.

    ``people`` None stands for everybody.
    """
    whose = dict(tx.galleries.people(gallery_id))
    pairs: set[tuple[str, str]] = set()
    for reference in tx.galleries.references(gallery_id, people):
        found = galleries.reaching(gallery_id, reference.template, point.threshold)
        persons = [whose.get(one.reference_id, reference.person_id) for one in found]
        for person in [one for one in persons if one != reference.person_id][:_MOST]:
            one, other = sorted((reference.person_id, person))
            pairs.add((one, other))
    return frozenset(pairs)
