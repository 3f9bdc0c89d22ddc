"""Whether a charter could start here: what signing refuses, and everything that ``charter check`` tells beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from countenance.authority import check_authority, check_build, check_posted, check_start, check_together
from countenance.bootstrap.acts import acts_at
from countenance.bootstrap.charters import notice_checks, signed_charters
from countenance.bootstrap.points import TrustedPoint, check_report, trusted_near, trusted_points
from countenance.errors import CharterError, CountenanceError, OperatingPointError
from countenance.site import Site, SiteProfile
from countenance.terms import Charter, Instant, OperatingPoint

_ONLY_A_DATE = frozenset({"charter.expired", "charter.not_yet_valid"})


def point_for(charter: Charter, trusted: Mapping[str, TrustedPoint]) -> OperatingPoint:
    """Return the operating point that ``charter`` names, of those that a site trusts.

    Raises:
        OperatingPointError: ``operating_point.missing``.
    """
    found = trusted.get(charter.operating_point)
    if found is None:
        raise OperatingPointError(
            "operating_point.missing",
            f"The charter {charter.charter_id!r} names the operating point {charter.operating_point[:16]}…, "
            "which this site does not have.",
            remedy="See what it has (countenance operating-point list), or sign that one for this site "
            "(countenance operating-point sign).",
        )
    return found.point


def check_could_start(charter: Charter, point: OperatingPoint, weights: str, now: Instant, *, production: bool) -> None:
    """Return only if ``charter`` may start here on some date; being out of date is no fault here.

    Raises:
        CharterError, OperatingPointError: the first rule of ``check_start`` that is broken.
    """
    try:
        check_start(charter, pad_present=False, operating_point=point, weights=weights, production=production, now=now)
    except CharterError as error:
        if error.code not in _ONLY_A_DATE:
            raise


def site_near(file: Path) -> Site | None:
    """Return the site in whose ``charters/`` the file lies, or None.

    Raises:
        SiteError, ConfigurationError: that site is not in order.
    """
    folder = file.absolute().parent
    if folder.name == "charters" and (folder.parent / "site.toml").is_file():
        return Site.open(folder.parent)
    return None


def what_keeps(file: Path, site: Site | None, charter: Charter, weights: str, now: Instant) -> tuple[str, ...]:
    """Return every reason, once each, why a start on this machine would refuse ``charter``, dates aside.

    With a ``site``, its trusted points, its profile and its other charters count; where ``file`` lies in its folder,
    signatures and looks at notices, too.
    """
    production = site is not None and site.profile is SiteProfile.PRODUCTION
    checks: list[Callable[[], object]] = [
        lambda: check_build(charter),
        lambda: check_authority(charter, now, production=production),
        *([lambda: check_report(site, _point(file, site, charter))] if site is not None and production else []),
        lambda: check_could_start(charter, _point(file, site, charter), weights, now, production=production),
    ]
    if site is not None:
        checks += _with_site(file, site, charter, now)
    return tuple(dict.fromkeys(_faults(checks)))


def _with_site(file: Path, site: Site, charter: Charter, now: Instant) -> list[Callable[[], object]]:
    if file.absolute().parent == site.charters.absolute():
        found: list[Callable[[], object]] = [lambda: signed_charters(site, acts_at(site))]
        return [*found, *([lambda: check_posted(charter, notice_checks(site), now)] if charter.in_force(now) else [])]
    return [lambda: check_together([*_others(site, charter), charter])]


def _others(site: Site, charter: Charter) -> list[Charter]:
    """Return the site's charters but those that ``charter`` would replace, as signing does."""
    return [
        other for other in signed_charters(site, acts_at(site))
        if other.charter_id != charter.charter_id or other.valid_until <= charter.valid_from
    ]  # fmt: skip


def _point(file: Path, site: Site | None, charter: Charter) -> OperatingPoint:
    return point_for(charter, trusted_near(file) if site is None else trusted_points(site))


def _faults(checks: list[Callable[[], object]]) -> Iterator[str]:
    for check in checks:
        try:
            check()
        except CountenanceError as error:
            yield error.diagnostics()
