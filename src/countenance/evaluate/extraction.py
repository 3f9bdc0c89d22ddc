"""Photographs to samples, on every core, resumably: what was computed before an interruption is not computed again."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from countenance import face
from countenance.capture.image import decode
from countenance.config import Settings
from countenance.evaluate.samples import Sample, SampleFile, Samples, sample_of
from countenance.face import Pipeline
from countenance.terms import Reason, Refused, Stage, StageMillis

Progress = Callable[[int, int], None]
"""Told how many photographs are done, and how many there are."""
_BATCH = 16
_MAX_BYTES = 20_000_000
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"}


@dataclass(frozen=True, slots=True)
class Networks:
    """What photographs are turned into templates with, as reports name it."""

    weights: str
    recogniser: str
    preprocessing: str
    dimension: int


def networks(settings: Settings) -> Networks:
    """Return the names of the networks that these settings choose.

    Raises:
        WeightsError: a file is missing or has another hash than pinned.
    """
    weights = face.open_weights(settings.cache, settings.weights_manifest)
    config = weights.fitted(face.choose_config(settings.pipeline))
    words = f"{face.ALIGNMENT}, {config.name}"
    return Networks(weights.name(config), weights.embedder_sha256, words, weights.spec.dimension)


def extract(files: Sequence[Path], settings: Settings, kept: Path, progress: Progress) -> Samples:
    """Return a sample of each file, in order; what ``kept`` already holds is taken from there.

    Nothing is refused for quality or company, and of several faces the one nearest the middle counts (MODELS §6): an
    evaluation must see what a limit would hide. A file that cannot be read any more is a refusal "capture.empty".

    Raises:
        WeightsError, EvaluationError: nothing was computed.
        KeyboardInterrupt: what was computed is kept.
    """
    named = networks(settings)
    store = SampleFile(kept, named.weights, named.dimension)
    try:
        digests = [_digest(file) for file in files]
        samples = dict(store.known)
        missing = [place for place, digest in enumerate(digests) if digest not in samples]
        done = len(files) - len(missing)
        progress(done, len(files))
        for batch in _computed([files[place] for place in missing], settings, named.dimension):
            store.append(batch)
            samples |= {sample.image_sha256: sample for sample in batch}
            done += len(batch)
            progress(done, len(files))
    finally:
        store.close()
    return Samples.of([samples[digest] for digest in digests])


def _digest(file: Path) -> bytes:
    try:
        return sha256(file.read_bytes()).digest()
    except OSError:
        return sha256(b"").digest()


def _computed(files: Sequence[Path], settings: Settings, dimension: int) -> Iterator[list[Sample]]:
    """Yield samples of the files in batches, in whatever order they are ready."""
    if not files:
        return
    batches = [files[start : start + _BATCH] for start in range(0, len(files), _BATCH)]
    workers = min(settings.workers, len(batches))
    waiting: set[Future[list[Sample]]] = set()
    with _one_thread_each(), ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=_start, initargs=(settings,)
    ) as pool:  # fmt: skip
        try:
            for batch in batches:
                waiting.add(pool.submit(_samples, batch, dimension))
                if len(waiting) >= 4 * workers:
                    ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in ready)
            for future in waiting:
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let child processes begin with one thread each: their libraries read the environment when they load."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(_ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class _Worker:
    """The networks of one child process."""

    pipeline: Pipeline


def _start(settings: Settings) -> None:
    weights = face.open_weights(settings.cache, settings.weights_manifest)
    config = face.choose_config(settings.pipeline)
    _Worker.pipeline = face.build_pipeline(weights, config, limits=face.NO_LIMITS, main_face="central")


def _samples(files: Sequence[Path], dimension: int) -> list[Sample]:
    return [_sample(file, dimension) for file in files]


def _sample(file: Path, dimension: int) -> Sample:
    try:
        data = b"" if file.stat().st_size > _MAX_BYTES else file.read_bytes()
    except OSError:
        data = b""
    frame = decode(data) if data else _unread()
    extraction = frame if isinstance(frame, Refused) else _Worker.pipeline.run(frame)
    return sample_of(_digest(file), extraction, dimension)


def _unread() -> Refused:
    return Refused(Stage.CAPTURE, Reason.EMPTY, "The file cannot be read.", StageMillis(0.0, 0.0, 0.0, 0.0))
