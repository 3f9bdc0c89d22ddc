"""Charters and operating points of a site become lanes, or the site does not start."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from countenance.authority import check_posted, parse_charter
from countenance.bootstrap.charters import ARCHIVE, notice_checks, signed_charters
from countenance.bootstrap.checking import check_could_start, point_for
from countenance.bootstrap.points import check_report, trusted_points
from countenance.custody import read_bounded
from countenance.errors import CharterError
from countenance.ports import Extractor
from countenance.procedures import Lane, Lanes
from countenance.site import Site, SiteProfile
from countenance.terms import Charter, Instant, OperatingPoint, SignedAct


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
    further = tuple(lane for there in lanes.values() for lane in there if lane not in first.values())
    return Lanes(first, further, _retired(site, {name: one.point for name, one in trusted.items()}))


def _retired(site: Site, points: Mapping[str, OperatingPoint]) -> Callable[[str, str], Lane | None]:
    """Return how to find a lane of a charter that was signed once: each text is read when a case first asks for it.

    Nothing is compared under it. The hash that the record names is what shows that the text is the right one; where it
    is gone or no charter of this version, there is no such lane. A point that the site trusts no more keeps its name.
    """

    @cache
    def charter_of(sha256: str) -> Charter | None:
        try:
            charter = parse_charter(read_bounded(site.charters / ARCHIVE / f"{sha256}.yaml"))
        except CharterError:
            return None
        return charter if charter.sha256 == sha256 else None

    def find(checkpoint_id: str, sha256: str) -> Lane | None:
        charter = charter_of(sha256) if re.fullmatch("[0-9a-f]{64}", sha256) else None
        for checkpoint in charter.checkpoints if charter else ():
            if charter and checkpoint.checkpoint_id == checkpoint_id:
                any_point = next(iter(points.values()))
                point = points.get(charter.operating_point) or replace(any_point, sha256=charter.operating_point)
                return Lane(checkpoint, charter, point)
        return None

    return find


def _first(lanes: Sequence[Lane], now: Instant) -> Lane:
    """Return the lane in force, else the one that was last, else the one that is next."""
    begun = [lane for lane in lanes if lane.charter.valid_from <= now]
    if begun:
        return max(begun, key=lambda lane: lane.charter.valid_from)
    return min(lanes, key=lambda lane: lane.charter.valid_from)
