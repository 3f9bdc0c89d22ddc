"""The pool of inference processes: one core each, replaced when one dies or hangs, its photograph "unavailable"."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, Queue
from threading import Lock

from countenance.bootstrap import wire
from countenance.config import Settings
from countenance.errors import InferenceError
from countenance.terms import Extraction

START_TIMEOUT_S = 60.0
_HELLO = re.compile("ready ([0-9a-f]{64}) ([0-9a-f]{64}) ([0-9]{1,5})")
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}


class Worker:
    """One inference process and the socket to it."""

    def __init__(self, settings: Settings, core: int) -> None:
        ours, theirs = socket.socketpair()
        self._channel = ours
        environment = {
            **_inherited(),
            **_ONE_THREAD,
            "COUNTENANCE_CACHE": str(settings.cache),
            "COUNTENANCE_WEIGHTS": str(settings.weights_manifest or ""),
            "COUNTENANCE_PIPELINE": settings.pipeline,
        }
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own module with our own arguments
                [sys.executable, "-m", "countenance.bootstrap.worker", str(theirs.fileno()), str(core)],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=environment,
            )  # fmt: skip
        self.core = core
        self._timeout_s = settings.timeout_s
        self.weights = self.measured_on = ""
        self.dimension = 0

    def wait_ready(self) -> None:
        """Wait until the networks are compiled.

        Raises:
            InferenceError: ``inference.not_ready``; the process's own words are on standard error.
        """
        self._channel.settimeout(START_TIMEOUT_S)
        try:
            hello = (wire.receive(self._channel, wire.MAX_HEAD) or b"").decode()
        except OSError:
            hello = ""
        words = _HELLO.fullmatch(hello)
        if words is None:
            self.stop()
            raise InferenceError(
                "inference.not_ready", "An inference process did not start.",
                remedy="Read its message on standard error; run 'countenance score' to see it alone.",
            )  # fmt: skip
        self.weights, self.measured_on, self.dimension = words[1], words[2], int(words[3])
        self._channel.settimeout(self._timeout_s)

    def extract(self, image: bytes) -> Extraction:
        """Return the extraction; raises ``InferenceError`` or ``OSError`` when the process is of no more use."""
        wire.send(self._channel, image)
        head = wire.receive(self._channel, wire.MAX_HEAD)
        values = wire.receive(self._channel, wire.MAX_TEMPLATE)
        if head is None or values is None:
            raise InferenceError("inference.died", "An inference process ended.", remedy="Do an ordinary manual check.")
        return wire.unpack(head, values)

    def stop(self) -> None:
        """End the process and wait for it."""
        with suppress(OSError):
            self._channel.close()
        self.process.kill()
        self.process.wait()


class InferencePool:
    """Implements the ``Extractor`` port over N processes; safe to call from many threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._idle: Queue[Worker] = Queue()
        self._lock = Lock()
        self._decoded = 0
        cores = sorted(os.sched_getaffinity(0))
        self._workers = [
            Worker(settings, cores[index % len(cores)] if settings.workers > 1 else -1)
            for index in range(settings.workers)
        ]
        try:
            for worker in self._workers:
                worker.wait_ready()
        except InferenceError:
            self.close()
            raise
        self.weights = self._workers[0].weights
        self.measured_on = self._workers[0].measured_on
        self.dimension = self._workers[0].dimension
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(settings.workers, thread_name_prefix="extract")

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
        try:
            worker = self._idle.get(timeout=self._settings.timeout_s)
        except Empty:
            raise InferenceError(
                "inference.busy", "No inference process became free in time.", remedy="Do an ordinary manual check."
            ) from None
        with self._lock:
            self._decoded += 1
        try:
            extraction = worker.extract(image)
        except (OSError, InferenceError, ValueError, KeyError) as error:
            self._replace(worker)
            raise InferenceError(
                "inference.failed", f"An inference process failed ({type(error).__name__}).",
                remedy="Do an ordinary manual check.",
            ) from error  # fmt: skip
        self._idle.put(worker)
        return extraction

    def extract_many(self, images: Sequence[bytes]) -> tuple[Extraction, ...]:
        """Return one result per image, in order, over every process; see the port."""
        if len(images) == 1:
            return (self.extract(images[0]),)
        return tuple(self._threads.map(self.extract, images))

    def _replace(self, worker: Worker) -> None:
        """Stop a worker and start another in the background; until it is ready the pool is one smaller."""
        worker.stop()

        def start() -> None:
            fresh = Worker(self._settings, worker.core)
            self._workers[self._workers.index(worker)] = fresh
            with suppress(InferenceError):
                fresh.wait_ready()
                self._idle.put(fresh)

        self._threads.submit(start)

    def wait_idle(self, timeout_s: float) -> bool:
        """Return whether every process became free within ``timeout_s`` seconds (for tests and benchmarks)."""
        deadline = time.monotonic() + timeout_s
        while self._idle.qsize() < len(self._workers):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        return True

    def close(self) -> None:
        """End every process."""
        if hasattr(self, "_threads"):
            self._threads.shutdown(wait=True)
        for worker in self._workers:
            worker.stop()


def _inherited() -> dict[str, str]:
    """Return the part of the environment an inference process needs; no secret of the service's travels with it."""
    wanted = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "PYTHONPATH")
    return {name: os.environ[name] for name in wanted if name in os.environ}
