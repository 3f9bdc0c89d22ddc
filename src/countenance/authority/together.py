"""Whether the charters of one site agree with each other: one answer for each checkpoint at each moment."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from countenance.errors import CharterError
from countenance.terms import Charter, iso


def check_together(charters: Sequence[Charter]) -> None:
    """Return only if no two charters say different things about the same checkpoint, or bear the same name.

    Charters may follow each other at a checkpoint; they may not overlap there.

    Raises:
        CharterError: ``charter.checkpoint_twice`` (they overlap), ``charter.contradictory`` (one name and version, two
            texts), ``charter.version_order`` (a higher version begins before a lower one).
    """
    for one, other in combinations(charters, 2):
        earlier, later = sorted((one, other), key=lambda charter: (charter.valid_from, charter.valid_until))
        if one.charter_id == other.charter_id:
            _check_versions(earlier, later)
        shared = {item.checkpoint_id for item in one.checkpoints} & {item.checkpoint_id for item in other.checkpoints}
        if shared and later.valid_from < earlier.valid_until:
            raise CharterError(
                "charter.checkpoint_twice",
                f"Two charters govern the checkpoint {min(shared)!r} at once: {earlier.charter_id!r} until "
                f"{iso(earlier.valid_until)}, and {later.charter_id!r} from {iso(later.valid_from)} on.",
                remedy="Give each checkpoint to one charter at a time: let the earlier end when the later begins.",
            )


def _check_versions(earlier: Charter, later: Charter) -> None:
    if earlier.version == later.version:
        raise CharterError(
            "charter.contradictory",
            f"There are two texts of version {later.version} of the charter {later.charter_id!r}.",
            remedy="Remove the one that does not hold, or give it another version.",
        )
    if earlier.version > later.version:
        raise CharterError(
            "charter.version_order",
            f"Version {later.version} of the charter {later.charter_id!r} begins after version {earlier.version}.",
            remedy="Give the charter that begins later the higher version.",
        )
