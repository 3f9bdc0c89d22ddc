"""The files under log/: whatever is interrupted, broken or put there, they end as the record says or nothing starts."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from countenance.errors import RecordError
from countenance.record.projection import Projection, parse_path
from countenance.record.tiles import Tile, TileName
from countenance.terms import Instant
from fakes.keys import DeviceKey, SeededEntropy
from fakes.record_site import START, RecordSite


@pytest.fixture
def site(tmp_path: Path) -> RecordSite:
    """Return a site whose log holds 192 leaves, one batch short of a full tile."""
    made = RecordSite(tmp_path / "site")
    made.log.repair()
    for _ in range(3):
        made.record(2)
        made.log.publish(START)
    return made


class Killed(BaseException):
    """The power went off."""


@contextmanager
def cut(monkeypatch: pytest.MonkeyPatch, at: int, fault: Callable[[], BaseException] = Killed) -> Iterator[list[str]]:
    """Fail the file-system step number ``at`` and every one after it; yield the names of the steps that were begun."""
    steps: list[str] = []

    def cutting(name: str) -> Callable[..., object]:
        real = getattr(os, name)

        def step(*args: object, **kwargs: object) -> object:
            steps.append(name)
            if len(steps) <= at:
                return real(*args, **kwargs)
            if name == "fsync" and (held := os.fstat(args[0]).st_size) and os.fstat(args[0]).st_mode & 0o100000:
                os.ftruncate(args[0], held // 2)  # not durable yet: half of it arrived
            raise fault()

        return step

    with monkeypatch.context() as patch:
        for name in ("mkdir", "fsync", "replace", "unlink", "rmdir"):
            patch.setattr(os, name, cutting(name))
        yield steps


def steps_of_a_batch(site: RecordSite, monkeypatch: pytest.MonkeyPatch) -> int:
    """Publish one batch undisturbed; return how many file-system steps that takes."""
    with cut(monkeypatch, 10**6) as steps:
        site.log.publish(START)
    assert set(steps) == {"mkdir", "fsync", "replace", "unlink", "rmdir"}
    return len(steps)


def copy_of(site: RecordSite, folder: Path) -> RecordSite:
    """Return the same site in another folder, with randomness that starts anew."""
    site.engine.dispose()
    shutil.copytree(site.folder, folder)
    return RecordSite(folder, entropy=SeededEntropy(5))


@pytest.mark.parametrize("thorough", [True, False])
def test_killed_at_any_step_it_is_repaired_to_the_same_bytes(
    site: RecordSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, thorough: bool
) -> None:
    """A batch that fills a tile, cut off at each step of its projection: a restart ends where no cut would have."""
    whole = copy_of(site, tmp_path / "whole")
    count = steps_of_a_batch(whole, monkeypatch)
    assert count > 25
    template = copy_of(site, tmp_path / "template")
    for step in range(count):
        broken = copy_of(template, tmp_path / f"cut-{step}")
        with cut(monkeypatch, step), pytest.raises(Killed):
            broken.log.publish(START)
        assert {fault.code for fault in broken.audited().faults} <= {"file.unexpected"}, "what is stated is there"
        broken.reopened().repair(thorough=thorough)
        assert broken.files() == whole.files(), f"cut before step {step}"
        assert [*broken.logs.rglob("*.p")] == [broken.logs / "tile/1/000.p"]
        assert broken.audited().ok
        shutil.rmtree(broken.folder)


def test_killed_again_while_repairing(site: RecordSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log folder that was lost is rebuilt, even when that is cut off at every step in turn."""
    expected = site.files()
    shutil.rmtree(site.logs)
    for step in range(200):
        try:
            with cut(monkeypatch, step):
                site.reopened().repair()
            break
        except Killed:
            continue
    assert site.files() == expected
    assert site.audited().ok


