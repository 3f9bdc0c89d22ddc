"""What was computed is kept, whatever interrupts; what is damaged is computed again."""

from __future__ import annotations

import stat
from pathlib import Path

import numpy as np
import pytest

from countenance.errors import EvaluationError
from countenance.evaluate.samples import MEASURES, Sample, SampleFile, Samples

WEIGHTS = "a" * 64


def sample(number: int, outcome: str = "") -> Sample:
    """Return a sample that no other number gives."""
    row = np.full(8, number, np.float32)
    return Sample(bytes([number]) * 32, outcome, row, np.arange(len(MEASURES), dtype=np.float32), row[:4])


def kept(path: Path, weights: str = WEIGHTS) -> dict[bytes, Sample]:
    """Return what a file holds."""
    file = SampleFile(path, weights, 8)
    file.close()
    return dict(file.known)


def filled(path: Path) -> Path:
    """Return a file with three samples."""
    file = SampleFile(path, WEIGHTS, 8)
    file.append([sample(1), sample(2, "detection.no_face")])
    file.append([sample(3)])
    file.close()
    return path


def test_samples_come_back(tmp_path: Path) -> None:
    """Template, quality, box and outcome are what was kept, and the file is its owner's alone."""
    path = filled(tmp_path / "samples.bin")
    found = kept(path)
    assert sorted(found) == [bytes([number]) * 32 for number in (1, 2, 3)]
    assert found[bytes([2]) * 32].outcome == "detection.no_face"
    assert found[bytes([3]) * 32].template.tolist() == [3.0] * 8
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_record_cut_short_costs_only_itself(tmp_path: Path, cut: int) -> None:
    """After a crash in the middle of writing, all before it is there, and writing goes on in step."""
    path = filled(tmp_path / "samples.bin")
    path.write_bytes(path.read_bytes()[:-cut])
    assert len(kept(path)) == 2
    file = SampleFile(path, WEIGHTS, 8)
    file.append([sample(9)])
    file.close()
    assert sorted(one[0] for one in kept(path)) == [1, 2, 9]


def test_a_flipped_bit_costs_only_its_record(tmp_path: Path) -> None:
    """A record whose check does not fit is computed again rather than believed."""
    path = filled(tmp_path / "samples.bin")
    data = bytearray(path.read_bytes())
    data[256 + 60] ^= 1
    path.write_bytes(data)
    assert sorted(one[0] for one in kept(path)) == [2, 3]


def test_other_weights_are_refused(tmp_path: Path) -> None:
    """Templates of two networks never mix; nor is any other file overwritten."""
    path = filled(tmp_path / "samples.bin")
    with pytest.raises(EvaluationError) as error:
        kept(path, "b" * 64)
    assert error.value.code == "evaluate.samples"
    other = tmp_path / "letter.txt"
    other.write_text("Dear Sir or Madam")
    with pytest.raises(EvaluationError):
        kept(other)
    assert other.read_text() == "Dear Sir or Madam"


def test_columns_are_in_order() -> None:
    """Photographs without a template are there, and not usable."""
    columns = Samples.of([sample(1), sample(2, "detection.no_face")])
    assert columns.usable.tolist() == [True, False]
    assert columns.templates.shape == (2, 8)
    assert columns.sha256 != Samples.of([sample(2), sample(1)]).sha256
