"""Inference processes: the same bits as in-process, replaced when they die or hang, gone when nobody needs them."""

from __future__ import annotations

import hashlib
import io
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from countenance.bootstrap import Engine, inference
from countenance.bootstrap.inference import InferencePool, _runs
from countenance.config import Settings, read_settings
from countenance.errors import InferenceError
from countenance.terms import Accepted, Extraction, Reason, Refused
from fakes.networks import accepted, manifest_at, pipeline, refused

PATIENCE_S = 60
SECRET = "not-for-children"
SETTINGS = replace(read_settings(os.environ), timeout_s=4.0)


@pytest.fixture(scope="module")
def pair() -> Iterator[InferencePool]:
    """Give a pool of two processes, started by a process whose environment holds a secret."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNTENANCE_TEST_SECRET", SECRET)
        pool = InferencePool(replace(SETTINGS, workers=2))
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def alone() -> Iterator[InferencePool]:
    """Give a pool of one process."""
    pool = InferencePool(replace(SETTINGS, workers=1))
    yield pool
    pool.close()


@pytest.fixture
def portrait(photos: Path) -> bytes:
    """Give a photograph."""
    return (photos / "person_b_1.jpg").read_bytes()


def gone(pid: int) -> bool:
    """Return whether a process ends within our patience, without asking again and again."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with os.fdopen(descriptor):
        return bool(select.select([descriptor], [], [], PATIENCE_S)[0])