def test_a_cut_batch_is_caught_up_by_the_next(
    site: RecordSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a restart too: the next batch first brings the files to where the record is."""
    whole = copy_of(site, tmp_path / "whole")
    whole.log.publish(START)
    whole.log.publish(START)
    with cut(monkeypatch, 5), pytest.raises(Killed):
        site.log.publish(START)
    assert site.log.publish(START).size == 320
    assert site.audited().ok
    assert set(site.files()) == set(whole.files())


def test_a_full_disk_loses_nothing(site: RecordSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """The batch stands in the database; publishing fails with what to do, adds no further batch, and heals."""
    (entry,) = site.record()
    full = lambda: OSError(errno.ENOSPC, "No space left on device")  # noqa: E731 - a fault made when it happens
    for _ in range(3):
        with cut(monkeypatch, 2, full), pytest.raises(RecordError) as caught:
            site.log.publish(START)
        assert caught.value.code == "log.not_written"
        assert "No space left" in caught.value.message
        assert site.log.head().size == 256
    with pytest.raises(RecordError) as caught:
        site.log.prove(entry.commitment)
    assert caught.value.code == "log.unreadable"
    site.log.repair()
    assert site.log.prove(entry.commitment).tree_head.size == 256
    assert site.audited().ok


def test_a_disk_that_fails_while_cleaning_up(site: RecordSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outgrown files that cannot be removed are reported; the tree is published and the next repair removes them."""
    with monkeypatch.context() as patch:
        patch.setattr(os, "rmdir", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "Input/output error")))
        with pytest.raises(RecordError) as caught:
            site.log.publish(START)
        assert caught.value.code == "log.not_written"
        with pytest.raises(RecordError):
            site.log.repair()
    site.log.repair()
    assert site.audited().ok


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.unlink(),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes() + b"x"),
        lambda file: file.write_bytes(bytes([file.read_bytes()[0] ^ 1]) + file.read_bytes()[1:]),
        lambda file: (file.unlink(), file.symlink_to("/dev/zero")),
        lambda file: (file.unlink(), os.mkfifo(file)),
    ],
    ids=["missing", "empty", "longer", "one bit", "a link", "a pipe"],
)
def test_every_damaged_tile_is_written_again(site: RecordSite, damage: Callable[[Path], object]) -> None:
    """Whatever a tile became, the record's bytes replace it."""
    site.log.publish(START)
    site.log.publish(START)
    expected = site.files()
    for path in sorted(expected)[1:]:
        damage(site.logs / path)
        site.reopened().repair()
        assert site.files() == expected, path
        assert site.audited().ok


def test_a_damaged_edge_is_noticed_before_it_is_built_upon(site: RecordSite) -> None:
    """A new batch does not trust the unfinished tiles on disk: a flipped bit there is repaired on the way."""
    site.log.publish(START)
    for path in ("tile/1/000.p/1", "tile/0/000"):
        file = site.logs / path
        file.write_bytes(bytes([file.read_bytes()[0] ^ 1]) + file.read_bytes()[1:])
        site.log.publish(START)
        if not site.audited().ok:
            site.log.repair()
        assert site.audited().ok, path


def test_a_missing_edge_or_checkpoint_is_made_again(site: RecordSite) -> None:
    """Files that are gone when the next batch comes are projected with it."""
    site.log.publish(START)
    (site.logs / "tile/1/000.p/1").unlink()
    site.log.publish(START)
    assert site.audited().ok
    (site.logs / "checkpoint").unlink()
    site.log.publish(START)
    assert site.audited().ok


@pytest.mark.parametrize("left", [b"", b"cut", bytes(64)])
def test_a_quick_repair_sees_missing_and_cut_files(site: RecordSite, left: bytes) -> None:
    """Names and lengths are enough to notice; everything is compared then."""
    site.log.publish(START)
    expected = site.files()
    for path in sorted(expected)[1:]:
        (site.logs / path).write_bytes(left)
        site.reopened().repair(thorough=False)
        assert site.files() == expected, path


