"""What a site signed last under each name, and whether its folders still hold exactly that.

A signature beside a file is for ever; so an older text, put back with its old signature, and a prohibition that was
taken out of its folder, are found by the list of acts in the database, which nobody without ``keys/charter`` can write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from countenance.custody import FileSigner, SqlActStore, check_acts, sign_act
from countenance.errors import CharterError, PolicyError
from countenance.ports import Signer, UnitOfWork
from countenance.site import Site
from countenance.storage import open_database, tables
from countenance.terms import ActKind, Charter, Instant, SignedAct

KEY = "charter"
"""The signing key's file in ``keys/``; its public half stands beside it, with the ending ``.pub``."""


def acts_at(site: Site) -> tuple[SignedAct, ...]:
    """Return the site's acts in order, read beside whoever serves it.

    Raises:
        StorageError: the database cannot be read.
    """
    engine = open_database(site.db_url)
    try:
        with engine.connect() as connection:
            if not engine.dialect.has_table(connection, tables.signed_acts.name):
                return ()  # written by an earlier version, which signed nothing
            return SqlActStore(connection).all()
    finally:
        engine.dispose()


def note_charter(tx: UnitOfWork, signer: Signer, file: str, charter: Charter, now: Instant) -> None:
    """Add that ``charter`` was signed as ``file``, inside ``tx``."""
    act = SignedAct(0, ActKind.CHARTER, file, charter.sha256, charter.charter_id, charter.version, now, b"")
    _note(tx, signer, act)


def note_policy(tx: UnitOfWork, signer: Signer, file: str, sha256: str, now: Instant) -> None:
    """Add that the text with this hash was signed as ``file``, or with "" that what ``file`` held was withdrawn."""
    _note(tx, signer, SignedAct(0, ActKind.POLICY, file, sha256, "", 0, now, b""))


def _note(tx: UnitOfWork, signer: Signer, act: SignedAct) -> None:
    before = tx.acts.all()
    check_acts(before, signer.public_key)
    tx.acts.add(sign_act(act, before, signer))


def held(acts: Sequence[SignedAct], kind: ActKind) -> Mapping[str, str]:
    """Return the SHA-256 of what was signed last under each name and not withdrawn."""
    last = {act.file: act.sha256 for act in acts if act.kind is kind}
    return {file: sha256 for file, sha256 in last.items() if sha256}


def check_charters(site: Site, acts: Sequence[SignedAct], found: Mapping[str, str]) -> None:
    """Return only if each charter file (``found``: its SHA-256 by name) is the text signed last under its name.

    A charter that is not there any more closes its checkpoints, so its absence is no fault.

    Raises:
        CharterError: ``charter.put_back``, ``charter.acts_changed``.
    """
    last = held(acts, ActKind.CHARTER)
    if found:
        _check_list(site, acts)
    for file, sha256 in found.items():
        if last.get(file) != sha256:
            raise CharterError(
                "charter.put_back",
                f"The file {file} was signed once, and is not what this site signed last under that name.",
                remedy="Sign what shall hold, with a version above every earlier one (countenance charter sign), or "
                f"restore the last text from charters/signed/{last.get(file, '')[:16]}….",
            )


def check_policies(site: Site, acts: Sequence[SignedAct], found: Mapping[str, str]) -> None:
    """Return only if the site's prohibitions are exactly those that were signed and not withdrawn.

    Raises:
        PolicyError: ``policy.removed``, ``policy.put_back``.
        CharterError: ``charter.acts_changed``.
    """
    last = held(acts, ActKind.POLICY)
    if last or found:
        _check_list(site, acts)
    for file, sha256 in last.items():
        if file not in found:
            raise PolicyError(
                "policy.removed",
                f"The prohibition {file} was signed, is not withdrawn, and is no longer in policies/.",
                remedy=f"Restore it from policies/signed/{sha256[:16]}…, or withdraw it: countenance charter withdraw.",
            )
    for file, sha256 in found.items():
        if last.get(file) != sha256:
            raise PolicyError(
                "policy.put_back",
                f"The prohibition {file} is not what this site signed last under that name, or was withdrawn.",
                remedy="Remove the file, or sign what shall hold (countenance charter forbid).",
            )


def _check_list(site: Site, acts: Sequence[SignedAct]) -> None:
    check_acts(acts, FileSigner(site.keys / KEY).public_key)
