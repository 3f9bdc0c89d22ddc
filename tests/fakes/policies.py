"""The shipped policies, parsed once for all tests, and what they allow."""

from __future__ import annotations

from functools import cache

from countenance.authority import CedarPolicies
from countenance.terms import Action, Actor, PolicyDecision, PolicyRequest, Role


@cache
def shipped() -> CedarPolicies:
    """Return the shipped policies."""
    return CedarPolicies.builtin()


def decide(role: Role, action: Action, checkpoint_id: str = "lane-1") -> PolicyDecision:
    """Return what the shipped policies say to somebody of this role; a device names itself."""
    actor = Actor("someone:1", role, "camera-1" if role is Role.DEVICE else "")
    return shipped().decide(PolicyRequest(actor, action, checkpoint_id))


def allowed(role: Role, action: Action, checkpoint_id: str = "lane-1") -> bool:
    """Return whether somebody of this role may do this there."""
    return decide(role, action, checkpoint_id).allowed
