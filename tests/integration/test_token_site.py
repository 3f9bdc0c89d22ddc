"""A site whose keys a PKCS#11 token holds: everything as with files, and no wrapping key in its folder."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from countenance.bootstrap import create_site, open_site
from countenance.bootstrap.backing_up import back_up
from countenance.bootstrap.keeping import create_backup_identity, look_at_keys, rotate_keys
from countenance.bootstrap.restoring import Asked, restore
from countenance.config import read_settings
from countenance.errors import BackupError, ConfigurationError, VaultError
from countenance.site import Site
from countenance.terms import Enrolment, Outcome
from fakes.command_line import countenance
from fakes.extractor import face
from fakes.points import TRIAL_POINT
from fakes.tokens import PIN, token_folder, token_settings
from fakes.world import ADMINISTRATOR, OPERATOR, World, gate_charter, land_charter, look, opened, submission, trust


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a site of its own name in the tests' token."""
    charters = (land_charter(), gate_charter())
    origin = f"tests.example/{os.getpid()}/{tmp_path.name}"
    created = create_site(tmp_path / "site", charters=charters, settings={"log_origin": origin, **token_settings()})
    trust(created.site, TRIAL_POINT)
    look(created.site, *charters)
    return World(tmp_path / "site", created)


def rewrite(world: World, old: str, new: str) -> None:
    """Change a line of the site's settings."""
    path = world.path / "site.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_site_works_over_a_token(world: World) -> None:
    """People cross, references come and go, restarts find the keys; the folder holds none that wraps."""
    with world.open() as service:
        service.staging.open_gallery("flight", "gate-1", ADMINISTRATOR)
        tuple(service.staging.enrol("flight", [Enrolment("p", "p", 30, 5, face("ann"))], ADMINISTRATOR))
    with world.open() as service:
        frames = submission(service, opened(service).token, face("ann", 1), face("ann", 2))
        assert service.crossing.verify(frames, OPERATOR).outcome is Outcome.MATCH
        assert service.galleries.size("flight") == 1
        service.staging.close_gallery("flight", ADMINISTRATOR)
    assert not (world.path / "keys" / "vault.key").exists()
    assert not (world.path / "keys" / "epochs").exists()


def test_a_wrong_pin_opens_nothing(world: World) -> None:
    """Another PIN is named as such in a process of its own, and nothing is touched."""
    wrong = token_folder() / "wrong-pin"
    wrong.touch(mode=0o600)
    wrong.write_text("0000-wrong")
    rewrite(world, str(token_folder() / "pin"), str(wrong))
    program = [Path(sys.executable).with_name("countenance"), "keys", "check", world.path]
    done = subprocess.run(program, check=False, capture_output=True, text=True)
    assert done.returncode == 5
    assert "[vault.token_pin]" in done.stderr
    assert PIN not in done.stderr


def test_no_pin_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file and without the environment's variable, the site says where a PIN may stand; with it, it opens."""
    rewrite(world, str(token_folder() / "pin"), "")
    monkeypatch.delenv("COUNTENANCE_PKCS11_PIN", raising=False)
    with pytest.raises(ConfigurationError) as refused:
        world.open()
    assert refused.value.code == "config.no_pin"
    monkeypatch.setenv("COUNTENANCE_PKCS11_PIN", PIN)
    world.open().close()


def test_a_pin_that_others_may_read_is_refused(world: World) -> None:
    """The PIN's file is the owner's alone, or it is not read."""
    loose = world.path.parent / "pin"
    loose.write_text(PIN)
    loose.chmod(0o644)
    rewrite(world, str(token_folder() / "pin"), str(loose))
    with pytest.raises(VaultError) as refused:
        open_site(world.path, read_settings({}), extractor=world.extractor)
    assert refused.value.code == "vault.key_permissions"


