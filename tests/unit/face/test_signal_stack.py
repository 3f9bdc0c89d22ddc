"""A signal after an engine is gone is handled like any other, and does not end the process."""

from __future__ import annotations

import subprocess
import sys

import pytest

_AFTER_AN_ENGINE = """
import gc, signal, threading
from countenance.bootstrap import open_engine

class Rung(Exception):
    pass

def ring(*_):
    raise Rung

engines = [open_engine() for _ in range({engines})]
for engine in engines:
    engine.warm_up()
del engine, engines
gc.collect()
signal.signal(signal.SIGALRM, ring)
held = threading.Lock()
held.acquire()
signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    held.acquire()
except Rung:
    print("handled")
"""


@pytest.mark.parametrize("engines", [1, 2])
@pytest.mark.parametrize("flags", [(), ("-X", "faulthandler")], ids=["plain", "faulthandler"])
def test_a_signal_after_an_engine_is_gone_is_handled(engines: int, flags: tuple[str, ...]) -> None:
    """Ctrl-C or an alarm that comes when networks were deleted finds the thread's own signal stack."""
    program = _AFTER_AN_ENGINE.format(engines=engines)
    done = subprocess.run(
        [sys.executable, *flags, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "handled\n"), done.stderr
