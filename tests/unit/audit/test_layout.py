"""Names of tiles have one spelling, and files are read as what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from countenance.audit.layout import (
    Folder,
    Place,
    Unusable,
    is_expected,
    partial_widths,
    place_of,
    read_file,
    read_place,
)


@pytest.mark.parametrize(
    "path",
    ["checkpoint", "tile/00/000", "tile/0/0", "tile/0/x000/000", "tile/0/000.p/256", "tile/0/000.p/01",
     "tile/0/000.p/0", "tile/0/1000", "tile/0/x001", "tile/entries/", "tile/0/000.p", "tile/-1/000",
     "tile/0/000.p/999"],
)  # fmt: skip
def test_other_spellings_name_nothing(path: str) -> None:
    """A right tile under a wrong name is not that tile; impossible widths are expected nowhere."""
    place = place_of(path)
    assert place is None or not any(is_expected(place, size) for size in (0, 64, 256, 65_536, 2**40))


def test_the_example_of_the_specification() -> None:
    """70,000 leaves: 273 full level 0 tiles and one 112 wide, one full and one 17-wide level 1 tile, one of width 1."""
    size = 70_000
    for place in (Place("0", 272, 256), Place("0", 273, 112), Place("1", 0, 256), Place("1", 1, 17), Place("2", 0, 1)):
        assert is_expected(place, size)
    for place in (Place("0", 273, 256), Place("0", 273, 113), Place("1", 1, 18), Place("2", 0, 2), Place("3", 0, 1)):
        assert not is_expected(place, size)


def test_partial_widths() -> None:
    """Entries and level 0 step by the batch, levels above by one; the present width is always among them."""
    assert [*partial_widths("0", 192)] == [*partial_widths("entries", 192)] == [64, 128, 192]
    assert [*partial_widths("1", 3)] == [1, 2, 3]
    assert [*partial_widths("0", 15)] == [15]
    assert [*partial_widths("0", 0)] == [*partial_widths("1", 0)] == []


def test_no_more_is_read_than_was_asked_for(tmp_path: Path) -> None:
    """A file that is larger than it may be is noticed without being read."""
    (tmp_path / "large").write_bytes(bytes(1000))
    assert read_file(tmp_path, "large", 10) == bytes(11)
    (tmp_path / "tile/0/000.p").mkdir(parents=True)
    (tmp_path / "tile/0/000.p/64").write_bytes(bytes(64 * 32 + 1))
    found = read_place(Folder(tmp_path), Place("0", 0, 64))
    assert isinstance(found, Unusable)
    assert found.code == "file.length"
    assert "longer" in found.sentence
