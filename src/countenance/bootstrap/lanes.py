"""Charters and operating points of a site become lanes, or the site does not start."""

from __future__ import annotations

from collections.abc import Sequence

from countenance.authority import check_posted
from countenance.bootstrap.charters import notice_checks, signed_charters
from countenance.bootstrap.checking import check_could_start, point_for
from countenance.bootstrap.points import check_report, trusted_points
from countenance.errors import CharterError
from countenance.ports import Extractor
from countenance.procedures import Lane, Lanes
from countenance.site import Site, SiteProfile
from countenance.terms import Instant, SignedAct


def open_lanes(site: Site, acts: Sequence[SignedAct], extractor: Extractor, now: Instant) -> Lanes:
    """Return every checkpoint of the site's charters, each with the operating point its charter names.

    (1) every charter is what the site signed, and none contradicts another; (2) it may start on this machine; (3) the
    notices of charters in force were looked at lately (CBP-19). A charter that is out of date keeps its checkpoints, so
    that they answer "not in force"; every other fault of any charter refuses to start.

    Raises:
        CharterError: unsigned, invalid, contradictory, without conditions or review, or the site has none.
        OperatingPointError: missing, tampered with, not signed, expired, or measured on other weights.
    """
    charters = signed_charters(site, acts)  # (1)
    if not charters:
        raise CharterError("charter.none", "This site has no charter.", remedy="Put one into charters/ first.")
    trusted, checks = trusted_points(site), notice_checks(site)
    lanes: dict[str, list[Lane]] = {}
    for charter in charters:
        point = point_for(charter, trusted)
        production = site.profile is SiteProfile.PRODUCTION
        check_could_start(charter, point, extractor.weights, now, production=production)  # (2)
        if production:
            check_report(site, point)
        if charter.in_force(now):
            check_posted(charter, checks, now)  # (3)
        for checkpoint in charter.checkpoints:
            lanes.setdefault(checkpoint.checkpoint_id, []).append(Lane(checkpoint, charter, point))
    first = {checkpoint_id: _first(there, now) for checkpoint_id, there in lanes.items()}
    return Lanes(first, tuple(lane for there in lanes.values() for lane in there if lane not in first.values()))


def _first(lanes: Sequence[Lane], now: Instant) -> Lane:
    """Return the lane in force, else the one that was last, else the one that is next."""
    begun = [lane for lane in lanes if lane.charter.valid_from <= now]
    if begun:
        return max(begun, key=lambda lane: lane.charter.valid_from)
    return min(lanes, key=lambda lane: lane.charter.valid_from)
