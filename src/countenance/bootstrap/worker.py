"""An inference process: bytes in, ``Accepted | Refused`` out; stateless, one core, one BLAS thread, no network.

Started by :mod:`countenance.bootstrap.inference` as ``python -m countenance.bootstrap.worker FD CORE``; the settings
come from the environment, the work over the socket FD. It ends when the socket closes, and only then: a stop signal to
the whole group is the service's to answer, which may still have people waiting.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys

from countenance.bootstrap import wire
from countenance.bootstrap.allocator import give_back_memory, keep_freed_memory, settle
from countenance.bootstrap.engine import open_engine
from countenance.config import read_settings
from countenance.errors import CountenanceError

_FACES_AT_ONCE = 4
"""Faces that share one run of the recogniser: eight would save a fiftieth more, and fewer come together so often."""
_YIELDING = 5
"""Nice level: the service, which answers, comes before inference, which takes whatever time is left on its core."""


def main(arguments: list[str]) -> int:
    """Serve one socket until it closes; return the exit status."""
    descriptor, core = int(arguments[0]), int(arguments[1])
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    keep_freed_memory()
    os.nice(_YIELDING)
    if core >= 0:
        os.sched_setaffinity(0, {core})
    try:
        engine = open_engine(read_settings(os.environ), at_once=_FACES_AT_ONCE)
        give_back_memory()
        engine.warm_up()
        settle()
    except CountenanceError as error:
        sys.stderr.write(f"inference process: {error.code}: {error.diagnostics()}\n")
        return 1
    with socket.socket(fileno=descriptor) as channel:
        wire.send(channel, f"ready {engine.weights} {engine.dimension}".encode())
        while (images := wire.asked(channel)) is not None:
            wire.answer(channel, engine.extract_some(images, within_s=wire.WITHIN_S))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
