"""A site comes back whole or not at all; what was erased since the backup does not come back, and the log goes on."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from countenance.custody import read_tombstones
from countenance.errors import CountenanceError, VaultError
from countenance.procedures import Erasures
from countenance.terms import Enrolment, Outcome
from fakes.backups import Kept, faults
from fakes.extractor import face
from fakes.killer import count_steps, kill_at
from fakes.world import ADMINISTRATOR, AUDITOR, OPERATOR, World, opened, submission

KILLS = 20


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Return a site with three people in a gallery, and its backup."""
    kept = Kept(World.at(tmp_path / "site"), tmp_path / "backups")
    kept.back_up()
    return kept


def found(world: World, *people: str) -> list[Outcome]:
    """Return what a gate says of each of these people."""
    with world.open() as service:
        return [
            service.crossing.identify(
                submission(service, opened(service, "gate-1", "flight", claim="").token, face(name)), OPERATOR
            ).outcome
            for name in people
        ]  # fmt: skip


def facts_of(world: World) -> list[dict[str, object]]:
    """Return every event that the record tells of."""
    with world.open() as service:
        entries = service.desk.export_record(AUDITOR)["entries"]
    return [json.loads(entry["facts"]) for entry in entries if "facts" in entry]


def test_a_site_comes_back(kept: Kept) -> None:
    """Everybody is found again, API keys work, the log is the same byte for byte before anything new is published."""
    done = kept.restore()
    assert (done.tombstones, done.replayed.items) == (0, 0)
    assert found(kept.restored(), "ann", "bob", "eve") == [Outcome.MATCH] * 3
    assert faults(kept.restored()) == ()
    (event,) = [facts for facts in facts_of(kept.restored()) if facts["event"] == "site.restored"]
    assert (event["log"], event["items_erased_again"], event["without_tombstones"]) == ("continued", 0, "")


def test_an_erased_person_does_not_come_back(kept: Kept) -> None:
    """Removed after the backup: after a restore no search finds them, nothing of them opens, no row names them."""
    with kept.world.open() as service:
        with service.transactions.read() as tx:
            items = [label for label in tx.vault.of_purpose("reference") if label.subject == "flight/ann"]
        service.staging.remove("flight", "ann", ADMINISTRATOR)
    assert len(items) == 1
    done = kept.restore()
    assert (done.tombstones, done.replayed.items) == (1, 1)
    assert found(kept.restored(), "ann", "bob") == [Outcome.NO_MATCH, Outcome.MATCH]
    with kept.restored().open() as service, service.transactions.read() as tx:
        assert not tx.galleries.contains("flight", "ann")
        assert tx.galleries.get("flight").size == service.galleries.size("flight") == 2
        assert tx.vault.of_subjects(["flight/ann"]) == ()
        assert tx.erasures.unfinished() == ()
        with pytest.raises(VaultError):
            tx.vault.open(items[0].item_id)
    receipts = [facts for facts in facts_of(kept.restored()) if facts["event"] == "erasure.receipt"]
    assert {"restore"} <= {facts["cause"] for facts in receipts}
    assert b"flight/ann" not in (kept.there() / "db" / "countenance.db").read_bytes()


