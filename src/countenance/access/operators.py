"""Operators and supervisors: whoever works with people here has learnt it, and not too long ago.

A training has a date on which it ends; from then on the key opens nothing until a new one is recorded. Somebody without
any is refused where the site is in production; a trial lets them work, because nothing is decided by it.
"""

from __future__ import annotations

from countenance.errors import AccessError
from countenance.terms import Actor, Instant, Role, Training, iso

TRAINED = frozenset({Role.OPERATOR, Role.SUPERVISOR})
"""The roles that meet people; auditors and administrators do not, devices cannot learn."""


def check_training(actor: Actor, training: Training | None, now: Instant, *, required: bool) -> None:
    """Return only if ``actor`` may work with people at ``now``; ``required`` where having no training is a refusal.

    Raises:
        AccessError: ``access.training_missing``, ``access.training_expired``.
    """
    if actor.role not in TRAINED:
        return
    if training is None:
        if required:
            raise AccessError(
                "access.training_missing",
                f"No training of {actor.actor_id!r} is recorded, and this site is in production.",
                remedy="Do the training; an administrator records it with 'countenance staff train'. Until then "
                "somebody who is trained takes the place.",
            )
        return
    if now >= training.valid_until:
        raise AccessError(
            "access.training_expired",
            f"The training {training.course!r} of {actor.actor_id!r} ended on {iso(training.valid_until)[:10]}.",
            remedy="Do it again; an administrator records it with 'countenance staff train'. Until then somebody "
            "who is trained takes the place.",
        )
