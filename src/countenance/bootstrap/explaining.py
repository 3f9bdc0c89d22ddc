"""Why something is or would be allowed at a site, told from its folder: no lock, nothing written, no networks."""

from __future__ import annotations

from pathlib import Path

from countenance.authority import explain, parse_charter
from countenance.bootstrap.acts import acts_at
from countenance.bootstrap.charters import signed_charters, site_policies
from countenance.bootstrap.service import Service
from countenance.errors import NotFound
from countenance.site import Site
from countenance.terms import Action, Actor, Eligibility, Explanation, Instant


def explain_at_site(  # noqa: PLR0917 - one question's whole content
    path: Path, actor: Actor, action: Action, checkpoint_id: str, at: Instant, person: Eligibility | None,
    as_if: bytes = b"",
) -> Explanation:  # fmt: skip
    """Return the explanation by what stands in the site's folder now, served or not, or as if a charter file held.

    Raises:
        SiteError, CharterError, PolicyError: the site would not start either; that is the explanation.
    """
    site = Site.open(path)
    acts = acts_at(site)
    charters = signed_charters(site, acts)
    supposed = parse_charter(as_if) if as_if else None
    return explain(site_policies(site, acts), charters, actor, action, checkpoint_id, at, person, as_if=supposed)


def explain_in_service(  # noqa: PLR0917 - one question's whole content
    service: Service, actor: Actor, action: Action, checkpoint_id: str, at: Instant, person: Eligibility | None,
    as_if: str = "",
) -> Explanation:  # fmt: skip
    """Return the explanation by what the running service obeys, or as if its charter with this SHA-256 held.

    Raises:
        NotFound: ``charter.unknown``.
    """
    charters = service.lanes.charters
    supposed = next((charter for charter in charters if charter.sha256 == as_if), None)
    if as_if and supposed is None:
        raise NotFound(
            "charter.unknown", "This site has no charter with that SHA-256.",
            remedy="Name one that GET /charters lists; a draft is asked about with 'countenance charter explain'.",
        )  # fmt: skip
    return explain(service.policy, charters, actor, action, checkpoint_id, at, person, as_if=supposed)
