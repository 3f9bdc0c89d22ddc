"""An inference process: bytes in, ``Accepted | Refused`` out; stateless, one core, one BLAS thread, no network.

Started by :mod:`countenance.bootstrap.inference` as ``python -m countenance.bootstrap.worker FD CORE``; the settings
come from the environment, the work over the socket FD. It ends when the socket closes.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys

from countenance.bootstrap import wire
from countenance.bootstrap.engine import open_engine
from countenance.config import read_settings


def main(arguments: list[str]) -> int:
    """Serve one socket until it closes; return the exit status."""
    descriptor, core = int(arguments[0]), int(arguments[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if core >= 0:
        os.sched_setaffinity(0, {core})
    engine = open_engine(read_settings(os.environ))
    with socket.socket(fileno=descriptor) as channel:
        wire.send(channel, f"ready {engine.weights} {engine.measured_on} {engine.dimension}".encode())
        while (image := wire.receive(channel, wire.MAX_REQUEST)) is not None:
            head, values = wire.pack(engine.extract(image))
            wire.send(channel, head)
            wire.send(channel, values)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
