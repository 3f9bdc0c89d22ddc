"""Why something is or would be allowed at a site, told from its folder: no lock, nothing written, no networks."""

from __future__ import annotations

from pathlib import Path

from countenance.authority import explain
from countenance.bootstrap.acts import acts_at
from countenance.bootstrap.charters import signed_charters, site_policies
from countenance.bootstrap.service import Service
from countenance.site import Site
from countenance.terms import Action, Actor, Eligibility, Explanation, Instant


def explain_at_site(  # noqa: PLR0917 - one question's whole content
    path: Path, actor: Actor, action: Action, checkpoint_id: str, at: Instant, person: Eligibility | None
) -> Explanation:
    """Return the explanation by what stands in the site's folder now, served or not.

    Raises:
        SiteError, CharterError, PolicyError: the site would not start either; that is the explanation.
    """
    site = Site.open(path)
    acts = acts_at(site)
    return explain(site_policies(site, acts), signed_charters(site, acts), actor, action, checkpoint_id, at, person)


def explain_in_service(  # noqa: PLR0917 - one question's whole content
    service: Service, actor: Actor, action: Action, checkpoint_id: str, at: Instant, person: Eligibility | None
) -> Explanation:
    """Return the explanation by what the running service obeys."""
    return explain(service.policy, service.lanes.charters, actor, action, checkpoint_id, at, person)
