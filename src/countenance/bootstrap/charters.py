"""Charters, policies and looks at notices that a site signed, and the acts of signing them.

Signing is the act of whoever may read ``keys/charter`` (decision 0012); it is recorded and published before it counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from countenance.authority import CedarPolicies, check_together, parse_charter
from countenance.bootstrap.acts import KEY, check_charters, check_policies
from countenance.custody import (
    FileSigner,
    Signed,
    create_key_pair,
    keep_signed_text,
    read_bounded,
    read_signed_texts,
)
from countenance.errors import CharterError
from countenance.ports import Entropy
from countenance.site import Site
from countenance.terms import Charter, NoticeCheck, SignedAct, iso, parse_iso

ARCHIVE = "signed"
"""Folder below ``charters/`` with every charter this site ever signed, by SHA-256: what entries name can be read."""


def policies_of(site: Site) -> Path:
    """Return the folder of policies of this site's own, each with its signature; it may not be there."""
    return site.path / "policies"


def notices_of(site: Site) -> Path:
    """Return the folder of the last look at each checkpoint's notice, each with its signature; it may not be there."""
    return site.path / "notices"


def create_charter_key(site: Site, entropy: Entropy) -> None:
    """Make the site's key for signing charters, and its public half for everybody.

    Raises:
        VaultError: ``vault.key_exists`` or ``vault.key_unwritable``.
    """
    create_key_pair(site.keys / KEY, entropy)


def archive_charter(site: Site, data: bytes, charter: Charter) -> None:
    """Sign a charter's file and keep it by its hash, where nothing acts under it.

    Raises:
        CharterError: ``charter.unwritable``.
    """
    place = site.charters / ARCHIVE / f"{charter.sha256}.yaml"
    keep_signed_text(place, data, Signed.CHARTER, FileSigner(site.keys / KEY))


def keep_charter(site: Site, path: Path, data: bytes, charter: Charter) -> None:
    """Sign a charter's file and keep it at ``path``, and a copy by its hash; callers note the act first.

    Raises:
        CharterError: ``charter.unwritable``.
    """
    archive_charter(site, data, charter)
    keep_signed_text(path, data, Signed.CHARTER, FileSigner(site.keys / KEY))


def signed_charters(site: Site, acts: Sequence[SignedAct]) -> tuple[Charter, ...]:
    """Return every charter of the site, each exactly as it was signed last; none contradicts another.

    Each file is parsed before its signature is looked at, because "a charter of 0.1.0" helps more than "unsigned";
    nothing is done with it before its signature held.

    Raises:
        CharterError: what is wrong with one of them, or between two, or with the site's list of acts.
        VaultError: the key cannot be read.
    """
    parsed = {file.name: parse_charter(read_bounded(file)) for file in sorted(site.charters.glob("*.yaml"))}
    signed = {name: sha256(data).hexdigest() for name, data in _signed(site, site.charters, Signed.CHARTER).items()}
    charters = tuple(charter for name, charter in parsed.items() if signed.get(name) == charter.sha256)
    check_charters(site, acts, signed)
    check_together(charters)
    return charters


def site_policies(site: Site, acts: Sequence[SignedAct]) -> CedarPolicies:
    """Return the shipped policies, narrowed by exactly what this site signed and did not withdraw.

    Raises:
        PolicyError: a text is no policy, or permits something; one was removed or put back.
        CharterError: a text is unsigned or was changed, or the site's list of acts was.
    """
    texts = _signed(site, policies_of(site), Signed.POLICY)
    check_policies(site, acts, {name: sha256(data).hexdigest() for name, data in texts.items()})
    return CedarPolicies.builtin({name: data.decode("utf-8", "replace") for name, data in texts.items()})


def notice_checks(site: Site) -> tuple[NoticeCheck, ...]:
    """Return the last look at each checkpoint's notice.

    Raises:
        CharterError: a file is unsigned or was changed.
    """
    return tuple(_check(data) for data in _signed(site, notices_of(site), Signed.NOTICE_CHECK).values())


def _signed(site: Site, folder: Path, kind: Signed) -> Mapping[str, bytes]:
    if not any(folder.glob(f"*{kind.ending}")):
        return {}
    if not (site.keys / KEY).exists():
        raise CharterError(
            "charter.no_key", f"This site has {folder.name} and no keys/{KEY} that signed them.",
            remedy=f"Restore keys/{KEY} from its backup, or sign them again (countenance charter sign).",
        )  # fmt: skip
    return read_signed_texts(folder, kind, FileSigner(site.keys / KEY).public_key)


def _check(data: bytes) -> NoticeCheck:
    item = json.loads(data)
    return NoticeCheck(
        item["checkpoint"], tuple(item["notices"]), parse_iso(item["checked_at"]), item["by"], item["photograph"]
    )


def check_file(check: NoticeCheck) -> bytes:
    """Return the file that a look at a notice is kept as."""
    item = {
        "checkpoint": check.checkpoint_id, "notices": list(check.notices), "checked_at": iso(check.checked_at),
        "by": check.by, "photograph": check.photograph,
    }  # fmt: skip
    return (json.dumps(item, indent=2) + "\n").encode()
