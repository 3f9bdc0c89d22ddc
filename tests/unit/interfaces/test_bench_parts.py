"""What the bench takes off, sums up and describes is what it says."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from countenance.audit import audit
from countenance.bootstrap.filled import fill_record
from countenance.errors import ConfigurationError
from countenance.interfaces.bench import machine, record, search
from countenance.interfaces.bench.portraits import package_portraits
from countenance.interfaces.bench.served import taken_off
from countenance.terms import Outcome, StageTime
from fakes import demo_shown


def test_overhead_leaves_everything_but_extraction() -> None:
    """The server's extraction stage is taken off, waiting for a busy process included; recording stays in."""
    stages = {
        "live.decode": 3.0, "live.detect": 2.0, "live.quality": 9.0, "live.embed": 4.0, "portrait.decode": 1.0,
        "portrait.detect": 2.0, "portrait.embed": 4.0, "extract": 40.0, "compare": 5.0,
    }  # fmt: skip
    reply = replace(
        demo_shown.reply(Outcome.MATCH, 1, captured=True),
        millis=tuple(StageTime(name, value) for name, value in stages.items()),
    )
    assert taken_off(reply) == 40.0
    assert taken_off(replace(reply, millis=())) == 0.0


def test_memory_counts_a_process_and_all_below_it() -> None:
    """A child's child counts; shared pages count once, so two processes weigh more than one and less than twice."""
    last = "print(1, flush=True); input()"
    middle = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {last!r}])"
    first = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {middle!r}])"
    with subprocess.Popen([sys.executable, "-c", first], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        below = machine.descendants(process.pid)
        whole, alone = machine.pss_mb(process.pid), machine.pss_mb(below[-1])
        process.communicate(b"\n")
    assert len(below) == 2
    assert 0 < alone < whole < 200
    assert machine.pss_mb(process.pid) == 0


def test_the_machine_is_named_without_naming_anybody() -> None:
    """Processor, memory, system and versions are told; host and user are not."""
    found = machine.describe()
    assert {"processor", "memory", "system", "packages"} <= set(found)
    assert "cores" in found["processor"]
    assert "openvino" in found["packages"]
    assert os.uname().nodename not in " ".join(found.values())


def test_templates_are_random_and_of_length_one() -> None:
    """What is searched looks like templates do."""
    rows = search.unit_rows(np.random.default_rng(1), 100)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


def test_search_figures_come_from_small_sizes_too() -> None:
    """The arithmetic holds at any size: a search takes time, and reads no faster than ten times memory speed."""
    found = search.measure(max(os.sched_getaffinity(0)), million=20_000, airport=1_000, probes=20)
    assert found["search.ms_1m"] > 0
    assert found["search.p99_ms_42000"] > 0
    assert 0 < found["search.bandwidth_ratio_1m"] < 10


def test_record_figures_come_from_small_sizes_too(tmp_path: Path) -> None:
    """A record of any size is appended to, published, proved and audited, and each takes some time."""
    found = record.measure(tmp_path, entries=700, appends=5)
    assert set(found) == {
        f"record.{name}_1m" for name in ("append_ms", "commit_ms", "publish_ms", "proof_ms", "audit_s")
    }
    assert all(value > 0 for value in found.values())


def test_a_filled_record_is_a_record(tmp_path: Path) -> None:
    """What is measured is a log that holds, with the entry that was appended to it proved."""
    filled = fill_record(tmp_path / "record", 640)
    commitment, *_ = filled.append({"event": "x"})
    head = filled.log.publish(filled.storage.clock.now())
    assert head.size == 704
    assert filled.log.prove(commitment).index >= 640
    assert audit(filled.folder, filled.vkey, now_ms=0).ok
    filled.storage.close()


def test_portraits_have_640_pixels(photos: Path, tmp_path: Path) -> None:
    """Every portrait is a JPEG with 640 px on its longer side; a missing one is named."""
    for data in package_portraits(photos):
        with Image.open(BytesIO(data)) as image:
            assert (image.format, max(image.size)) == ("JPEG", 640)
    with pytest.raises(ConfigurationError, match=r"person_a_2\.jpg"):
        package_portraits(tmp_path)
