"""Manifests and lists of pairs: what is measured on, and what was left out and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from countenance.evaluate.manifest import Manifest, read_manifest
from countenance.evaluate.pairs import NO_FOLD, read_pairs


def folder_with(tmp_path: Path, names: tuple[str, ...]) -> Path:
    """Return a folder with empty files of these names."""
    for name in names:
        (tmp_path / name).touch()
    return tmp_path


def manifest(tmp_path: Path, *rows: str) -> Manifest:
    """Return the manifest with these rows below the widest header."""
    path = folder_with(tmp_path, ("a.jpg", "b.jpg", "c.jpg", "d.jpg")) / "people.csv"
    path.write_text("path,person,age,captured_on,capture_class,group:sex\n" + "\n".join(rows) + "\n", "utf-8")
    return read_manifest(path)


def test_a_row_says_what_it_knows(tmp_path: Path) -> None:
    """Everything optional may be empty; unknown is -1 or empty, never a guess."""
    read = manifest(tmp_path, "a.jpg,A,34,2020-02-29,studio,female", "b.jpg,B,,,,")
    assert read.group_names == ("sex",)
    first, second = read.images
    assert (first.age, first.captured_on, first.capture_class, first.groups) == (
        34,
        "2020-02-29",
        "studio",
        ("female",),
    )
    assert (second.age, second.captured_on, second.capture_class, second.groups) == (-1, "", "", ("",))


@pytest.mark.parametrize(
    "row, reason",
    [
        ("a.jpg,,,,,", "empty"), (",A,,,,", "empty"), ("e.jpg,A,,,,", "missing_file"), ("a.jpg,A,old,,,", "age"),
        ("a.jpg,A,-3,,,", "age"), ("a.jpg,A,1e1,,,", "age"), ("a.jpg,A,999,,,", "age"),
        ("a.jpg,A,,yesterday,,", "captured_on"), ("a.jpg,A,,2021-02-29,,", "captured_on"), ("d.jpg,A,,,,", "duplicate"),
        (".,A,,,,", "missing_file"),
    ],
)  # fmt: skip
def test_a_faulty_row_is_left_out_and_told(tmp_path: Path, row: str, reason: str) -> None:
    """Row number and reason are told, and the rows beside it count."""
    read = manifest(tmp_path, "d.jpg,D,,,,", row, "b.jpg,B,,,,")
    assert [image.name for image in read.images] == ["d.jpg", "b.jpg"]
    assert [(fault.row, fault.reason) for fault in read.faults] == [(3, reason)]


def test_pairs_are_found_by_the_manifests_names(tmp_path: Path) -> None:
    """Sides become places in the manifest; folds are optional."""
    read = manifest(tmp_path, "a.jpg,A,,,,", "b.jpg,A,,,,", "c.jpg,C,,,,")
    (tmp_path / "pairs.csv").write_text("a,b,mated,fold\na.jpg,b.jpg,1,3\nc.jpg,a.jpg,no,\n")
    pairs = read_pairs(tmp_path / "pairs.csv", read)
    assert (pairs.a.tolist(), pairs.b.tolist()) == ([0, 2], [1, 0])
    assert (pairs.mated.tolist(), pairs.fold.tolist()) == ([True, False], [3, NO_FOLD])


@pytest.mark.parametrize(
    "row, reason",
    [
        ("a.jpg,x.jpg,1,", "unknown_path"), ("a.jpg,a.jpg,1,", "same_photograph"), ("b.jpg,a.jpg,1,", "duplicate"),
        ("a.jpg,c.jpg,maybe,", "mated"), ("a.jpg,c.jpg,1,", "contradicts_manifest"), ("a.jpg,c.jpg,0,two", "fold"),
    ],
)  # fmt: skip
def test_a_faulty_pair_is_left_out_and_told(tmp_path: Path, row: str, reason: str) -> None:
    """Unknown photographs, themselves, twice, neither mated nor not: told by row."""
    read = manifest(tmp_path, "a.jpg,A,,,,", "b.jpg,A,,,,", "c.jpg,C,,,,")
    (tmp_path / "pairs.csv").write_text(f"a,b,mated,fold\na.jpg,b.jpg,1,\n{row}\nb.jpg,c.jpg,0,\n")
    pairs = read_pairs(tmp_path / "pairs.csv", read)
    assert len(pairs.a) == 2
    assert [(fault.row, fault.reason) for fault in pairs.faults] == [(3, reason)]