def test_leftovers_of_ours_go_and_foreign_files_stay(site: RecordSite) -> None:
    """What a projection may have left is removed; anything else is a human's to judge, and the audit names it."""
    expected = site.files()
    for path in (".writing", "tile/0/007", "tile/entries/x001/000.p/3", "tile/9/000.p/300", "tile/1/000.p/0"):
        (site.logs / path).parent.mkdir(parents=True, exist_ok=True)
        (site.logs / path).write_bytes(b"left")
    site.log.repair()
    assert site.files() == expected
    assert site.audited().ok
    for path in ("notes.txt", "tile/0/7", "tile/readme", "tile/0/000.p/064"):
        (site.logs / path).parent.mkdir(parents=True, exist_ok=True)
        (site.logs / path).write_bytes(b"foreign")
    (site.logs / "tile/0/008").symlink_to("000.p")
    site.log.repair()
    assert set(site.files()) - set(expected) == {"notes.txt", "tile/0/7", "tile/readme", "tile/0/000.p/064"}
    assert {fault.code for fault in site.audited().faults} == {"file.unexpected", "file.symlink"}


def test_a_database_older_than_the_log_refuses_to_start(site: RecordSite) -> None:
    """A restored backup that forgot published leaves is not covered up: nothing is overwritten, nothing starts."""
    backup = site.backup("backup.db")
    site.log.publish(START)
    published = site.files()
    restored = site.restore(backup)
    for refused in (
        restored.log.repair,
        lambda: restored.log.repair(thorough=False),
        lambda: restored.log.publish(START),
        lambda: restored.log.tick(START),
    ):
        with pytest.raises(RecordError) as caught:
            refused()
        assert caught.value.code == "log.rolled_back"
    assert restored.files() == published


@pytest.mark.parametrize("start,batches", [(3, 1), (3, 2), (3, 3), (0, 1), (0, 2), (1, 2)])
def test_a_database_of_another_history_refuses_to_start(tmp_path: Path, start: int, batches: int) -> None:
    """A backup that was grown differently, to any size, does not replace what was published."""
    site = RecordSite(tmp_path / "site")
    site.log.repair()
    for _ in range(start):
        site.log.publish(START)
    backup = site.backup("backup.db")
    site.log.publish(START)
    shutil.copytree(site.logs, tmp_path / "published")
    shutil.rmtree(site.logs)
    forked = site.restore(backup)
    forked.entropy.token_bytes(1)
    forked.log.repair()
    for _ in range(batches):
        forked.log.publish(START)
    shutil.rmtree(forked.logs)
    shutil.copytree(tmp_path / "published", forked.logs)
    published = forked.files()
    for step in (forked.log.repair, lambda: forked.log.repair(thorough=False), lambda: forked.log.publish(START)):
        with pytest.raises(RecordError) as caught:
            step()
        assert caught.value.code == "log.forked"
    assert forked.files() == published


@pytest.mark.parametrize("foreign", ["garbage", "bit", "key", "origin", "empty", "long"])
def test_a_checkpoint_that_is_not_ours_refuses_to_start(site: RecordSite, tmp_path: Path, foreign: str) -> None:
    """A checkpoint by another key or with a flipped bit is evidence of something, so it stays."""
    checkpoint = site.logs / "checkpoint"
    ours = checkpoint.read_bytes()
    other = RecordSite(tmp_path / "other", key=DeviceKey(9) if foreign == "key" else DeviceKey(), origin="other/log")
    other.log.repair()
    data = {
        "garbage": b"\xff\xfe",
        "bit": bytes([ours[0] ^ 1]) + ours[1:],
        "key": (other.logs / "checkpoint").read_bytes(),
        "origin": (other.logs / "checkpoint").read_bytes(),
        "empty": b"",
        "long": b"x" * 100_000,
    }[foreign]
    checkpoint.write_bytes(data)
    with pytest.raises(RecordError) as caught:
        site.log.repair()
    assert caught.value.code == "log.foreign"
    assert checkpoint.read_bytes() == data


@pytest.mark.parametrize(
    "statement,code",
    [
        ("UPDATE leaves SET commitment = zeroblob(32) WHERE position = 70", "record.damaged"),
        ("DELETE FROM leaves WHERE position = 70", "record.damaged"),
        ("DELETE FROM leaves WHERE position = 191", "record.damaged"),
        ("UPDATE tree_heads SET note = replace(note, '192', '192 ')", "log.note"),
        ("DELETE FROM tree_heads", "record.damaged"),
    ],
)
def test_a_damaged_database_is_never_projected(site: RecordSite, statement: str, code: str) -> None:
    """Leaves that are not those of the signed head, or a head that is not signed, change nothing under log/."""
    published = site.files()
    with site.engine.begin() as connection:
        connection.execute(text(statement))
    for step in (site.log.repair, lambda: site.log.publish(START)):
        with pytest.raises(RecordError) as caught:
            step()
        assert caught.value.code == code
    assert site.files() == published