def children() -> set[int]:
    """Return the inference processes that this process has started and that still run."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            command = (entry / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == os.getpid() and b"countenance.bootstrap.worker" in command:
            found.add(int(entry.name))
    return found


def same(one: Extraction, other: Extraction) -> bool:
    """Return whether two extractions are the same but for the time they took, bit for bit."""
    if isinstance(one, Refused) or isinstance(other, Refused):
        return replace(one, millis=other.millis) == other
    return (
        one.probe.template.values.tobytes() == other.probe.template.values.tobytes()
        and one.probe.template.weights == other.probe.template.weights
        and one.probe.landmarks.tobytes() == other.probe.landmarks.tobytes()
        and (one.probe.quality, one.probe.box) == (other.probe.quality, other.probe.box)
        and one.probe.image_sha256 == other.probe.image_sha256
    )


def fails(pool: InferencePool, image: bytes) -> str:
    """Extract what cannot be extracted; return the code of the error, which says what to do."""
    with pytest.raises(InferenceError) as error:
        pool.extract(image)
    assert "manual check" in error.value.remedy
    return error.value.code


# --- the same as in-process -----------------------------------------------------------------------------------------
def test_processes_give_what_the_engine_gives(pair: InferencePool, photos: Path) -> None:
    """Each process gives the same templates, bit for bit, and the same refusals as the engine in this process."""
    engine = Engine(pipeline("shipped"))
    assert SETTINGS.pipeline == "shipped"
    assert (pair.weights, pair.dimension) == (engine.weights, engine.dimension)
    images = [(photos / name).read_bytes() for name in ("person_a_1.jpg", "astronaut.png", "impostor_2.jpg")]
    for image in [*images, b"", b"no photograph", images[0][:5000]]:
        expected = engine.extract(image)
        assert all(same(pair.extract(image), expected) for _ in pair.process_ids)


def test_many_keep_their_order(pair: InferencePool, photos: Path) -> None:
    """One result per image, in the order of the images, over both processes, each counted once."""
    names = ["person_a_1.jpg", "person_a_2.jpg", "impostor_1.jpg", "obama.jpg", "person_b_2.jpg"] * 2
    images = [(photos / name).read_bytes() for name in names]
    images[3] = b"no photograph"
    before = pair.frames_decoded
    results = pair.extract_many(images)
    assert pair.frames_decoded == before + len(images)
    assert refused(results[3]).reason is Reason.UNSUPPORTED_TYPE
    hashes = [result.probe.image_sha256 for result in results if isinstance(result, Accepted)]
    assert hashes == [hashlib.sha256(image).hexdigest() for number, image in enumerate(images) if number != 3]
    assert pair.extract_many([]) == pair.begin_many([])() == ()
    begun = [pair.begin_many(images), pair.begin_many(images[:1])]
    assert all(same(one, other) for one, other in zip(begun[0](), results, strict=True))
    assert same(begun[1]()[0], results[0])
    assert len(pair.extract_many(images[:1])) == 1


def test_several_at_once_give_what_each_gives_alone(pair: InferencePool, photos: Path) -> None:
    """Photographs that share one run of the recogniser give the same bits as alone, refused ones among them."""
    names = ["person_a_1.jpg", "person_a_2.jpg", "impostor_1.jpg", "obama.jpg", "person_b_2.jpg", "impostor_2.jpg"]
    images = [(photos / name).read_bytes() for name in names]
    images[1:1] = [b"no photograph", images[0][:3000]]
    together = pair.extract_many(images * 2)
    assert all(same(one, pair.extract(image)) for one, image in zip(together, images * 2, strict=True))


def test_a_request_is_answered_whole_in_its_time(photos: Path) -> None:
    """However few faces share a run: every photograph of a request is answered, unless time is up after the first."""
    engine = Engine(pipeline("shipped", 2), at_once=2)
    images = [(photos / "person_a_1.jpg").read_bytes(), b"no photograph", (photos / "impostor_1.jpg").read_bytes()] * 2
    whole = engine.extract_some(images, within_s=60)
    assert all(same(one, engine.extract(image)) for one, image in zip(whole, images, strict=True))
    assert len(engine.extract_some(images, within_s=0)) == 1
    assert engine.extract_some([], within_s=60) == ()


@pytest.mark.parametrize(
    "sizes, workers, lengths",
    [
        ([10] * 24, 2, [6, 6, 6, 6]), ([10] * 8, 2, [4, 4]), ([10] * 7, 2, [4, 3]), ([10] * 48, 2, [8] * 6),
        ([10], 2, [1]), ([], 2, []), ([10] * 3, 4, [1, 1, 1]), ([10] * 9, 1, [5, 4]),
        ([500_000] * 6, 1, [2, 2, 2]), ([30_000_000, 10, 10, 30_000_000], 1, [1, 2, 1]),
    ],
)  # fmt: skip
def test_processes_get_even_shares_and_few_bytes(sizes: list[int], workers: int, lengths: list[int]) -> None:
    """Runs are of one length, so that no process waits for another at the end; large photographs go alone."""
    images = [bytes([at % 250]) * size for at, size in enumerate(sizes)]
    runs = list(_runs(images, workers))
    assert [len(run) for run in runs] == lengths
    assert [image for run in runs for image in run] == images


def test_many_threads_may_ask_at_once(pair: InferencePool, photos: Path) -> None:
    """Eight callers on two processes each get the answer to their own photograph."""
    names = ["person_a_2.jpg", "impostor_1.jpg", "person_b_2.jpg", "obama.jpg"] * 4
    images = [(photos / name).read_bytes() for name in names]
    with ThreadPoolExecutor(8) as threads:
        probes = [accepted(result) for result in threads.map(pair.extract, images)]
    assert [probe.image_sha256 for probe in probes] == [hashlib.sha256(image).hexdigest() for image in images]
    assert len({probe.template.values.tobytes() for probe in probes}) == 4


@pytest.mark.parametrize("count", [1, 2], ids=["live alone", "with a portrait"])
def test_a_lane_does_not_wait_for_a_gallery(alone: InferencePool, portrait: bytes, count: int) -> None:
    """Whoever stands before a camera comes after the run under way and before the rest of a gallery."""
    assert alone.wait_idle(PATIENCE_S)
    before, gallery = alone.frames_decoded, 30 * inference.RUN
    staged = alone.begin_many([portrait] * gallery)
    assert all(accepted(one) for one in alone.extract_many([portrait] * count))
    assert alone.frames_decoded - before < gallery // 2
    assert len(staged()) == gallery


def test_photographs_that_take_long_are_a_request_each(alone: InferencePool, portrait: bytes) -> None:
    """Few bytes may be many pixels: a process that is slow with them answers some, and a lane comes before the rest."""
    assert alone.wait_idle(PATIENCE_S)
    buffer = io.BytesIO()
    Image.new("RGBA", (6000, 4000)).save(buffer, "PNG")
    slow = [buffer.getvalue()] * inference.RUN
    before = alone.frames_decoded
    with ThreadPoolExecutor(1) as threads:
        staged = threads.submit(alone.begin_many(slow))
        while alone.frames_decoded == before:
            os.sched_yield()
        assert accepted(alone.extract(portrait))
        assert not staged.done()
        assert [refused(one).reason for one in staged.result()] == [Reason.NO_FACE] * inference.RUN
    assert alone.frames_decoded == before + inference.RUN + 1


def test_large_photographs_share_no_run() -> None:
    """A process gets as many photographs in a row as are small together, and a large one alone."""
    small, large = bytes(100_000), bytes(inference.RUN_BYTES + 1)
    images = [small, small, large, large, *[small] * 9, large]
    assert [len(run) for run in inference._runs(images, 1)] == [2, 1, 1, 7, 2, 1]
    assert [len(run) for run in inference._runs([bytes(300_000)] * 8, 1)] == [3, 3, 2]
    assert [len(run) for run in inference._runs([small] * 5, 2)] == [3, 2]
    assert list(inference._runs([], 2)) == []


def test_an_endless_body_costs_no_process(alone: InferencePool) -> None:
    """More bytes than any photograph may have are refused like any other bad image, by a process that goes on."""
    before = alone.process_ids
    refusal = refused(alone.extract(bytes(70_000_000)))
    assert refusal.reason is Reason.TOO_MANY_BYTES
    assert alone.process_ids == before


# --- what a process may have ------------------------------------------------------------------------------------------
def test_no_secret_travels_to_a_process(pair: InferencePool) -> None:
    """A process sees the few variables it needs, one socket, and no file of the service's."""
    allowed = {
        *("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "PYTHONPATH"),
        *inference._ONE_THREAD,
        *("COUNTENANCE_CACHE", "COUNTENANCE_WEIGHTS", "COUNTENANCE_PIPELINE"),
    }
    for pid in pair.process_ids:
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        assert SECRET.encode() not in environment
        assert {line.partition(b"=")[0].decode() for line in environment.split(b"\0") if line} <= allowed
        opened = [str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir() if int(each.name) > 2]
        assert sum(name.startswith("socket:") for name in opened) == 1
        assert not [name for name in opened if name.endswith((".db", ".key", ".toml"))]


def test_each_process_has_a_core_of_its_own(pair: InferencePool) -> None:
    """Two processes run on two cores, where there are two."""
    cores = [frozenset(os.sched_getaffinity(pid)) for pid in pair.process_ids]
    assert all(len(each) == 1 for each in cores)
    assert len(set(cores)) == min(2, len(os.sched_getaffinity(0)))


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_signal_is_the_services_to_answer(alone: InferencePool, stop: signal.Signals, portrait: bytes) -> None:
    """A signal to the whole group does not take the processes from people who still wait for an answer."""
    before = alone.process_ids
    os.kill(before[0], stop)
    assert accepted(alone.extract(portrait))
    assert alone.process_ids == before


# --- death and hanging ------------------------------------------------------------------------------------------------
def test_a_process_killed_while_idle_is_replaced(alone: InferencePool, portrait: bytes) -> None:
    """The photograph that meets the dead process gets an error, the next one an answer from a fresh process."""
    expected = alone.extract(portrait)
    (killed,) = alone.process_ids
    os.kill(killed, signal.SIGKILL)
    assert gone(killed)
    assert fails(alone, portrait) == "inference.failed"
    assert alone.wait_idle(PATIENCE_S)
    assert same(alone.extract(portrait), expected)
    assert killed not in alone.process_ids
    assert children() >= set(alone.process_ids)


def test_a_process_killed_at_work_fails_its_photograph_at_once(alone: InferencePool, portrait: bytes) -> None:
    """Killed in the middle, a process answers nobody: its photograph fails without waiting for the timeout."""
    (killed,) = alone.process_ids
    os.kill(killed, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as threads:
        before = alone.frames_decoded
        waiting = threads.submit(fails, alone, portrait)
        while alone.frames_decoded == before:
            os.sched_yield()
        os.kill(killed, signal.SIGKILL)
        assert waiting.result(PATIENCE_S) == "inference.failed"
    assert alone.wait_idle(PATIENCE_S)
    assert accepted(alone.extract(portrait))


def test_a_process_that_hangs_is_replaced(alone: InferencePool, portrait: bytes) -> None:
    """After the timeout its photograph fails and it is killed; who waits behind it in vain is told so."""
    (hanging,) = alone.process_ids
    os.kill(hanging, signal.SIGSTOP)
    with ThreadPoolExecutor(2) as threads:
        codes = {waiting.result(PATIENCE_S) for waiting in [threads.submit(fails, alone, portrait) for _ in range(2)]}
    assert codes == {"inference.failed", "inference.busy"}
    assert gone(hanging)
    assert alone.wait_idle(PATIENCE_S)
    assert accepted(alone.extract(portrait))


def test_many_survive_a_death_among_them(pair: InferencePool, portrait: bytes) -> None:
    """A bulk in which a process died is an error; afterwards both processes work again."""
    for pid in pair.process_ids:
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(InferenceError):
        pair.extract_many([portrait] * 6)
    while not {accepted(result).image_sha256 for result in bulk(pair, portrait)}:
        pass
    assert pair.wait_idle(PATIENCE_S)
    assert len(pair.extract_many([portrait] * 4)) == 4


def bulk(pool: InferencePool, image: bytes) -> tuple[Extraction, ...]:
    """Return a bulk of four, or nothing while a process of the pool is still dead."""
    try:
        return pool.extract_many([image] * 4)
    except InferenceError:
        return ()


def test_other_weights_never_take_over(tmp_path: Path, portrait: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the manifest changed under a running service, a replaced process is not used until it is put back."""
    monkeypatch.setattr(inference, "RETRY_S", 0.1)
    manifest = manifest_at(tmp_path)
    original = manifest.read_bytes()
    pool = InferencePool(replace(SETTINGS, workers=1, weights_manifest=manifest, timeout_s=0.5))
    try:
        before = pool.weights
        manifest_at(tmp_path, colour_order="BGR")
        (killed,) = pool.process_ids
        os.kill(killed, signal.SIGKILL)
        assert gone(killed)
        assert fails(pool, portrait) == "inference.failed"
        while pool.process_ids == (killed,):
            os.sched_yield()
        (other,) = pool.process_ids
        assert gone(other)
        manifest.write_bytes(original)
        assert pool.wait_idle(PATIENCE_S)
        assert accepted(pool.extract(portrait)).template.weights == before == pool.weights
    finally:
        pool.close()


# --- start and end ----------------------------------------------------------------------------------------------------
def test_a_start_that_fails_leaves_nothing_behind(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """With weights that do not fit no process is left; each said on standard error what is wrong and what to do."""
    before = children()
    (tmp_path / "own.json").write_text("{}")
    with pytest.raises(InferenceError) as error:
        InferencePool(replace(SETTINGS, workers=2, weights_manifest=tmp_path / "own.json"))
    assert error.value.code == "inference.not_ready"
    assert children() == before
    said = capfd.readouterr().err
    assert "weights.manifest" in said
    assert "docs/weights.md" in said
    assert "Traceback" not in said


def test_a_process_that_says_something_else_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that is not ours, or dies at once, in place of the interpreter: an error, and nothing left."""
    before = children()
    for number, body in enumerate(('printf "\\0\\0\\0\\5hello" >&$3', "exit 3", 'printf "\\377\\377\\377\\377" >&$3')):
        program = tmp_path / f"program{number}"
        program.write_text(f"#!/bin/bash\n{body}\n")
        program.chmod(0o700)
        monkeypatch.setattr(sys, "executable", str(program))
        with pytest.raises(InferenceError) as error:
            InferencePool(replace(SETTINGS, workers=1))
        assert error.value.code == "inference.not_ready"
    assert children() == before


def test_a_program_that_is_not_there_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no process can be started at all the error is ours, too."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(InferenceError) as error:
        InferencePool(replace(SETTINGS, workers=1))
    assert error.value.code == "inference.not_ready"


def test_closing_ends_everything(portrait: bytes) -> None:
    """Close leaves no process; a photograph under way fails at once; later ones are told that it is closed."""
    before = children()
    pool = InferencePool(replace(SETTINGS, workers=1, timeout_s=PATIENCE_S))
    (stopped,) = pool.process_ids
    os.kill(stopped, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(fails, pool, portrait)
        while pool.frames_decoded == 0:
            os.sched_yield()
        pool.close()
        assert waiting.result(PATIENCE_S) == "inference.failed"
    assert gone(stopped)
    assert children() == before
    assert fails(pool, portrait) == "inference.closed"
    with pytest.raises(InferenceError):
        pool.extract_many([portrait] * 2)
    pool.close()


PARENT = """
import os, sys
from countenance.bootstrap.inference import InferencePool
from countenance.config import read_settings
pool = InferencePool(read_settings(os.environ))
print(*pool.process_ids, flush=True)
sys.stdin.read()
"""


def test_processes_die_with_a_killed_service() -> None:
    """When the service is killed without a word, its processes see the closed socket and end."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        orphans = [int(pid) for pid in parent.stdout.readline().split()]
        parent.kill()
    assert len(orphans) == SETTINGS.workers
    assert all(gone(pid) for pid in orphans)


def test_settings_reach_the_processes(tmp_path: Path, portrait: bytes) -> None:
    """Cache, manifest and configuration come from the settings given, not from this process's environment."""
    manifest = manifest_at(tmp_path)
    settings = Settings(tmp_path / "cache", manifest, "full-fp32", workers=1, timeout_s=PATIENCE_S)
    pool = InferencePool(settings)
    try:
        probe = accepted(pool.extract(portrait))
    finally:
        pool.close()
    assert probe.template.weights == pool.weights != pipeline("full-fp32").weights
    assert np.array_equal(probe.template.values, direct(portrait))
    assert not (tmp_path / "cache").exists()


def direct(image: bytes) -> np.ndarray:
    """Return the template values of the reference configuration in this process."""
    return accepted(Engine(pipeline("full-fp32")).extract(image)).template.values
