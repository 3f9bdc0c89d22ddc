"""The pool of inference processes: one core each, replaced when one dies or hangs, its photograph "unavailable"."""

from __future__ import annotations

import logging
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Lock, Thread

from countenance.bootstrap import wire
from countenance.bootstrap.idle import Idle
from countenance.config import Settings
from countenance.errors import InferenceError
from countenance.terms import Extraction

START_TIMEOUT_S = 60.0
RUN = wire.AT_ONCE
"""The most photographs that one process gets in a row: whoever stands before a camera waits for no more of others'."""
RUN_BYTES = 1 << 20
"""Bytes of such a row together, unless it is one photograph: eight of 20 megapixels take a second and more."""
SWITCH_S = 0.0005
"""Seconds a thread may keep the interpreter while another waits. With 5 ms, the default, a lane waits that long a turn,
and an inference process for its next photograph while another thread commits."""
RETRY_S = 5.0
"""Pause before another process is tried in place of one that would not start."""
_HELLO = re.compile("ready ([0-9a-f]{64}) ([0-9]{1,5})")
_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
    "OMP_WAIT_POLICY": "passive",
}
_LOG = logging.getLogger("countenance.inference")


class Worker:
    """One inference process and the socket to it."""

    def __init__(self, settings: Settings, core: int) -> None:
        """Start the process, pinned to ``core`` unless that is negative; ``wait_ready`` before the first photograph.

        Raises:
            InferenceError: ``inference.not_ready``: the machine starts no process.
        """
        ours, theirs = socket.socketpair()
        self._channel = ours
        environment = {
            **_inherited(),
            **_ONE_THREAD,
            "COUNTENANCE_CACHE": str(settings.cache),
            "COUNTENANCE_WEIGHTS": str(settings.weights_manifest or ""),
            "COUNTENANCE_PIPELINE": settings.pipeline,
        }
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own module with our own arguments
                [sys.executable, "-m", "countenance.bootstrap.worker", str(theirs.fileno()), str(core)],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=environment,
            )  # fmt: skip
        except OSError as error:
            ours.close()
            raise _not_ready() from error
        finally:
            theirs.close()
        self.core = core
        self._timeout_s = settings.timeout_s
        self._using = Lock()  # while a thread reads the channel, nobody closes it under that thread
        self.weights = ""
        self.dimension = 0

    def wait_ready(self) -> None:
        """Wait until the networks are compiled.

        Raises:
            InferenceError: ``inference.not_ready``; the process's own words are on standard error.
        """
        with self._using:
            self._channel.settimeout(START_TIMEOUT_S)
            try:
                hello = (wire.receive(self._channel, wire.MAX_HEAD) or b"").decode("ascii", "replace")
            except (OSError, InferenceError):
                hello = ""
            self._channel.settimeout(self._timeout_s)
        words = _HELLO.fullmatch(hello)
        if words is None:
            self.stop()
            raise _not_ready()
        self.weights, self.dimension = words[1], int(words[2])

    def extract(self, images: Sequence[bytes]) -> list[Extraction]:
        """Return the extractions of the first images, in order; whatever this raises, the process is of no more use."""
        with self._using:
            wire.ask(self._channel, images)
            return wire.answered(self._channel, len(images))

    def stop(self) -> None:
        """End the process and wait for it; a thread that waits for its answer gets an error."""
        self.process.kill()
        self.process.wait()
        with self._using:
            self._channel.close()


