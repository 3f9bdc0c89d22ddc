"""The tree is that of RFC 9162: against its definitions, hand-made answers and the vectors of transparency-dev."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countenance import audit
from countenance.audit import tree as audit_tree
from countenance.record import merkle
from fakes import naive_merkle
from shared_vectors import shared_files

VECTORS = "vectors/audit/rfc6962-merkle/testdata"
INCLUSION = pytest.mark.parametrize("verify", [merkle.verify_inclusion, audit.verify_inclusion], ids=["log", "audit"])
CONSISTENCY = pytest.mark.parametrize(
    "verify", [merkle.verify_consistency, audit.verify_consistency], ids=["log", "audit"]
)
Inclusion = Callable[[bytes, int, int, Sequence[bytes], bytes], bool]
Consistency = Callable[[int, int, bytes, bytes, Sequence[bytes]], bool]


def unpacked(vector: Path) -> tuple[dict[str, object], Callable[[str], bytes], list[bytes]]:
    """Return a vector's fields, a reader of its base64 fields, and its proof."""
    fields = json.loads(vector.read_text("utf-8"))
    return fields, lambda name: base64.b64decode(fields[name] or ""), [*map(base64.b64decode, fields["proof"] or ())]


@INCLUSION
@pytest.mark.parametrize("vector", shared_files(f"{VECTORS}/inclusion/**/*.json"))
def test_inclusion_vectors(vector: Path, verify: Inclusion) -> None:
    """Both verifiers judge each of the inclusion vectors as its authors do."""
    fields, data, proof = unpacked(vector)
    good = verify(data("leafHash"), fields["leafIdx"], fields["treeSize"], proof, data("root"))
    assert good is not fields["wantErr"]


@CONSISTENCY
@pytest.mark.parametrize("vector", shared_files(f"{VECTORS}/consistency/**/*.json"))
def test_consistency_vectors(vector: Path, verify: Consistency) -> None:
    """Both verifiers judge each of the consistency vectors as its authors do."""
    fields, data, proof = unpacked(vector)
    good = verify(fields["size1"], fields["size2"], data("root1"), data("root2"), proof)
    assert good is not fields["wantErr"]


def test_hashes_known_by_heart() -> None:
    """The empty tree, the empty leaf and a tree of two are the published values."""
    assert merkle.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert audit_tree.tree_hash(()) == merkle.root([]) == merkle.EMPTY_ROOT
    assert merkle.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.root([b"", b"\x00"]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"


@pytest.mark.parametrize("size", range(1, 21))
def test_roots_follow_the_definition(size: int) -> None:
    """Joining neighbours (log) and splitting (audit) both give MTH for every size from 1 to 20."""
    leaves = naive_merkle.numbered(size)
    running = audit_tree.RunningTree()
    for leaf in leaves:
        running.push(0, audit_tree.hash_leaf(leaf))
    expected = naive_merkle.mth(leaves)
    assert merkle.root(leaves) == running.root() == audit_tree.tree_hash([*map(merkle.leaf_hash, leaves)]) == expected


@pytest.mark.parametrize("size", range(1, 21))
def test_inclusion_paths_follow_the_definition(size: int) -> None:
    """Every leaf's path is PATH, and both verifiers accept it and nothing shorter, longer or elsewhere."""
    leaves = naive_merkle.numbered(size)
    root = naive_merkle.mth(leaves)
    for index, leaf in enumerate(leaves):
        path = merkle.inclusion_path(index, size, naive_merkle.subtrees_of(leaves))
        assert list(path) == naive_merkle.path(index, leaves)
        for verify in (merkle.verify_inclusion, audit.verify_inclusion):
            assert verify(merkle.leaf_hash(leaf), index, size, path, root)
            assert not verify(merkle.leaf_hash(leaf), index, size, [*path, root], root)
            assert not verify(merkle.leaf_hash(leaf), index, size, path[:-1], root) or not path
            assert not verify(merkle.leaf_hash(leaf), index ^ 1, size, path, root)


@pytest.mark.parametrize("new", range(1, 21))
def test_consistency_paths_follow_the_definition(new: int) -> None:
    """Every smaller tree's path is PROOF, and both verifiers accept it and nothing shorter or longer."""
    leaves = naive_merkle.numbered(new)
    root = naive_merkle.mth(leaves)
    for old in range(1, new + 1):
        old_root = naive_merkle.mth(leaves[:old])
        path = merkle.consistency_path(old, new, naive_merkle.subtrees_of(leaves))
        assert list(path) == naive_merkle.proof(old, leaves)
        for verify in (merkle.verify_consistency, audit.verify_consistency):
            assert verify(old, new, old_root, root, path)
            assert not verify(old, new, old_root, root, [*path, root])
            assert not verify(old, new, root, old_root, path) or old == new
            assert not verify(old, new, old_root, root, path[:-1]) or not path


@settings(max_examples=60)
@given(st.data())
def test_a_changed_proof_never_verifies(data: st.DataObject) -> None:
    """Flipping any bit of leaf, path or root breaks a proof for both verifiers."""
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    leaves = naive_merkle.numbered(size)
    parts = [merkle.leaf_hash(leaves[index]), naive_merkle.mth(leaves)]
    parts += merkle.inclusion_path(index, size, naive_merkle.subtrees_of(leaves))
    which, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    changed = bytearray(parts[which])
    changed[bit // 8] ^= 1 << bit % 8
    parts[which] = bytes(changed)
    leaf, root, *path = parts
    assert not merkle.verify_inclusion(leaf, index, size, path, root)
    assert not audit.verify_inclusion(leaf, index, size, path, root)


@INCLUSION
@pytest.mark.parametrize("index,size", [(-1, 4), (4, 4), (0, 0)])
def test_positions_outside_the_tree_are_refused(verify: Inclusion, index: int, size: int) -> None:
    """No proof holds for a leaf before the first or after the last."""
    assert not verify(merkle.leaf_hash(b""), index, size, [], merkle.leaf_hash(b""))


@pytest.mark.parametrize("index,size", [(-1, 4), (4, 4), (0, 0)])
def test_no_path_to_a_leaf_that_is_not_there(index: int, size: int) -> None:
    """Asking for such a path is an error of the caller."""
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_path(index, size, naive_merkle.subtrees_of([]))


@pytest.mark.parametrize("old,new", [(0, 4), (5, 4), (-1, 4)])
def test_no_path_between_sizes_that_do_not_grow(old: int, new: int) -> None:
    """Asking for a consistency path from nothing, or backwards, is an error of the caller."""
    with pytest.raises(ValueError, match="no consistency proof"):
        merkle.consistency_path(old, new, naive_merkle.subtrees_of([]))


@INCLUSION
def test_hashes_of_another_length_are_refused(verify: Inclusion) -> None:
    """Moving a byte from one hash to its neighbour gives the same joined bytes and yet no proof."""
    left, right = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
    root = merkle.node_hash(left, right)
    assert verify(left, 0, 2, [right], root)
    assert not verify(left + right[:1], 0, 2, [right[1:]], root)


@CONSISTENCY
def test_consistency_hashes_of_another_length_are_refused(verify: Consistency) -> None:
    """The same for consistency proofs."""
    left, right = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
    assert verify(1, 2, left, merkle.node_hash(left, right), [right])
    assert not verify(1, 2, left + right[:1], merkle.node_hash(left, right), [right[1:]])
