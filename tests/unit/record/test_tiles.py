"""The tree as files: C2SP tlog-tiles' own examples, and a growing tree against the definition."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countenance.audit import layout as audit_layout
from countenance.record import merkle, tiles
from countenance.record.tiles import ENTRIES, WIDTH, GrowingTree, Tile, TileName
from fakes import naive_merkle
from shared_vectors import SHARED, shared_files

TESSERA = "vectors/audit/tessera-log/testdata/log"


@pytest.mark.parametrize(
    "name,path",
    [
        (TileName(0, 0, 256), "tile/0/000"),
        (TileName(0, 1234067, 256), "tile/0/x001/x234/067"),
        (TileName(2, 999, 17), "tile/2/999.p/17"),
        (TileName(63, 1000, 1), "tile/63/x001/000.p/1"),
        (TileName(ENTRIES, 273, 112), "tile/entries/273.p/112"),
        (TileName(ENTRIES, 1_000_000, 256), "tile/entries/x001/x000/000"),
    ],
)
def test_paths(name: TileName, path: str) -> None:
    """Paths are those that tlog-tiles gives, and the verifier, which has its own code, agrees."""
    level = "entries" if name.level == ENTRIES else str(name.level)
    place = audit_layout.Place(level, name.index, name.width)
    assert name.path == place.path() == path
    assert audit_layout.place_of(path) == place
    assert name.length == place.length()


def files_of(size: int) -> set[TileName]:
    """Return the names of every file of a tree of ``size`` leaves."""
    return {name for level in tiles.levels_of(size) for name in tiles.names_at(level, size)}


def test_the_example_of_the_specification() -> None:
    """A tree of 70,000 has 273 full level 0 tiles and one of 112, a full and a 17-wide one, and one of width 1."""
    at = {(name.level, name.index): name.width for name in sorted(files_of(70_000 - 70_000 % 64))}
    assert len([1 for level, _ in at if level == 0]) == 274
    assert (at[0, 272], at[0, 273]) == (256, 64)
    assert (at[1, 0], at[1, 1], at[2, 0]) == (256, 17, 1)
    assert files_of(256) == {TileName(ENTRIES, 0, 256), TileName(0, 0, 256), TileName(1, 0, 1)}
    assert files_of(0) == set()


@settings(max_examples=50)
@given(st.integers(0, 5000), st.integers(0, 5000))
def test_what_is_added_and_outgrown_is_exactly_the_difference(one: int, other: int) -> None:
    """Between two sizes, files are only added, or removed because a full one is there."""
    since, size = (64 * part for part in sorted((one, other)))
    before, after = files_of(since), files_of(size)
    assert {n for level in tiles.levels_of(size) for n in tiles.names_at(level, size, since)} == after - before
    assert {n for level in tiles.levels_of(since) for n in tiles.outgrown(level, size, since)} == before - after
    assert all(tiles.belongs(name, size) for name in after)
    assert not any(tiles.belongs(name, size) for name in before - after)
    assert {(n.path) for n in after} == {n.path for n in after if _audit_expects(n, size)}


def _audit_expects(name: TileName, size: int) -> bool:
    place = audit_layout.place_of(name.path)
    return place is not None and audit_layout.is_expected(place, size)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 700), min_size=1, max_size=5))
def test_a_growing_tree_is_the_defined_tree(batches: list[int]) -> None:
    """Whatever the batches, root and full tiles are those that the definition gives for all leaves at once."""
    leaves = naive_merkle.numbered(sum(batches))
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    tree, finished, at = GrowingTree(), list[Tile](), 0
    for batch in batches:
        finished += tree.add(leaves[at : at + batch])
        at += batch
        assert tree.root() == naive_merkle.mth(leaves[:at])
    for tile in finished:
        index = tile.name.index * WIDTH
        if tile.name.level == ENTRIES:
            assert tile.data == b"".join(b"\x00\x20" + leaf for leaf in leaves[index : index + WIDTH])
        else:
            assert (tile.name.level, tile.data) == (0, b"".join(hashes[index : index + WIDTH]))
    assert len(finished) == 2 * (len(leaves) // WIDTH)


def test_a_tree_of_three_levels() -> None:
    """65,600 leaves: level 1 becomes full, level 2 begins, and any subtree can be read from tiles."""
    size = 65_600
    leaves = naive_merkle.numbered(size)
    tree = GrowingTree()
    written = {tile.name: tile.data for tile in [*tree.add(leaves), *tree.partial()]}
    assert set(written) == files_of(size)
    expected = naive_merkle.mth(leaves)
    assert tree.root() == expected
    subtree = tiles.subtrees_from(lambda level, at: written[TileName(level, at, tiles.width_of(level, at, size))])
    for index in (0, 255, 256, 65_535, 65_536, size - 1):
        path = merkle.inclusion_path(index, size, subtree)
        assert merkle.verify_inclusion(merkle.leaf_hash(leaves[index]), index, size, path, expected)
    old = merkle.consistency_path(40_000, size, subtree)
    assert merkle.verify_consistency(40_000, size, naive_merkle.mth(leaves[:40_000]), expected, old)


@pytest.mark.parametrize("size", [0, 64, 256, 320, 65_536, 65_600])
def test_a_tree_continues_from_its_edge(size: int) -> None:
    """From the unfinished bundle and tiles alone, a tree grows as if it had never been put away."""
    leaves = naive_merkle.numbered(size + 256)
    whole = GrowingTree()
    whole.add(leaves[:size])
    upper = [tiles.split(whole._edge(level, WIDTH)) for level in tiles.levels_of(size)[2:]]
    edge = GrowingTree(size, leaves[size - size % WIDTH : size], upper)
    assert edge.root() == whole.root()
    assert edge.add(leaves[size:]) == whole.add(leaves[size:])
    assert [*edge.partial(size)] == [*whole.partial(size)]
    assert edge.root() == whole.root()


@pytest.mark.parametrize(
    "size,bundle,upper",
    [(65, 64, ()), (64, 65, ()), (256, 0, ()), (320, 64, (2,)), (65_536, 0, (0,)), (65_536, 0, (0, 2))],
)
def test_an_edge_that_does_not_fit_is_refused(size: int, bundle: int, upper: tuple[int, ...]) -> None:
    """A wrong number of hashes at any level, or a level too few, cannot be continued."""
    with pytest.raises(ValueError, match=r"do not fit|too few"):
        GrowingTree(size, naive_merkle.numbered(bundle), [naive_merkle.numbered(count) for count in upper])


@pytest.mark.parametrize("checkpoint", shared_files(f"{TESSERA}/checkpoint.*"))
def test_a_log_written_by_others(checkpoint: Path) -> None:
    """The Tessera log's bundles, tiles and roots are those that this code computes for the same entries."""
    assert SHARED is not None
    folder = SHARED / TESSERA
    _, size_text, root, *_ = checkpoint.read_text("utf-8").split("\n")
    size = int(size_text)
    entries = entries_of((folder / "tile/entries/000.p/15").read_bytes())[:size]
    tree = GrowingTree()
    tree.add(entries)
    assert tree.root() == base64.b64decode(root)
    if size:
        assert tiles.bundled(entries) == (folder / TileName(ENTRIES, 0, size).path).read_bytes()
        assert tree._edge(0, size) == (folder / TileName(0, 0, size).path).read_bytes()


def entries_of(bundle: bytes) -> list[bytes]:
    """Return the entries of a bundle, of any length."""
    found: list[bytes] = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        found.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return found
