"""Keys and database belong together, or nothing starts and nothing is touched."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from countenance.errors import VaultError
from fakes.extractor import face
from fakes.world import OPERATOR, World, opened, submission


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a site where somebody was referred, so that several epochs have keys."""
    world = World.at(tmp_path / "site")
    with world.open() as service:
        token = opened(service).token
        service.crossing.verify(submission(service, token, face("ann"), face("bob")), OPERATOR)
    return world


def epochs(world: World) -> list[Path]:
    """Return the files of the epoch keys, the site's own first."""
    return [world.path / "keys" / "vault.key", *sorted((world.path / "keys" / "epochs").iterdir())]


def contents(world: World) -> dict[str, bytes]:
    """Return every byte of the keys and the database."""
    folders = (world.path / "keys", world.path / "db")
    return {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def gone(path: Path) -> None:
    """Remove a key."""
    path.unlink()


def half(path: Path) -> None:
    """Cut a key in half."""
    path.write_bytes(path.read_bytes()[:16])


def other(path: Path) -> None:
    """Put another key in its place."""
    path.write_bytes(bytes(32))


@pytest.mark.parametrize("which", [0, 1, -1])
@pytest.mark.parametrize(
    "harm, code", [(gone, "vault.key_missing"), (half, "vault.key_malformed"), (other, "vault.foreign_keys")]
)
def test_a_key_that_is_not_this_databases_stops_the_start(
    world: World, harm: Callable[[Path], None], code: str, which: int
) -> None:
    """A key missing, half written or of another site is said with what to do, before anything was touched."""
    harm(epochs(world)[which])
    before = contents(world)
    with pytest.raises(VaultError) as refused, world.open():
        pass
    assert refused.value.code == code
    assert contents(world) == before


def test_another_sites_key_store_stops_the_start(world: World, tmp_path: Path) -> None:
    """The whole folder of another site is refused, and the other site's keys are all still there."""
    other_world = World.at(tmp_path / "other")
    with other_world.open() as service:
        opened(service)
    shutil.rmtree(world.path / "keys")
    shutil.copytree(other_world.path / "keys", world.path / "keys")
    before = contents(world)
    with pytest.raises(VaultError) as refused, world.open():
        pass
    assert refused.value.code in {"vault.foreign_keys", "vault.key_missing"}
    assert contents(world) == before


def test_a_new_database_takes_no_used_key_store(world: World) -> None:
    """A database made anew beside keys that are in use is refused: it would have destroyed them as left over."""
    for path in (world.path / "db").iterdir():
        path.unlink()
    before = epochs(world)
    with pytest.raises(VaultError) as refused, world.open():
        pass
    assert refused.value.code == "vault.foreign_keys"
    assert epochs(world) == before


def test_what_an_interruption_left_over_goes(world: World) -> None:
    """A key that no row names, and half of one that was being written, are destroyed at start."""
    folder = world.path / "keys" / "epochs"
    for name in ("day-2026-12-24-0011223344556677.key", ".day-2026-12-25-0011223344556677.key.17"):
        (folder / name).write_bytes(bytes(range(32)))
        (folder / name).chmod(0o600)
    kept = epochs(world)[1:]
    with world.open():
        pass
    assert [path for path in kept if not path.exists()] == [path for path in kept if "0011223344556677" in path.name]


def test_a_key_made_whole_is_not_taken_for_a_draft(world: World) -> None:
    """Killed between giving a key its name and taking the draft's away, both names are one file: the key survives."""
    key = epochs(world)[1]
    key.with_name(f".{key.name}.17").hardlink_to(key)
    content = key.read_bytes()
    with world.open():
        assert key.read_bytes() == content
    assert not key.with_name(f".{key.name}.17").exists()
