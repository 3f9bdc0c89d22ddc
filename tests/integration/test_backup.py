"""One sealed file holds a whole site, takes the older one's place only whole, and never holds what does not open."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from countenance.bootstrap import backing_up
from countenance.bootstrap.backing_up import TOPS
from countenance.custody.archive import MANIFEST, Unpacker
from countenance.custody.sealed_files import read_identity, unseal
from countenance.errors import BackupError, CountenanceError, VaultError
from countenance.terms import Enrolment
from fakes.backups import Kept
from fakes.extractor import face
from fakes.killer import count_steps, kill_at
from fakes.world import ADMINISTRATOR, World

KILLS = 40


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Return a site with people, no backup yet."""
    return Kept(World.at(tmp_path / "site"), tmp_path / "backups")


def unpacked(kept: Kept, folder: Path) -> dict[str, Any]:
    """Open the backup into a folder; return its manifest, every hash compared."""
    folder.mkdir()
    unpacker = Unpacker(folder, TOPS)
    with kept.file.open("rb") as file:
        unseal(file, unpacker.take, read_identity(kept.identity))
    return unpacker.finish()


def test_a_backup_holds_the_whole_site(kept: Kept, tmp_path: Path) -> None:
    """Settings, keys, charters with signatures, operating points, looks at notices and a whole database are in it."""
    (kept.world.path / "keys" / "extra").mkdir()
    done = kept.back_up()
    manifest = unpacked(kept, tmp_path / "out")
    assert (manifest["site"], manifest["key_holder"]) == ("site", "file")
    names = set(manifest["files"])
    for folder in ("charters", "operating-points", "notices"):
        paths = [path for path in (kept.world.path / folder).rglob("*") if path.is_file()]
        there = {path.relative_to(kept.world.path).as_posix() for path in paths}
        assert there
        assert there <= names
    assert {"site.toml", "keys/vault.key", "keys/log.key", "keys/log.pub", "db/countenance.db"} <= names
    assert sum(name.startswith("keys/epochs/") for name in names) + 1 == done.epochs
    assert not any(name.startswith("log/") for name in names)


def test_a_backup_is_its_recipients_alone(kept: Kept) -> None:
    """The file is the owner's, and no name or key of the site can be found in its bytes."""
    kept.back_up()
    data = kept.file.read_bytes()
    assert data.startswith(b"age-encryption.org/v1\n")
    assert b"flight" not in data
    assert (kept.world.path / "keys" / "vault.key").read_bytes() not in data
    assert kept.file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in kept.folder.iterdir()] == ["site.age"]
    assert [path.name for path in (kept.world.path / "db").iterdir()] == ["countenance.db"]


def test_a_person_can_open_a_backup_with_other_tools(kept: Kept, tmp_path: Path) -> None:
    """What is sealed is a plain tar archive, so that a backup outlives this program."""
    kept.back_up()
    with kept.file.open("rb") as file, (tmp_path / "site.tar").open("wb") as out:
        unseal(file, out.write, read_identity(kept.identity))
    listed = subprocess.run(["tar", "-tf", tmp_path / "site.tar"], check=True, capture_output=True, text=True)
    assert {"site.toml", "db/countenance.db", MANIFEST} <= set(listed.stdout.split())


def test_a_backup_of_a_busy_site_is_one_instant(kept: Kept) -> None:
    """Made again and again while people are enrolled and removed, each backup restores to a site that starts."""
    over = Event()

    def work() -> None:
        with kept.world.open() as service:
            number = 0
            while not over.is_set():
                number += 1
                row = Enrolment(f"n{number}", f"n{number}", 30, 5, face(f"n{number}"))
                tuple(service.staging.enrol("flight", [row], ADMINISTRATOR))
                service.log.publish(service.clock.now())

    busy = Thread(target=work)
    busy.start()
    try:
        for _ in range(5):
            kept.back_up()
    finally:
        over.set()
        busy.join()
    kept.restore()
    with kept.restored().open() as service:
        assert service.galleries.size("flight") >= 3


@pytest.mark.parametrize("recipient", ["", "age1", "age1" + "q" * 58, "AGE-SECRET-KEY-1", "ssh-ed25519 AAAA"])
def test_a_wrong_recipient_makes_nothing(kept: Kept, recipient: str) -> None:
    """What is no recipient is said before anything is written."""
    with pytest.raises(BackupError) as refused:
        backing_up.back_up(kept.world.path, kept.folder, recipient)
    assert refused.value.code == "backup.recipient"
    assert not kept.folder.exists()


