"""Which operating points a site trusts: those that the package pins, and those that the site itself signed.

Signing is the administrator's act, as whoever may read ``keys/operating-point``; it is recorded like every other.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from countenance import __version__
from countenance.authority import check_in_date, parse_charter
from countenance.bootstrap.logs import open_log
from countenance.bootstrap.wiring import open_storage
from countenance.custody import FileSigner, SystemEntropy, create_key_pair, keep_signed, read_signed
from countenance.decision import packaged_operating_points, parse_operating_point, read_untrusted_operating_point
from countenance.errors import OperatingPointError
from countenance.ports import Clock, Entropy
from countenance.procedures import Recorder, longest_record, record_signature
from countenance.site import Site, SiteLock
from countenance.terms import Charter, OperatingPoint

KEY = "operating-point"
"""The signing key's file in ``keys/``; its public half stands beside it, with the ending ``.pub``."""
REPORTS = "reports"
"""Folder below ``operating-points/`` with the evaluation reports that points name, by SHA-256."""
PACKAGE, THIS_SITE = "package", "site"


@dataclass(frozen=True, slots=True)
class TrustedPoint:
    """An operating point and whose word it is trusted on."""

    point: OperatingPoint
    by: str
    """``package`` (pinned by hash) or ``site`` (signed with its key)."""


def create_point_key(site: Site, entropy: Entropy) -> None:
    """Make the site's key for signing operating points, and its public half for everybody.

    Raises:
        VaultError: ``vault.key_exists`` or ``vault.key_unwritable``.
    """
    create_key_pair(site.keys / KEY, entropy)


def trusted_points(site: Site) -> Mapping[str, TrustedPoint]:
    """Return every operating point that the site may decide with, by SHA-256.

    One file below ``operating-points/`` that is not exactly what the site signed refuses all, used or not.

    Raises:
        OperatingPointError: ``operating_point.tampered``, ``.unsigned``, ``.bad_signature``, ``.no_key``; or what a
            file of the package is.
        VaultError: the key is there and cannot be read.
    """
    found = {point.sha256: TrustedPoint(point, PACKAGE) for point in packaged_operating_points().values()}
    if any(site.operating_points.glob("*.json")):
        if not (site.keys / KEY).exists():
            raise OperatingPointError(
                "operating_point.no_key", f"This site has operating points of its own and no keys/{KEY}.",
                remedy=f"Restore keys/{KEY} from its backup, or sign the points again.",
            )  # fmt: skip
        for name, data in read_signed(site.operating_points, FileSigner(site.keys / KEY).public_key).items():
            found.setdefault(name, TrustedPoint(parse_operating_point(data, trusted=frozenset({name})), THIS_SITE))
    return found


def keep_report(site: Site, point: OperatingPoint, report: bytes) -> None:
    """Keep the evaluation report that ``point`` names, under its hash.

    Raises:
        OperatingPointError: ``operating_point.other_report``: it is not the one that the point names.
    """
    _check_same(point, report)
    folder = site.operating_points / REPORTS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / f"{point.report}.json").write_bytes(report)


def _check_same(point: OperatingPoint, report: bytes) -> None:
    name = sha256(report).hexdigest()
    if name != point.report:
        raise OperatingPointError(
            "operating_point.other_report",
            f"The report has the SHA-256 {name[:16]}…, and the operating point {point.label!r} names "
            f"{point.report[:16] or 'none'}.",
            remedy="Give the report.json that 'countenance evaluate' wrote and 'countenance calibrate' read.",
        )


def check_report(site: Site, point: OperatingPoint) -> None:
    """Return only if the evaluation report that ``point`` names lies at the site, byte for byte (CBP-13).

    Raises:
        OperatingPointError: ``operating_point.report_missing``.
    """
    file = site.operating_points / REPORTS / f"{point.report}.json"
    if not point.report or not file.is_file() or sha256(file.read_bytes()).hexdigest() != point.report:
        raise OperatingPointError(
            "operating_point.report_missing",
            f"The evaluation report behind the operating point {point.label!r} is not at this site, or was changed; "
            "a site in production needs it (CBP-13).",
            remedy="Sign the point again with it: countenance operating-point sign SITE FILE --report report.json.",
        )


def trusted_near(charter: Path) -> Mapping[str, TrustedPoint]:
    """Return what the site trusts in whose ``charters/`` the file ``charter`` lies, or what the package pins.

    Raises:
        SiteError, ConfigurationError, OperatingPointError, VaultError: that site has something that is not in order.
    """
    folder = charter.absolute().parent
    if folder.name == "charters" and (folder.parent / "site.toml").is_file():
        return trusted_points(Site.open(folder.parent))
    return {point.sha256: TrustedPoint(point, PACKAGE) for point in packaged_operating_points().values()}


def charters_naming(site: Site) -> Mapping[str, tuple[str, ...]]:
    """Return, for each operating point's SHA-256, the ids of the site's charters that name it.

    Raises:
        CharterError: a charter is invalid.
    """
    named: dict[str, tuple[str, ...]] = {}
    for charter in _charters(site):
        named[charter.operating_point] = (*named.get(charter.operating_point, ()), charter.charter_id)
    return named


def sign_operating_point(
    path: Path, data: bytes, *, report: bytes = b"", clock: Clock | None = None, entropy: Entropy | None = None
) -> OperatingPoint:
    """Let the site at ``path`` trust the operating point file ``data`` from its next start on.

    (1) the file is an operating point; (2) the lock, so that no service decides meanwhile; (3) it is in date; (4) the
    key, made if the site is older than such keys; (5) the act is recorded and published; (6) only then signature and
    file are kept. Whether a charter may start with it is for the start to say.

    Raises:
        OperatingPointError: what is wrong with the file; ``operating_point.expired``, ``.not_yet_issued``.
        SiteError, CharterError, StorageError, VaultError, RecordError: nothing was signed.
    """
    point = read_untrusted_operating_point(data)  # (1)
    site = Site.open(path)
    source = entropy or SystemEntropy()
    with ExitStack() as stack:
        stack.enter_context(SiteLock(site))  # (2)
        charter = longest_record(_charters(site))
        storage = open_storage(site, source, clock)
        stack.callback(storage.close)
        now = storage.clock.now()
        check_in_date(point, now)  # (3)
        if report:
            _check_same(point, report)
        if not (site.keys / KEY).exists():  # (4)
            create_point_key(site, source)
        signer = FileSigner(site.keys / KEY)
        log = open_log(site, storage, source, thorough=False)
        recorder = Recorder(log, code=__version__, weights=point.weights)
        record_signature(storage.transactions, recorder, charter, point, signer.public_key, now)  # (5)
        log.publish(now)
        keep_signed(site.operating_points, data, signer)  # (6)
        if report:
            keep_report(site, point, report)
    return point


def _charters(site: Site) -> list[Charter]:
    return [parse_charter(file.read_bytes()) for file in sorted(site.charters.glob("*.yaml"))]