class InferencePool:
    """Implements the ``Extractor`` port over N processes; safe to call from many threads."""

    def __init__(self, settings: Settings) -> None:
        """Start the processes and wait for them.

        Raises:
            InferenceError: ``inference.not_ready``; none is left running.
        """
        sys.setswitchinterval(SWITCH_S)
        self._settings = settings
        self._idle: Idle[Worker] = Idle()
        self._lock = Lock()
        self._closing = Event()
        self._decoded = 0
        self._workers: list[Worker] = []
        self._lanes, self._bulk = (ThreadPoolExecutor(settings.workers, name) for name in ("lane", "bulk"))
        cores = sorted(os.sched_getaffinity(0))
        try:
            for index in range(settings.workers):
                self._workers.append(Worker(settings, cores[index % len(cores)] if settings.workers > 1 else -1))
            for worker in self._workers:
                worker.wait_ready()
        except BaseException:
            self.close()
            raise
        self.weights = self._workers[0].weights
        self.dimension = self._workers[0].dimension
        for worker in self._workers:
            self._idle.put(worker)

    @property
    def frames_decoded(self) -> int:
        """How many images were handed to a decoder since start."""
        return self._decoded

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The inference processes' ids, for measuring memory."""
        return tuple(worker.process.pid for worker in self._workers)

    def extract(self, image: bytes) -> Extraction:
        """Return ``Accepted`` or ``Refused`` for one photograph; see the port."""
        return self._extract([image], bulk=False)[0]

    def _extract(self, images: Sequence[bytes], *, bulk: bool) -> list[Extraction]:
        found: list[Extraction] = []
        while len(found) < len(images):  # what took long is given up to whoever waits, between one image and the next
            found += self._some(images[len(found) :], bulk=bulk)
        return found

    def _some(self, images: Sequence[bytes], *, bulk: bool) -> list[Extraction]:
        if self._closing.is_set():
            raise InferenceError("inference.closed", "The service is stopping.", remedy="Do an ordinary manual check.")
        worker = self._idle.get(self._settings.timeout_s, bulk=bulk)
        if worker is None:
            raise InferenceError(
                "inference.busy", "No inference process became free in time.", remedy="Do an ordinary manual check."
            )
        with self._lock:
            self._decoded += len(images)
        try:
            # Longer than any photograph may be: the process refuses what is left as too large.
            extractions = worker.extract([image[: wire.MAX_REQUEST] for image in images])
        except BaseException as error:
            self._replace(worker, type(error).__name__)
            if not isinstance(error, Exception):
                raise
            raise InferenceError(
                "inference.failed", f"An inference process failed ({type(error).__name__}).",
                remedy="Do an ordinary manual check.",
            ) from error  # fmt: skip
        self._idle.put(worker)
        with self._lock:
            self._decoded -= len(images) - len(extractions)
        return extractions

    def extract_many(self, images: Sequence[bytes]) -> tuple[Extraction, ...]:
        """Return one result per image, in order, over every process; see the port."""
        return (self.extract(images[0]),) if len(images) == 1 else self._begin(images, bulk=False)()

    def begin_many(self, images: Sequence[bytes]) -> Callable[[], tuple[Extraction, ...]]:
        """Hand images to the processes and return what waits for their results; lanes come first. See the port."""
        return self._begin(images, bulk=True)

    def _begin(self, images: Sequence[bytes], *, bulk: bool) -> Callable[[], tuple[Extraction, ...]]:
        with self._lock:
            if self._closing.is_set():
                return lambda: tuple(self.extract(image) for image in images)
            threads = self._bulk if bulk else self._lanes
            begun = [threads.submit(self._extract, run, bulk=bulk) for run in _runs(images, len(self._workers))]
        return lambda: tuple(extraction for one in begun for extraction in one.result())

    def _replace(self, worker: Worker, why: str) -> None:
        """Stop a worker and start another in the background; until it is ready the pool is one smaller."""
        worker.stop()
        if not self._closing.is_set():
            _LOG.warning("inference process %d failed (%s) and is replaced", worker.process.pid, why)
            Thread(target=self._start_again, args=(worker,), name="replace", daemon=True).start()

    def _start_again(self, old: Worker) -> None:
        """Put a fresh process in ``old``'s place, trying until one starts or the pool closes."""
        while not self._closing.is_set():
            with suppress(InferenceError):
                fresh = self._in_place_of(old)
                if fresh is None:
                    return
                old = fresh
                fresh.wait_ready()
                if fresh.weights == self.weights:
                    self._idle.put(fresh)
                    return
                fresh.stop()
                _LOG.error("the weights have changed since the service started: put them back, or start it again")
            self._closing.wait(RETRY_S)

    def _in_place_of(self, old: Worker) -> Worker | None:
        """Start a process and count it instead of ``old``; None when the pool closed meanwhile."""
        with self._lock:
            if self._closing.is_set():
                return None
            fresh = Worker(self._settings, old.core)
            self._workers[self._workers.index(old)] = fresh
            return fresh

    def wait_idle(self, timeout_s: float) -> bool:
        """Return whether every process became free within ``timeout_s`` seconds (for tests and benchmarks)."""
        deadline = time.monotonic() + timeout_s
        while len(self._idle) < len(self._workers):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        return True

    def close(self) -> None:
        """End every process; photographs under way get an error."""
        with self._lock:
            self._closing.set()
            workers = list(self._workers)
        for worker in workers:
            worker.stop()
        self._lanes.shutdown(wait=True)
        self._bulk.shutdown(wait=True)


def _runs(images: Sequence[bytes], workers: int) -> Iterator[Sequence[bytes]]:
    """Yield images in the rows that one process each gets: of one length, so that none waits for another at the end.

    No more than ``RUN`` and ``RUN_BYTES`` in a row.
    """
    share = -(-len(images) // workers)
    most = -(-share // max(1, -(-share // RUN)))
    start = size = 0
    for at, image in enumerate(images):
        if at > start and (at - start == most or size + len(image) > RUN_BYTES):
            yield images[start:at]
            start, size = at, 0
        size += len(image)
    if images:
        yield images[start:]


def _not_ready() -> InferenceError:
    return InferenceError(
        "inference.not_ready", "An inference process did not start.",
        remedy="Read its message on standard error; run 'countenance score' to see it alone.",
    )  # fmt: skip


def _inherited() -> dict[str, str]:
    """Return the part of the environment an inference process needs; no secret of the service's travels with it."""
    wanted = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "PYTHONPATH")
    return {name: os.environ[name] for name in wanted if name in os.environ}
