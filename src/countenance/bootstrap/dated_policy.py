"""Policies asked at the site's own time: whoever asks names no date, so that nobody can name a wrong one."""

from __future__ import annotations

from dataclasses import dataclass

from countenance.ports import Clock, Policy
from countenance.terms import Instant, PolicyDecision, PolicyRequest


@dataclass(frozen=True, slots=True)
class DatedPolicy:
    """Port ``Policy``: the same policies, asked for now unless an explanation asks for another day."""

    policies: Policy
    clock: Clock

    def decide(self, request: PolicyRequest, at: Instant | None = None) -> PolicyDecision:
        """Return what the policies say at ``at``, or now.

        Raises:
            SiteError: ``clock.jumped_back``.
        """
        return self.policies.decide(request, self.clock.now() if at is None else at)

    def sentences(self, policy_id: str) -> tuple[tuple[str, str], ...]:
        """Return (id, why) of each rule that an answer named."""
        return self.policies.sentences(policy_id)