@pytest.mark.parametrize("name", ["pkcs11_module", "pkcs11_token"])
def test_a_token_must_be_named(world: World, name: str) -> None:
    """A site that says pkcs11 and not which token does not open."""
    lines = [line for line in (world.path / "site.toml").read_text().splitlines() if not line.startswith(name)]
    (world.path / "site.toml").write_text("\n".join(lines))
    with pytest.raises(ConfigurationError) as refused:
        Site.open(world.path)
    assert refused.value.code == "config.invalid"
    assert name in refused.value.message


def test_init_makes_a_site_over_a_token(tmp_path: Path) -> None:
    """``--setting`` fills site.toml; a value that it may not have, or that is none, makes nothing."""
    settings = [f"{name}={value}" for name, value in token_settings().items()]
    options = [word for setting in (*settings, "port=9000") for word in ("--setting", setting)]
    done = countenance("init", tmp_path / "border", *options, "--json")
    assert done.status == 0, done.err
    site = Site.open(tmp_path / "border")
    assert (site.key_holder, site.port) == ("pkcs11", 9000)
    assert countenance("init", tmp_path / "other", "--setting", "port=many").status == 4
    assert countenance("init", tmp_path / "other", "--setting", "port").status == 2
    assert not (tmp_path / "other").exists()


def test_a_token_rotates_its_keys(world: World) -> None:
    """New keys in the token, the old ones destroyed there, and everything opens as before."""
    with world.open() as service:
        service.staging.open_gallery("flight", "gate-1", ADMINISTRATOR)
        tuple(service.staging.enrol("flight", [Enrolment("p", "p", 30, 5, face("ann"))], ADMINISTRATOR))
    before = {card.epoch for card in look_at_keys(world.path).epochs}
    done = rotate_keys(world.path, clock=world.clock)
    assert set(done.destroyed) == before
    found = look_at_keys(world.path)
    assert not before & {card.epoch for card in found.epochs}
    assert found.left_over == ()
    with world.open() as service:
        assert service.galleries.size("flight") == 1


def test_a_backup_of_a_token_site_holds_no_key(world: World, tmp_path: Path) -> None:
    """The token keeps the keys: with it the site comes back; what was made since is destroyed only when told to be."""
    recipient = create_backup_identity(tmp_path / "identity")
    with world.open() as service:
        service.staging.open_gallery("flight", "gate-1", ADMINISTRATOR)
        tuple(service.staging.enrol("flight", [Enrolment("p", "p", 30, 5, face("ann"))], ADMINISTRATOR))
    done = back_up(world.path, tmp_path / "backups", recipient)
    assert (done.epochs, done.key_holder) == (0, "pkcs11")
    with world.open() as service:
        service.staging.open_gallery("later", "gate-1", ADMINISTRATOR)
        tuple(service.staging.enrol("later", [Enrolment("q", "q", 30, 5, face("bob"))], ADMINISTRATOR))
        service.staging.close_gallery("flight", ADMINISTRATOR)
    asked = Asked(done.file, tmp_path / "identity", world.path / "erased.jsonl", "", world.path / "log")
    clock = world.clock
    with pytest.raises(BackupError) as refused:
        restore(asked, tmp_path / "new", clock=clock, source=lambda: int(clock.instant))
    assert refused.value.code == "restore.token_ahead"
    with world.open() as service:
        assert service.galleries.size("later") == 1, "the refusal destroyed a key of the living site"
    told = replace(asked, discard_newer_keys=True)
    again = restore(told, tmp_path / "new", clock=clock, source=lambda: int(clock.instant))
    assert again.replayed.items == 1
    left_over = look_at_keys(tmp_path / "new").left_over
    assert left_over, "the restore itself destroyed keys that the backup does not know"
    back = World(tmp_path / "new", world.created, clock, world.extractor)
    with back.open() as service, service.transactions.read() as tx:
        assert not tx.galleries.get("flight").open
        assert tx.galleries.get("later") is None
        assert tx.vault.of_purpose("reference") == ()
    assert look_at_keys(tmp_path / "new").left_over == ()
