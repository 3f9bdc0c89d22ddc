"""The acts of signing: a charter, a policy, a look at a posted notice. No service runs meanwhile; each is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from countenance import __version__
from countenance.authority import CedarPolicies, check_together, parse_charter
from countenance.bootstrap.acts import KEY, held, note_charter, note_policy
from countenance.bootstrap.charters import (
    ARCHIVE,
    archive_charter,
    check_file,
    create_charter_key,
    keep_charter,
    notices_of,
    policies_of,
    signed_charters,
)
from countenance.bootstrap.checking import check_could_start, point_for
from countenance.bootstrap.logs import open_log
from countenance.bootstrap.points import check_report, trusted_points
from countenance.bootstrap.wiring import Storage, open_storage
from countenance.custody import FileSigner, Signed, SystemEntropy, keep_signed_text, read_bounded, signature_of
from countenance.errors import CharterError, NotFound, PolicyError
from countenance.ports import Clock, Entropy
from countenance.procedures import (
    Recorder,
    longest_record,
    record_charter,
    record_notice_check,
    record_policy,
    record_withdrawal,
)
from countenance.record import PublicLog
from countenance.site import Site, SiteLock, SiteProfile
from countenance.terms import ActKind, Charter, Instant, NoticeCheck, SignedAct, iso, says_something


@dataclass(frozen=True, slots=True)
class _Desk:
    """A site that is being worked on: its lock held, its storage and log open."""

    site: Site
    storage: Storage
    log: PublicLog
    signer: FileSigner
    now: Instant

    def acts(self) -> tuple[SignedAct, ...]:
        with self.storage.transactions.read() as tx:
            return tx.acts.all()

    def recorder(self, charter: Charter) -> Recorder:
        return Recorder(self.log, code=__version__, weights=charter.weights)


def sign_charter(
    path: Path, file: Path, *, weights: str = "", clock: Clock | None = None, entropy: Entropy | None = None
) -> Charter:
    """Let the site at ``path`` act under the charter in ``file`` from its next start on.

    (1) the file is a charter; (2) the lock, so that no service acts meanwhile; (3) it has not ended, and it could start
    at this site once it begins, notices aside, which hang only afterwards; with ``weights``, on a machine that runs
    these; (4) its version is new: no other text was ever signed under it; (5) it agrees with
    the site's other charters; (6) the text is kept by its hash, so that a full disk is noticed before anything counts;
    (7) the act is noted, recorded and published; (8) only then signature and file are kept: where it lies, if that is
    the site's ``charters/``; instead of an earlier version that it supersedes at once; else as ``<id>.yaml``, or
    ``<id>-v<version>.yaml`` from 2 on. Interrupted before (8) the site does not start until it is signed again.

    Raises:
        CharterError: what is wrong with it; ``charter.expired``, ``.same_version``, ``.older_version``.
        OperatingPointError: ``operating_point.missing``; it is out of date, or of other weights.
        SiteError, StorageError, VaultError, RecordError: nothing was signed.
    """
    data = file.read_bytes()
    charter = parse_charter(data)  # (1)
    with _desk(path, clock, entropy) as desk:  # (2)
        site = desk.site
        if desk.now >= charter.valid_until:  # (3)
            raise CharterError(
                "charter.expired", f"The charter {charter.charter_id!r} ended on {iso(charter.valid_until)}.",
                remedy="Do ordinary manual checks and have the charter reviewed and renewed.",
            )  # fmt: skip
        point, production = point_for(charter, trusted_points(site)), site.profile is SiteProfile.PRODUCTION
        check_could_start(charter, point, weights or charter.weights, desk.now, production=production)
        if production:
            check_report(site, point)
        _check_version(desk.acts(), charter)  # (4)
        place = _place(site, file, charter, desk.now)
        check_together([*(other for at, other in _others(site) if at != place), charter])  # (5)
        archive_charter(site, data, charter)  # (6)
        with desk.storage.transactions.write() as tx:  # (7)
            record_charter(tx, desk.recorder(charter), charter, desk.signer.public_key, desk.now)
            note_charter(tx, desk.signer, place.name, charter, desk.now)
            tx.commit()
        desk.log.publish(desk.now)
        keep_charter(site, place, data, charter)  # (8)
    return charter


def sign_policy(path: Path, file: Path, *, clock: Clock | None = None, entropy: Entropy | None = None) -> str:
    """Let the site narrow who may do what by the Cedar text in ``file``, from its next start on; return its SHA-256.

    Raises:
        PolicyError: it is no policy, fits no schema, or permits something; nothing was signed.
    """
    data = file.read_bytes()
    digest, name = sha256(data).hexdigest(), f"{file.stem}.cedar"
    with _desk(path, clock, entropy) as desk:
        folder, acts = policies_of(desk.site), desk.acts()
        charter = longest_record(signed_charters(desk.site, acts))
        others = [other for other in held(acts, ActKind.POLICY) if other != name and (folder / other).is_file()]
        texts = {other: read_bounded(folder / other).decode("utf-8", "replace") for other in others}
        CedarPolicies.builtin({**texts, name: data.decode("utf-8", "replace")})
        folder.mkdir(mode=0o700, exist_ok=True)
        keep_signed_text(folder / ARCHIVE / f"{digest}.cedar", data, Signed.POLICY, desk.signer)
        with desk.storage.transactions.write() as tx:
            record_policy(tx, desk.recorder(charter), charter, digest, desk.signer.public_key, desk.now)
            note_policy(tx, desk.signer, name, digest, desk.now)
            tx.commit()
        desk.log.publish(desk.now)
        keep_signed_text(folder / name, data, Signed.POLICY, desk.signer)
    return digest


def withdraw_policy(
    path: Path, name: str, reason: str, *, clock: Clock | None = None, entropy: Entropy | None = None
) -> str:
    """Let a prohibition of the site, by its file's name, hold no longer from the next start on; return its SHA-256.

    The text stays in ``policies/signed/``; the act and its reason are in the record.

    Raises:
        NotFound: ``policy.unknown``.
        PolicyError: ``policy.no_reason``.
        CharterError: a charter of the site, or its list of acts, is not in order.
    """
    if not says_something(reason):
        raise PolicyError(
            "policy.no_reason", "Why the prohibition is withdrawn is not stated in one readable line.",
            remedy="Say why; the reason stands in the record.",
        )  # fmt: skip
    with _desk(path, clock, entropy) as desk:
        acts = desk.acts()
        holding = held(acts, ActKind.POLICY)
        if name not in holding:
            raise NotFound(
                "policy.unknown", f"No prohibition {name!r} holds at this site.",
                remedy=f"Name one that holds: {', '.join(sorted(holding)) or 'there is none'}.",
            )  # fmt: skip
        charter = longest_record(signed_charters(desk.site, acts))
        with desk.storage.transactions.write() as tx:
            record_withdrawal(tx, desk.recorder(charter), charter, holding[name], reason, desk.now)
            note_policy(tx, desk.signer, name, "", desk.now)
            tx.commit()
        desk.log.publish(desk.now)
        for file in (policies_of(desk.site) / name, signature_of(policies_of(desk.site) / name)):
            file.unlink(missing_ok=True)
    return holding[name]


def note_placed(  # noqa: PLR0917 - what was seen, where, by whom
    path: Path,
    checkpoint_id: str,
    by: str,
    photograph: bytes,
    clock: Clock | None = None,
    entropy: Entropy | None = None,
) -> NoticeCheck:
    """Note that ``by`` saw the notice of a checkpoint hang there, whole, readable and current (CBP-19).

    Raises:
        NotFound: ``checkpoint.unknown``.
        CharterError: ``charter.who_looked``; a charter of the site is not in order.
    """
    if not says_something(by):
        raise CharterError(
            "charter.who_looked", "Who looked at the notice is not stated in one readable line.",
            remedy="Name the post that looked, such as supervisor:2.",
        )  # fmt: skip
    with _desk(path, clock, entropy) as desk:
        charters = signed_charters(desk.site, desk.acts())
        named = [
            (charter, point) for charter in charters for point in charter.checkpoints
            if point.checkpoint_id == checkpoint_id
        ]  # fmt: skip
        if not named:
            known = sorted({point.checkpoint_id for charter in charters for point in charter.checkpoints})
            raise NotFound(
                "checkpoint.unknown", f"No charter of this site names a checkpoint {checkpoint_id!r}.",
                remedy=f"Use one of: {', '.join(known)}.",
            )  # fmt: skip
        charter, point = next((one for one in named if one[0].in_force(desk.now)), named[0])
        texts = tuple(sorted(item.sha256 for item in charter.notices if item.notice_id == point.notice_id))
        seen = sha256(photograph).hexdigest() if photograph else ""
        check = NoticeCheck(checkpoint_id, texts, desk.now, by, seen)
        with desk.storage.transactions.write() as tx:
            record_notice_check(tx, desk.recorder(charter), charter, check, desk.now)
            tx.commit()
        desk.log.publish(desk.now)
        file = notices_of(desk.site) / f"{checkpoint_id}.json"
        keep_signed_text(file, check_file(check), Signed.NOTICE_CHECK, desk.signer)
    return check


@contextmanager
def _desk(path: Path, clock: Clock | None, entropy: Entropy | None) -> Iterator[_Desk]:
    source = entropy or SystemEntropy()
    site = Site.open(path)
    with ExitStack() as stack:
        stack.enter_context(SiteLock(site))
        storage = open_storage(site, source, clock)
        stack.callback(storage.close)
        if not (site.keys / KEY).exists():
            create_charter_key(site, source)
            _forget_acts(storage)
        log = open_log(site, storage, source, thorough=False)
        yield _Desk(site, storage, log, FileSigner(site.keys / KEY), storage.clock.now())


def _forget_acts(storage: Storage) -> None:
    """Begin anew: acts of a lost key can be checked by nobody."""
    with storage.transactions.write() as tx:
        tx.acts.clear()
        tx.commit()


def _place(site: Site, file: Path, charter: Charter, now: Instant) -> Path:
    if file.resolve().parent == site.charters.resolve():
        return site.charters / file.name
    for place, other in _others(site):
        overlaps = other.valid_from < charter.valid_until and charter.valid_from < other.valid_until
        if other.charter_id == charter.charter_id and overlaps and charter.valid_from <= now:
            return place
    version = f"-v{charter.version}" if charter.version > 1 else ""
    return site.charters / f"{charter.charter_id}{version}.yaml"


def _others(site: Site) -> Iterator[tuple[Path, Charter]]:
    """Yield the site's charters with their places; those of 0.1.0 wait to be replaced, and keep the site closed."""
    for place in sorted(site.charters.glob("*.yaml")):
        try:
            yield place, parse_charter(place.read_bytes())
        except CharterError as error:
            if error.code != "charter.old_format":
                raise


def _check_version(acts: Sequence[SignedAct], charter: Charter) -> None:
    for act in acts:
        if act.charter_id != charter.charter_id or act.sha256 == charter.sha256:
            continue
        if act.version == charter.version:
            raise CharterError(
                "charter.same_version",
                f"Another text was signed as version {charter.version} of the charter {charter.charter_id!r}.",
                remedy="Raise 'version' by one: entries of the record name texts, and people name versions.",
            )
        if act.version > charter.version:
            raise CharterError(
                "charter.older_version",
                f"Version {act.version} of the charter {charter.charter_id!r} was signed before; this is "
                f"{charter.version}.",
                remedy="Raise 'version' above every earlier one.",
            )
