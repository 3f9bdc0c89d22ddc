"""A new site: folder, keys, database, log, charters, the local device, and one API key per role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from countenance.access import issue_key
from countenance.authority import parse_charter
from countenance.bootstrap.acts import KEY, note_charter
from countenance.bootstrap.charters import create_charter_key, keep_charter
from countenance.bootstrap.key_holders import key_holder
from countenance.bootstrap.local_device import DEVICE_ID
from countenance.bootstrap.points import create_point_key
from countenance.bootstrap.wiring import open_storage
from countenance.custody import SITE, FileSigner, SystemEntropy, create_signing_key, write_secret
from countenance.ports import Entropy
from countenance.record import verifier_key
from countenance.site import Site
from countenance.terms import Actor, Charter, Device, Role


@dataclass(frozen=True, slots=True)
class CreatedSite:
    """A new site and its API keys, which are shown once and stored as hashes only."""

    site: Site
    api_keys: Mapping[Role, str]


def create_site(
    path: Path,
    *,
    charters: Sequence[bytes],
    entropy: Entropy | None = None,
    settings: Mapping[str, str | int] | None = None,
) -> CreatedSite:
    """Make a site in the empty folder ``path`` with these charters, valid ones only, signed with its new key.

    ``settings`` replace defaults of ``site.toml``; a token that shall hold its keys must be there.

    Raises:
        SiteError: the folder is not empty.
        CharterError: a charter is invalid; nothing was made.
        VaultError: the token that shall hold its keys is not in order.
    """
    source = entropy or SystemEntropy()
    parsed = [(parse_charter(text), text) for text in charters]
    site = Site.create(path, **(settings or {}))
    for name in ("log.key", "device-local.key"):
        create_signing_key(site.keys / name, source)
    create_point_key(site, source)
    create_charter_key(site, source)
    key_holder(site, source).create(SITE)
    log_key = FileSigner(site.keys / "log.key").public_key
    (site.keys / "log.pub").write_text(verifier_key(site.log_origin, log_key) + "\n")
    for charter, text in parsed:
        keep_charter(site, site.charters / f"{charter.charter_id}.yaml", text, charter)
    return CreatedSite(site, _first_rows(site, source, [charter for charter, _ in parsed]))


def _first_rows(site: Site, entropy: Entropy, charters: Sequence[Charter]) -> dict[Role, str]:
    """Note what was signed, enrol the local device, and return one API key per role."""
    checkpoints = tuple(point.checkpoint_id for charter in charters for point in charter.checkpoints)
    storage = open_storage(site, entropy, None)
    try:
        now = storage.clock.now()
        with storage.transactions.write() as tx:
            for charter in charters:
                note_charter(tx, FileSigner(site.keys / KEY), f"{charter.charter_id}.yaml", charter, now)
            device_key = FileSigner(site.keys / "device-local.key").public_key
            tx.access.add_device(Device(DEVICE_ID, device_key, checkpoints, "", now, revoked=False))
            keys: dict[Role, str] = {}
            for role in Role:
                device = DEVICE_ID if role is Role.DEVICE else ""
                keys[role], record = issue_key(entropy, Actor(f"{role}:1", role, device), now)
                tx.access.add_key(record)
            cli, record = issue_key(entropy, Actor("supervisor:cli", Role.SUPERVISOR, ""), now)
            tx.access.add_key(record)
            tx.commit()
    finally:
        storage.close()
    write_secret(site.keys / "cli.key", cli.encode())
    return keys
