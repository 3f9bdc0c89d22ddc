"""Operating points enter the package by one script, together with their pins."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

import pin_operating_points
from countenance.decision.operating_point.pins import PINS
from countenance.errors import OperatingPointError
from fakes.points import point_file

A, B = "a" * 64, "b" * 64


def files(folder: Path, **points: bytes) -> list[Path]:
    """Write operating point files and return their paths."""
    folder.mkdir(exist_ok=True)
    for name, data in points.items():
        (folder / f"{name}.json").write_bytes(data)
    return [folder / f"{name}.json" for name in points]


def pinned(package: Path) -> tuple[tuple[str, str, str], ...]:
    """Return the pins that the written module holds."""
    found: dict[str, tuple[tuple[str, str, str], ...]] = {}
    exec((package / "pins.py").read_text("utf-8"), found)  # noqa: S102 - what the script wrote
    return found["PINS"]


def test_files_and_pins_agree(tmp_path: Path) -> None:
    """Each file is copied byte for byte and pinned under its weights; the others stay."""
    one, two = point_file(weights=A), point_file(weights=B)
    pin_operating_points.pin(files(tmp_path / "out", first=one, second=two), tmp_path)
    assert (tmp_path / "packaged" / "first.json").read_bytes() == one
    newer = point_file(weights=A, threshold=0.6)
    pins = pin_operating_points.pin(files(tmp_path / "out", first=newer), tmp_path)
    assert pins == pinned(tmp_path) == (
        ("first", A, sha256(newer).hexdigest()), ("second", B, sha256(two).hexdigest()),
    )  # fmt: skip


def test_a_new_name_for_the_same_weights_replaces_the_old_file(tmp_path: Path) -> None:
    """For each name of weights there is one point."""
    pin_operating_points.pin(files(tmp_path / "out", first=point_file(weights=A)), tmp_path)
    pins = pin_operating_points.pin(files(tmp_path / "out", better=point_file(weights=A, threshold=0.6)), tmp_path)
    assert [name for name, _, _ in pins] == ["better"]
    assert [path.name for path in (tmp_path / "packaged").iterdir()] == ["better.json"]


def test_what_is_no_operating_point_is_not_pinned(tmp_path: Path) -> None:
    """A broken file, or two for the same weights, changes nothing."""
    with pytest.raises(OperatingPointError):
        pin_operating_points.pin(files(tmp_path / "out", good=point_file(), bad=b"{}"), tmp_path)
    with pytest.raises(ValueError, match="same weights"):
        pin_operating_points.pin(files(tmp_path / "out", one=point_file(), two=point_file(threshold=0.7)), tmp_path)
    assert not (tmp_path / "packaged").exists()


def test_the_package_is_as_the_script_would_leave_it(tmp_path: Path) -> None:
    """Nobody edited pins or files by hand."""
    there = sorted((pin_operating_points.PACKAGE / "packaged").glob("*.json"))
    assert pin_operating_points.pin(there, tmp_path) == PINS
    assert (tmp_path / "pins.py").read_text("utf-8") == (pin_operating_points.PACKAGE / "pins.py").read_text("utf-8")