@pytest.mark.parametrize("fault, code", [
    ("foreign", "vault.foreign_keys"), ("missing", "vault.key_missing"), ("half", "vault.key_malformed"),
])  # fmt: skip
def test_keys_that_do_not_fit_never_replace_a_good_backup(kept: Kept, fault: str, code: str) -> None:
    """With another site's key, none or half a one there is no backup, and the older one is byte for byte as it was."""
    kept.back_up()
    before, key = kept.file.read_bytes(), kept.world.path / "keys" / "vault.key"
    content = {"foreign": os.urandom(32), "missing": b"", "half": key.read_bytes()[:16]}[fault]
    key.write_bytes(content)
    if fault == "missing":
        key.unlink()
    with pytest.raises(VaultError) as refused:
        kept.back_up()
    assert refused.value.code == code
    assert kept.file.read_bytes() == before
    assert [path.name for path in kept.folder.iterdir()] == ["site.age"]


def test_a_full_disk_leaves_the_older_backup(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without room the fault says so, the older backup is intact, and half of the new one is gone."""
    kept.back_up()
    before = kept.file.read_bytes()

    def seal(chunks: Iterator[bytes], out: Any, _: object) -> None:
        out.write(next(chunks))
        out.flush()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(backing_up, "seal", seal)
    with pytest.raises(BackupError) as refused:
        kept.back_up()
    assert refused.value.code == "backup.full"
    assert "older backup is intact" in refused.value.remedy
    assert kept.file.read_bytes() == before
    assert [path.name for path in kept.folder.iterdir()] == ["site.age"]


def test_no_room_at_any_step_leaves_the_older_backup(kept: Kept) -> None:
    """Wherever the room ends, at each piece in turn: the older backup is intact, and nothing lies beside it."""
    kept.back_up()
    before, pieces = kept.file.read_bytes(), []
    kept.back_up(lambda *told: pieces.append(told))
    kept.file.write_bytes(before)
    for last in range(len(pieces)):
        steps = iter(range(last))

        def step(*_: object, steps: Iterator[int] = steps) -> None:
            if next(steps, None) is None:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with pytest.raises(BackupError) as refused:
            kept.back_up(step)
        assert refused.value.code == "backup.full"
        assert kept.file.read_bytes() == before
        assert [path.name for path in kept.folder.iterdir()] == ["site.age"]
        assert [path.name for path in (kept.world.path / "db").iterdir()] == ["countenance.db"]


def test_a_folder_that_cannot_be_written_is_named(kept: Kept) -> None:
    """A file in the folder's place is a refusal of ours."""
    kept.folder.write_text("x")
    with pytest.raises(CountenanceError) as refused:
        kept.back_up()
    assert refused.value.code == "backup.unwritable"


def test_two_backups_at_once_do_not_mix(kept: Kept) -> None:
    """Whoever comes second is told to wait, and the first one's file is whole."""
    told = []

    def meanwhile(what: str, *_: int) -> None:
        if what == "sealing" and not told:
            with pytest.raises(BackupError) as refused:
                kept.back_up()
            told.append(refused.value.code)

    kept.back_up(meanwhile)
    assert told == ["backup.busy"]
    kept.restore()


def test_a_kill_at_any_step_leaves_a_whole_backup(kept: Kept, tmp_path: Path) -> None:
    """SIGKILL at steps spread over a backup: under its name there is the older one or a whole new one, nothing else."""
    kept.back_up()
    with kept.world.open() as service:
        service.staging.remove("flight", "ann", ADMINISTRATOR)
    steps = count_steps(tmp_path, kept.back_up)
    kept.back_up()
    for kill in range(KILLS):
        before = kept.file.read_bytes()
        kill_at(1 + kill * steps // KILLS, tmp_path, kept.back_up)
        if kept.file.read_bytes() != before:
            unpacked(kept, tmp_path / f"out-{kill}")
        assert {path.name for path in kept.folder.iterdir()} <= {"site.age", ".site.age.part"}
        assert all(path.stat().st_size == 0 for path in (kept.world.path / "db").glob(".snapshot-*"))
    kept.back_up()
    assert [path.name for path in kept.folder.iterdir()] == ["site.age"]
    unpacked(kept, tmp_path / "out")
