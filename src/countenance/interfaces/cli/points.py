"""``operating-point sign | check | list``: thresholds with their evidence, and whom a site trusts about them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path

from rich.table import Table

from countenance.bootstrap.looking import read_untrusted_point
from countenance.bootstrap.points import charters_naming, sign_operating_point, trusted_near, trusted_points
from countenance.interfaces.cli.exits import NOT_AS_EXPECTED, OK
from countenance.interfaces.cli.said import Said
from countenance.interfaces.cli.tables import two_columns
from countenance.site import Site
from countenance.terms import Bounds, ErrorRate, Instant, Mode, OperatingPoint, Unmeasured, iso

_WHOSE = {"package": "this version of countenance pins it", "site": "this site signed it"}
_NOBODY = "nobody: only signing makes it count"


def sign(site: Path, file: Path, report: Path | None) -> Said:
    """Let the site trust an operating point from its next start on."""
    point = sign_operating_point(site, file.read_bytes(), report=b"" if report is None else report.read_bytes())
    return Said(
        data={"operating_point": point.sha256, "label": point.label, "weights": point.weights},
        shown=(
            f"Signed for {site}: {point.label}.",
            f"Its name is {point.sha256}.",
            "Write that into the charter as 'operating_point', and start the service again.",
        ),
    )


def check(file: Path, site: Path | None) -> Said:
    """Tell what an operating point says; status 1 when it is not in date, or the named site does not trust it."""
    data = file.read_bytes()
    point = read_untrusted_point(data)
    opened = Site.open(site) if site is not None else None
    trusted = trusted_points(opened) if opened is not None else trusted_near(file)
    whose = _WHOSE[trusted[point.sha256].by] if point.sha256 in trusted else _NOBODY
    in_date = point.in_date(_now())
    rows = {**_rows(point), "trusted": whose}
    if opened is not None:
        rows["charters"] = ", ".join(charters_naming(opened).get(point.sha256, ())) or "none names it"
    good = in_date and (opened is None or point.sha256 in trusted)
    return Said(
        data={**json.loads(data), "sha256": point.sha256, "valid": True, "in_date": in_date,
              "trusted_by": trusted[point.sha256].by if point.sha256 in trusted else None,
              "only_trials": {mode: list(weaknesses(point, mode)) for mode in point.envelope.modes}},
        shown=("In date." if in_date else "NOT IN DATE: nothing starts with it.", two_columns(rows.items())),
        status=OK if good else NOT_AS_EXPECTED,
    )  # fmt: skip


def list_points(site: Path) -> Said:
    """List what the site trusts, with the charters that name it."""
    opened = Site.open(site)
    trusted, named, now = trusted_points(opened), charters_naming(opened), _now()
    table = Table("operating point", "trusted by", "good for", "until", "charters", box=None, padding=(0, 2, 0, 0))
    rows = []
    for sha256, item in trusted.items():
        point, charters = item.point, named.get(sha256, ())
        weak = sorted({word for mode in point.envelope.modes for word in weaknesses(point, mode)}) or ["measured"]
        until = iso(point.expires_at)[:10] if point.in_date(now) else "NOT IN DATE"
        table.add_row(f"{sha256[:16]}\n{point.label}", item.by, _good_for(point), until, "\n".join(charters))
        rows.append({
            "operating_point": sha256, "label": point.label, "weights": point.weights, "trusted_by": item.by,
            "evidence": weak, "expires": iso(point.expires_at), "in_date": point.in_date(now),
            "charters": list(charters),
        })  # fmt: skip
    missing = sorted(set(named) - set(trusted))
    told = [f"MISSING: {', '.join(named[name])} names {name}, which this site does not have." for name in missing]
    return Said(
        data={"operating_points": rows, "missing": missing}, shown=(table, *told),
        status=NOT_AS_EXPECTED if missing else OK,
    )  # fmt: skip


def _good_for(point: OperatingPoint) -> str:
    """Return a line for each mode: whether every charter may use the point, or only trials."""
    limit = "extrapolated, trials only" if point.extrapolated is not None else "trials only"
    return "\n".join(f"{mode}: {limit}" if weaknesses(point, mode) else mode for mode in point.envelope.modes)


def weaknesses(point: OperatingPoint, mode: Mode) -> tuple[str, ...]:
    """Return in words why only a trial may use the point in this mode; empty when it is measured."""
    extrapolated = ("extrapolated, trials only",) if point.extrapolated is not None else ()
    unmeasured = point.unmeasured(mode)
    return (*extrapolated, *([f"unmeasured {', '.join(unmeasured)}: trials only"] if unmeasured else []))


def _rows(point: OperatingPoint) -> dict[str, str]:
    envelope, target, estimate = point.envelope, point.target, point.estimate
    rows = {
        "sha256": point.sha256,
        "label": point.label,
        "weights": point.weights,
        "recogniser": point.recogniser,
        "preprocessing": point.preprocessing,
        "threshold": f"{point.threshold:g} (cosine; a score equal to it is a match)",
        "target": f"{target.rate.upper()} {target.value:g}"
        + (f" in galleries of {target.gallery_size}" if target.rate is ErrorRate.FPIR else "")
        + f", {target.pairs} pairs of strangers",
        **{name: _rate(estimate_of) for name, estimate_of in _rates(point).items()},
        "in words": estimate.sentence,
        "data": f"{estimate.persons} people; pairs: {estimate.mated_pairs} mated, {estimate.non_mated_pairs} non-mated",
        "least age": f"{point.minimum_age} years",
        "ages": _bounds(envelope.ages),
        "reference's age": _bounds(envelope.reference_years),
        "capture": "unmeasured" if isinstance(envelope.capture_classes, Unmeasured)
        else ", ".join(envelope.capture_classes),
        "modes": ", ".join(envelope.modes),
        "largest gallery": "unmeasured" if isinstance(envelope.largest_gallery, Unmeasured)
        else str(envelope.largest_gallery),
    }  # fmt: skip
    if point.extrapolated is not None:
        rows["EXTRAPOLATED"] = f"from galleries of {point.extrapolated.measured_gallery}: {point.extrapolated.method}"
    for mode in point.envelope.modes:
        rows[f"to {mode}"] = ", ".join(weaknesses(point, mode)) or "measured"
    for group in point.groups:
        rows[f"group {group.group}"] = (
            f"{group.persons} people; FMR {_rate((group.fmr, group.fmr_upper))}; "
            f"FNMR {_rate((group.fnmr, group.fnmr_upper))}"
        )
    return {
        **rows,
        "in date": f"{iso(point.issued_at)} to {iso(point.expires_at)}",
        "evaluation": f"data {point.data or 'none'}, report {point.report or 'none'}, code {point.code}",
        "source": point.source,
    }


def _rates(point: OperatingPoint) -> Mapping[str, tuple[float | None, float | None]]:
    found = point.estimate
    return {
        "FMR": (found.fmr, found.fmr_upper), "FNMR": (found.fnmr, found.fnmr_upper),
        "FPIR": (found.fpir, found.fpir_upper),
    }  # fmt: skip


def _rate(pair: tuple[float | None, float | None]) -> str:
    value, upper = pair
    if upper is None:
        return "insufficient data"
    return f"at most {upper:.3g}" + ("" if value is None else f", measured {value:.3g}")


def _bounds(bounds: Bounds | Unmeasured) -> str:
    return "unmeasured" if isinstance(bounds, Unmeasured) else f"{bounds.low} to {bounds.high} years"


def _now() -> Instant:
    return Instant(time.time_ns() // 1_000_000)
