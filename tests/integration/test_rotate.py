"""New keys in the old ones' place: everything opens as before, old keys open nothing, a wrong key touches nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from countenance.audit import audit
from countenance.bootstrap import keeping
from countenance.bootstrap.keeping import look_at_keys, rotate_keys
from countenance.custody import FileKeyHolder
from countenance.errors import SiteError, VaultError
from countenance.terms import Enrolment, Instant
from fakes.extractor import face
from fakes.killer import count_steps, kill_at
from fakes.world import ADMINISTRATOR, AUDITOR, World

KILLS = 24


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a site with somebody in a gallery, a closed gallery, and a record."""
    world = World.at(tmp_path / "site")
    with world.open() as service:
        for gallery in ("over", "flight"):
            service.staging.open_gallery(gallery, "gate-1", ADMINISTRATOR)
            tuple(service.staging.enrol(gallery, [Enrolment("p", "p", 30, 5, face("ann"))], ADMINISTRATOR))
        service.staging.close_gallery("over", ADMINISTRATOR)
    return world


def files(*folders: Path) -> dict[str, bytes]:
    """Return every byte below these folders."""
    return {str(path): path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()}


def everything(world: World) -> list[bytes]:
    """Return what every sealed item holds, opened; a site that starts, and whose log holds."""
    with world.open() as service:
        assert service.galleries.size("flight") == 1
        with service.transactions.read() as tx:
            assert tx.vault.ended_epochs(Instant(world.clock.instant)) == ()
            items = [label for purpose in ("reference", "facts", "personal") for label in tx.vault.of_purpose(purpose)]
            opened = [plaintext for _, plaintext in tx.vault.open_many([label.item_id for label in items])]
    key = (world.path / "keys" / "log.pub").read_text()
    assert audit(world.path / "log", key, bodies=None, receipts=(), now_ms=int(world.clock.instant)).ok
    return opened


def test_everything_opens_under_new_keys(world: World) -> None:
    """After a rotation every item opens as before, no key file of before is there, and the record says so."""
    before, opened = files(world.path / "keys" / "epochs"), everything(world)
    site_key = (world.path / "keys" / "vault.key").read_bytes()
    done = rotate_keys(world.path, clock=world.clock)
    assert len(done.made) == len(done.destroyed) >= 2
    assert "site" in done.destroyed
    after = files(world.path / "keys")
    assert not set(before) & set(after)
    assert site_key not in after.values()
    assert [one for one in everything(world) if one in opened] == opened
    with world.open() as service:
        bundle = service.desk.export_record(AUDITOR)
    rotated = [entry for entry in bundle["entries"] if '"keys.rotated"' in entry.get("facts", "")]
    assert len(rotated) == 1


def test_old_keys_open_nothing(world: World) -> None:
    """Whoever copied keys/ before a rotation opens no later copy of the database with them."""
    shutil.copytree(world.path / "keys", world.path.parent / "stolen")
    rotate_keys(world.path, clock=world.clock)
    shutil.rmtree(world.path / "keys")
    shutil.copytree(world.path.parent / "stolen", world.path / "keys")
    with pytest.raises(VaultError) as refused:
        world.open()
    assert refused.value.code in {"vault.key_missing", "vault.foreign_keys"}


@pytest.mark.parametrize("fault, code", [
    ("foreign", "vault.foreign_keys"), ("missing", "vault.key_missing"), ("half", "vault.key_malformed"),
    ("open", "vault.key_permissions"),
])  # fmt: skip
def test_a_wrong_key_touches_nothing(world: World, fault: str, code: str) -> None:
    """Another site's key, none, half a one, or one that others may read: named, and no byte of db/ or keys/ changes."""
    key = world.path / "keys" / "vault.key"
    if fault == "foreign":
        key.write_bytes(os.urandom(32))
    elif fault == "missing":
        key.unlink()
    elif fault == "half":
        key.write_bytes(key.read_bytes()[:16])
    else:
        key.chmod(0o644)
    before = files(world.path / "db", world.path / "keys")
    for act in (lambda: rotate_keys(world.path, clock=world.clock), lambda: look_at_keys(world.path)):
        with pytest.raises(VaultError) as refused:
            act()
        assert refused.value.code == code
        assert refused.value.remedy
        assert files(world.path / "db", world.path / "keys") == before


def test_one_subject_key_that_does_not_open_touches_nothing(world: World) -> None:
    """A row that was tampered with stops the rotation: no row and no key changes, and new keys are gone again."""
    with sqlite3.connect(world.path / "db" / "countenance.db") as database:
        database.execute("update vault_keys set wrapped = zeroblob(61) where purpose = 'reference'")
    database.close()
    before = files(world.path / "db", world.path / "keys")
    with pytest.raises(VaultError) as refused:
        rotate_keys(world.path, clock=world.clock)
    assert refused.value.code == "vault.unwrap"
    assert files(world.path / "db", world.path / "keys") == before


def test_a_check_tells_epochs_while_served(world: World) -> None:
    """A check works beside a service: each epoch with its end and keys, and what an interruption left over."""
    with world.open():
        FileKeyHolder(world.path / "keys").create("day-2026-01-01-0123456789abcdef")
        found = look_at_keys(world.path)
    assert found.left_over == ("day-2026-01-01-0123456789abcdef",)
    assert {card.epoch: card.ends_at for card in found.epochs}["site"] is None
    assert sum(card.keys for card in found.epochs) >= 2
    assert any(card.epoch.startswith("event-") and card.keys == 1 for card in found.epochs)


def test_a_check_makes_no_database(world: World) -> None:
    """A site whose database is gone is named as such, and no empty one is put in its place."""
    shutil.rmtree(world.path / "db")
    (world.path / "db").mkdir()
    with pytest.raises(SiteError) as refused:
        look_at_keys(world.path)
    assert refused.value.code == "site.no_database"
    assert list((world.path / "db").iterdir()) == []


def test_a_kill_at_any_step_loses_nothing(world: World) -> None:
    """SIGKILL at steps spread over a rotation: every item still opens, and left over keys are gone after a start."""
    opened = everything(world)

    def act(_: object) -> None:
        keeping.rotate_keys(world.path, clock=world.clock)

    steps = count_steps(world.path, act)
    for kill in range(KILLS):
        kill_at(1 + kill * steps // KILLS, world.path, act)
        assert [one for one in everything(world) if one in opened] == opened
        assert look_at_keys(world.path).left_over == ()