def test_an_erasure_under_way_is_finished(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup made between an erasure's two phases restores to a site that has done the second one."""
    with kept.world.open() as service, monkeypatch.context() as patched:
        patched.setattr(Erasures, "complete", lambda *_, **__: 0)
        service.staging.remove("flight", "ann", ADMINISTRATOR)
        kept.back_up()
    kept.restore(erased=None, without_erased="the disk is gone")
    assert len(read_tombstones(kept.there() / "erased.jsonl")) == 1
    assert "removal" in {facts["cause"] for facts in facts_of(kept.restored()) if facts["event"] == "erasure.receipt"}
    with kept.restored().open() as service, service.transactions.read() as tx:
        assert tx.erasures.unfinished() == ()
        assert not tx.galleries.contains("flight", "ann")


def test_an_ended_event_does_not_come_back(kept: Kept) -> None:
    """A gallery that was closed after the backup is closed in the restored site, its references and its key gone."""
    with kept.world.open() as service:
        service.staging.close_gallery("flight", ADMINISTRATOR)
    assert kept.restore().replayed.items == 3
    with kept.restored().open() as service, service.transactions.read() as tx:
        assert not tx.galleries.get("flight").open
        assert tx.vault.of_purpose("reference") == ()
    assert not list((kept.there() / "keys" / "epochs").glob("event-*"))


def test_what_is_overdue_goes_before_anybody_is_served(kept: Kept) -> None:
    """Restored after its clock ran out, nothing is left of what was in date when the backup was made."""
    kept.world.clock.advance(400 * 24 * 3600)
    assert overdue(kept.world) >= 3
    kept.restore()
    assert overdue(kept.restored()) == 0


def overdue(world: World) -> int:
    """Return how many sealed items a site's database holds beyond their time."""
    with sqlite3.connect(world.path / "db" / "countenance.db") as database:
        query = "select count(*) from vault_items where expires_at <= ?"
        ((count,),) = database.execute(query, [int(world.clock.instant)]).fetchall()
    database.close()
    return int(count)


def test_the_tree_never_forks(kept: Kept, tmp_path: Path) -> None:
    """Leaves published after the backup stay where they were, so an auditor's older export still verifies."""
    with kept.world.open() as service:
        opened(service)
        service.log.publish(service.clock.now())
        service.log.publish(service.clock.now())
        bundle = service.desk.export_record(AUDITOR)
        with service.transactions.read() as tx:
            size = tx.record.size()
            leaves = tx.record.leaves(0, size)
    done = kept.restore()
    assert done.replayed.leaves >= 128
    assert 0 < done.replayed.without_body <= done.replayed.leaves
    with kept.restored().open() as service, service.transactions.read() as tx:
        assert tx.record.leaves(0, size) == leaves
        assert tx.record.size() > size
    older = {**bundle, "entries": []}
    assert faults(kept.restored(), bodies=json.dumps(older).encode()) == ()
    assert (kept.there() / "log" / "checkpoint").read_text() != (kept.world.path / "log" / "checkpoint").read_text()


def test_without_the_log_it_says_so(kept: Kept) -> None:
    """A restore without the published log is recorded as one."""
    assert not kept.restore(log=None).log_given
    (event,) = [facts for facts in facts_of(kept.restored()) if facts["event"] == "site.restored"]
    assert (event["log"], event["leaves_continued"]) == ("not given", 0)
    assert faults(kept.restored()) == ()


def test_without_a_list_a_reason_is_recorded(kept: Kept) -> None:
    """The list of early erasures is asked for; a reason in its place stands in the record, and its own list is used."""
    with kept.world.open() as service:
        service.staging.remove("flight", "ann", ADMINISTRATOR)
    kept.back_up()
    kept.restore(erased=None, without_erased="burnt with the machine")
    (event,) = [facts for facts in facts_of(kept.restored()) if facts["event"] == "site.restored"]
    assert event["without_tombstones"] == "burnt with the machine"
    assert event["tombstones"] == 1


def cut(path: Path) -> None:
    """Cut a file short."""
    path.write_bytes(path.read_bytes()[:-1000])


def change(path: Path) -> None:
    """Flip one bit in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("tamper, code", [
    (cut, "backup.damaged"), (change, "backup.damaged"),
    (lambda path: path.write_bytes(b""), "backup.foreign"),
    (lambda path: path.write_bytes(b"a letter to a friend\n" * 99), "backup.foreign"),
])  # fmt: skip
def test_a_file_that_is_not_whole_restores_nothing(kept: Kept, tamper: Callable[[Path], None], code: str) -> None:
    """Cut short, changed by a bit, empty or another file: named, and there is no folder, nor half a one aside."""
    tamper(kept.file)
    with pytest.raises(CountenanceError) as refused:
        kept.restore()
    assert refused.value.code == code
    assert refused.value.remedy
    assert_nothing_is_there(kept)


def assert_nothing_is_there(kept: Kept) -> None:
    """Look for what a failed restore may have left."""
    assert not kept.there().exists()
    assert not [path.name for path in kept.there().parent.iterdir() if path.name.startswith(".")]


def test_another_identity_opens_nothing(kept: Kept, tmp_path: Path) -> None:
    """A backup sealed for somebody else is told apart from a damaged one; so is a file that is no identity."""
    other = Kept(World.at(tmp_path / "b" / "site"), tmp_path / "b" / "backups")
    no_key = tmp_path / "letter"
    no_key.touch(mode=0o600)
    for identity, code in ((other.identity, "backup.other_recipient"), (no_key, "backup.identity")):
        with pytest.raises(CountenanceError) as refused:
            kept.restore(identity=identity)
        assert refused.value.code == code
    assert_nothing_is_there(kept)


def test_a_backup_from_the_future_is_refused(kept: Kept) -> None:
    """A site whose time is ahead of this machine's by more than a clock's step does not come back here."""
    with sqlite3.connect(kept.world.path / "db" / "countenance.db") as database:
        database.execute("update trusted_time set latest = ?", [int(kept.world.clock.instant) + 6 * 60_000])
    database.close()
    kept.back_up()
    with pytest.raises(CountenanceError) as refused:
        kept.restore()
    assert refused.value.code == "restore.from_future"
    assert_nothing_is_there(kept)
    kept.world.clock.advance(120)
    kept.restore()


def test_lists_that_cannot_be_the_newest_are_refused(kept: Kept, tmp_path: Path) -> None:
    """No list without a reason, a list older than the backup, and a file that is none restore nothing."""
    with kept.world.open() as service:
        service.staging.remove("flight", "ann", ADMINISTRATOR)
    kept.back_up()
    empty, letter = tmp_path / "empty.jsonl", tmp_path / "letter.txt"
    empty.touch()
    letter.write_text("dear friend\nhow are you\n")
    for asked, code in (
        ({"erased": None}, "restore.no_tombstones"),
        ({"erased": None, "without_erased": "  "}, "restore.no_tombstones"),
        ({"erased": empty}, "restore.tombstones_older"),
        ({"erased": letter}, "vault.tombstones_malformed"),
    ):
        with pytest.raises(CountenanceError) as refused:
            kept.restore(**asked)
        assert refused.value.code == code
        assert_nothing_is_there(kept)
    kept.restore()
    assert read_tombstones(kept.there() / "erased.jsonl") == read_tombstones(kept.erased)


def test_another_log_is_refused(kept: Kept, tmp_path: Path) -> None:
    """A log of another key, with a damaged file, or of another tree is named, and nothing is restored."""
    with kept.world.open() as service:
        service.log.publish(service.clock.now())
    other = World.at(tmp_path / "other")
    other.open().close()
    damaged = shutil.copytree(kept.world.path / "log", tmp_path / "damaged")
    change(max((damaged / "tile" / "entries").rglob("*[0-9]"), key=lambda path: path.stat().st_size))
    missing = shutil.copytree(kept.world.path / "log", tmp_path / "missing")
    shutil.rmtree(missing / "tile" / "entries")
    for log, codes in (
        (other.path / "log", {"restore.foreign_log"}),
        (tmp_path / "backups", {"restore.foreign_log"}),
        (damaged, {"restore.log_incomplete", "restore.log_forked"}),
        (missing, {"restore.log_incomplete"}),
    ):
        with pytest.raises(CountenanceError) as refused:
            kept.restore(log=log)
        assert refused.value.code in codes
        assert_nothing_is_there(kept)


def test_a_fork_is_refused(kept: Kept) -> None:
    """Two sites restored from one backup without the log fork; neither's log is taken for the other's future."""
    kept.restore("one", log=None)
    one = kept.restored("one")
    for world in (one, kept.world):
        with world.open() as service:
            service.log.publish(service.clock.now())
    kept.back_up()
    with pytest.raises(CountenanceError) as refused:
        kept.restore(log=one.path / "log")
    assert refused.value.code == "restore.log_forked"


def test_no_room_restores_nothing(kept: Kept) -> None:
    """A disk that is full before the whole site is there: named, and neither a site nor half a one."""
    pieces: list[object] = []
    kept.restore("whole", lambda *told: pieces.append(told))
    for last in range(0, len(pieces), 7):
        steps = iter(range(last))

        def step(*_: object, steps: Iterator[int] = steps) -> None:
            if next(steps, None) is None:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with pytest.raises(CountenanceError) as refused:
            kept.restore(progress=step)
        assert refused.value.code == "restore.unwritable"
        assert_nothing_is_there(kept)


def test_nothing_is_restored_over_something(kept: Kept) -> None:
    """A folder with anything in it stays as it is; an empty one is taken."""
    kept.there().mkdir()
    (kept.there() / "holiday.txt").write_text("mine")
    with pytest.raises(CountenanceError) as refused:
        kept.restore()
    assert refused.value.code == "restore.not_empty"
    assert [path.name for path in kept.there().iterdir()] == ["holiday.txt"]
    (kept.there() / "holiday.txt").unlink()
    kept.restore()
    assert found(kept.restored(), "bob") == [Outcome.MATCH]


def test_a_backup_with_another_sites_keys_is_refused(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should keys and database in a backup not belong together, nothing comes of it."""
    monkeypatch.setattr("countenance.bootstrap.backing_up.prove_keys", lambda *_: None)
    (kept.world.path / "keys" / "vault.key").write_bytes(bytes(32))
    kept.back_up()
    with pytest.raises(CountenanceError) as refused:
        kept.restore()
    assert refused.value.code == "vault.foreign_keys"
    assert_nothing_is_there(kept)


def test_a_kill_at_any_step_brings_nobody_back(kept: Kept, tmp_path: Path) -> None:
    """SIGKILL at steps spread over a restore: there is no site or the whole one, and the next attempt brings it."""
    with kept.world.open() as service:
        service.staging.remove("flight", "ann", ADMINISTRATOR)
    steps = count_steps(tmp_path, lambda step: kept.restore("counted", step))
    for kill in range(KILLS):
        name = f"killed-{kill}"
        kill_at(1 + kill * steps // KILLS, tmp_path, lambda step, name=name: kept.restore(name, step))
        if not kept.there(name).exists():
            kept.restore(name)
        assert not kept.there(f".{name}.restoring").exists()
        with kept.restored(name).open() as service, service.transactions.read() as tx:
            assert service.galleries.size("flight") == 2
            assert not tx.galleries.contains("flight", "ann")
            assert tx.vault.of_subjects(["flight/ann"]) == ()
        assert faults(kept.restored(name)) == ()


def test_a_restored_site_can_be_backed_up_and_rotated(kept: Kept) -> None:
    """Life goes on: people are enrolled, and a backup of the restored site restores again."""
    kept.restore("one")
    one = kept.restored("one")
    with one.open() as service:
        tuple(service.staging.enrol("flight", [Enrolment("new", "new", 30, 5, face("new"))], ADMINISTRATOR))
    kept.world.path = one.path
    kept.back_up()
    kept.restore("two", log=one.path)
    assert found(kept.restored("two"), "new", "ann") == [Outcome.MATCH] * 2
