"""Charters and operating points of a site become lanes, or the site does not start."""

from __future__ import annotations

from pathlib import Path

from countenance.authority import check_start, parse_charter
from countenance.bootstrap.points import trusted_points
from countenance.errors import CharterError, OperatingPointError
from countenance.ports import Extractor
from countenance.procedures import Lane, Lanes
from countenance.site import Site, SiteProfile
from countenance.terms import Charter, Instant, OperatingPoint


def open_lanes(site: Site, extractor: Extractor, now: Instant) -> Lanes:
    """Return every checkpoint of the site's charters, each with the operating point its charter names.

    A charter that is out of date keeps its checkpoints, so that they answer "not in force"; every other fault of any
    charter refuses to start.

    Raises:
        CharterError: invalid, or a checkpoint is named twice, or the site has none.
        OperatingPointError: missing, tampered with, not signed, expired, or measured on other weights.
    """
    trusted = trusted_points(site)
    by_checkpoint: dict[str, Lane] = {}
    for charter in _charters(site.charters):
        found = trusted.get(charter.operating_point)
        if found is None:
            raise OperatingPointError(
                "operating_point.missing",
                f"The charter {charter.charter_id!r} names the operating point {charter.operating_point[:16]}…, "
                "which this site does not have.",
                remedy="See what it has (countenance operating-point list), or sign that one for this site "
                "(countenance operating-point sign).",
            )
        _check(site, charter, found.point, extractor, now)
        for checkpoint in charter.checkpoints:
            if checkpoint.checkpoint_id in by_checkpoint:
                raise CharterError(
                    "charter.checkpoint_twice", f"Two charters name the checkpoint {checkpoint.checkpoint_id!r}.",
                    remedy="Give each checkpoint to one charter.",
                )  # fmt: skip
            by_checkpoint[checkpoint.checkpoint_id] = Lane(checkpoint, charter, found.point)
    if not by_checkpoint:
        raise CharterError("charter.none", "This site has no charter.", remedy="Put one into charters/ first.")
    return Lanes(by_checkpoint)


def _check(site: Site, charter: Charter, point: OperatingPoint, extractor: Extractor, now: Instant) -> None:
    try:
        check_start(
            charter, pad_present=False, operating_point=point, weights=extractor.weights,
            production=site.profile is SiteProfile.PRODUCTION, now=now,
        )  # fmt: skip
    except CharterError as error:
        if error.code not in {"charter.expired", "charter.not_yet_valid"}:
            raise


def _charters(folder: Path) -> list[Charter]:
    return [parse_charter(path.read_bytes()) for path in sorted(folder.glob("*.yaml"))]
