"""Charters and operating points of a site become lanes, or the site does not start."""

from __future__ import annotations

from pathlib import Path

from countenance.authority import check_start, parse_charter
from countenance.decision import PACKAGED_SHA256, packaged_operating_point, parse_operating_point
from countenance.errors import CharterError, OperatingPointError
from countenance.ports import Extractor
from countenance.procedures import Lane, Lanes
from countenance.site import Site
from countenance.terms import Charter, Instant, OperatingPoint


def open_lanes(site: Site, extractor: Extractor, now: Instant) -> Lanes:
    """Return every checkpoint of the site's charters, each with the operating point its charter names.

    A charter that is out of date keeps its checkpoints, so that they answer "not in force"; every other fault of any
    charter refuses to start.

    Raises:
        CharterError: invalid, or a checkpoint is named twice, or the site has none.
        OperatingPointError: untrusted, expired, or measured on other weights.
    """
    points = {point.sha256: point for point in _points()}
    by_checkpoint: dict[str, Lane] = {}
    for charter in _charters(site.charters):
        point = points.get(charter.operating_point)
        if point is None:
            raise OperatingPointError(
                "operating_point.missing",
                f"The charter {charter.charter_id!r} names the operating point {charter.operating_point[:16]}…, "
                "which this site does not have.",
                remedy="Use the packaged operating point's hash, or have this one signed for the site.",
            )
        _check(charter, point, extractor, now)
        for checkpoint in charter.checkpoints:
            if checkpoint.checkpoint_id in by_checkpoint:
                raise CharterError(
                    "charter.checkpoint_twice", f"Two charters name the checkpoint {checkpoint.checkpoint_id!r}.",
                    remedy="Give each checkpoint to one charter.",
                )  # fmt: skip
            by_checkpoint[checkpoint.checkpoint_id] = Lane(checkpoint, charter, point)
    if not by_checkpoint:
        raise CharterError("charter.none", "This site has no charter.", remedy="Put one into charters/ first.")
    return Lanes(by_checkpoint)


def _check(charter: Charter, point: OperatingPoint, extractor: Extractor, now: Instant) -> None:
    try:
        check_start(
            charter, pad_present=False, operating_point=point, weights=extractor.weights,
            measured_on=extractor.measured_on, now=now,
        )  # fmt: skip
    except CharterError as error:
        if error.code not in {"charter.expired", "charter.not_yet_valid"}:
            raise


def _charters(folder: Path) -> list[Charter]:
    return [parse_charter(path.read_bytes()) for path in sorted(folder.glob("*.yaml"))]


def _points() -> list[OperatingPoint]:
    return [parse_operating_point(packaged_operating_point(), trusted=frozenset({PACKAGED_SHA256}))]