def test_damage_deep_in_the_database_is_found_by_a_thorough_repair(site: RecordSite) -> None:
    """A leaf changed long ago is found at start at the latest; a batch alone reads only the right edge."""
    site.log.publish(START)
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE leaves SET commitment = zeroblob(32) WHERE position = 70"))
    site.log.publish(START)
    with pytest.raises(RecordError) as caught:
        site.log.repair()
    assert caught.value.code == "record.damaged"


def test_another_writer_is_noticed(site: RecordSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the tree grew between reading and writing, nothing is published."""
    other = site.reopened()
    begin = site.transactions.write

    def late() -> object:
        monkeypatch.setattr(site.transactions, "write", begin)
        other.publish(START)
        return begin()

    monkeypatch.setattr(site.transactions, "write", late)
    with pytest.raises(RecordError) as caught:
        site.log.publish(START)
    assert caught.value.code == "log.two_writers"
    assert site.log.head().size == 256
    assert site.audited().ok


def test_a_batch_reads_only_the_right_edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publishing on a long log reads at most one bundle's worth of leaves, however many there are."""
    site = RecordSite(tmp_path)
    site.record(3000)
    site.log.publish(START)
    read: list[int] = []
    with site.transactions.read() as tx:
        store = type(tx.record)
    real = store.leaves
    monkeypatch.setattr(store, "leaves", lambda self, start, end: read.append(end - start) or real(self, start, end))
    site.log.publish(Instant(START + 1))
    assert sum(read) <= 256
    assert site.audited().counts.entries == 4096 + 64


def test_a_link_in_the_folder_is_not_followed(site: RecordSite, tmp_path: Path) -> None:
    """A folder of the log that became a link is not written through."""
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(site.logs / "tile", elsewhere)
    shutil.rmtree(site.logs / "tile/0")
    (site.logs / "tile/0").symlink_to(elsewhere / "0")
    shutil.rmtree(elsewhere / "0/000.p")
    with pytest.raises(RecordError) as caught:
        site.log.repair()
    assert caught.value.code == "log.not_written"
    assert [*(elsewhere / "0").iterdir()] == []


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    """A file in a folder's place, and a loop of links, are told apart from a log that is not there."""
    projection = Projection(tmp_path / "log")
    assert projection.checkpoint() is None
    assert projection.tile(TileName(0, 0, 64)) is None
    (tmp_path / "log").mkdir()
    (tmp_path / "log/checkpoint").mkdir()
    (tmp_path / "log/tile").write_bytes(b"")
    assert projection.checkpoint() is None
    assert projection.tile(TileName(0, 0, 64)) is None
    assert not projection.is_whole(64)
    (tmp_path / "log/checkpoint").rmdir()
    (tmp_path / "log/checkpoint").symlink_to("checkpoint")
    with pytest.raises(RecordError) as caught:
        projection.checkpoint()
    assert caught.value.code == "log.unreadable"
    with pytest.raises(RecordError) as caught:
        projection.write([Tile(TileName(0, 0, 64), b"x")])
    assert caught.value.code == "log.not_written"


@pytest.mark.parametrize(
    "path",
    ["checkpoint", "tile/00/000", "tile/64/000", "tile/0/0", "tile/0/x000/000", "tile/0/000.p/256", "tile/0/000.p/01",
     "tile/0/1000", "tile/0/x001", "tile/entries/", "tile/0/000.p", "tile/0/000/64", "tile/-1/000",
     "tile/0/\u0660\u0660\u0660"],
)  # fmt: skip
def test_paths_have_one_spelling(path: str) -> None:
    """Only the one way to write a tile's path names a tile."""
    assert parse_path(path) is None
