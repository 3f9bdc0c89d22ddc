"""Leave a thread the signal stack that it had, because OpenVINO does not.

Compiling and the first inference set an alternate signal stack (sigaltstack(2)) on the calling thread. Each owner puts
back, when it is deleted, what it had found: another one's stack, which may be gone by then. The next signal that Python
handles is then delivered onto unmapped memory and ends the process with a segmentation fault. A thread that always gets
its own back has nothing dangling to be put back.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager


class _Stack(ctypes.Structure):
    """Linux's stack_t."""

    _fields_ = (("pointer", ctypes.c_void_p), ("flags", ctypes.c_int), ("size", ctypes.c_size_t))


_SWITCH = getattr(ctypes.CDLL(None), "sigaltstack", None)


@contextmanager
def own_signal_stack() -> Iterator[None]:
    """Give this thread back, at the end of the block, the signal stack it had before; nothing where there is no such.

    Costs a few microseconds.
    """
    if _SWITCH is None:
        yield
        return
    before = _Stack()
    _SWITCH(None, ctypes.byref(before))
    try:
        yield
    finally:
        _SWITCH(ctypes.byref(before), None)
