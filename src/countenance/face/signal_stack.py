"""Leave a thread the signal stack that it had, because OpenVINO does not.

Compiling and the first inference set an alternate signal stack (sigaltstack(2)) on the calling thread. Each owner puts
back, when it is deleted, what it had found: another one's stack, which may be gone by then. The next signal that Python
handles is then delivered onto unmapped memory and ends the process with a segmentation fault. A thread that always gets
its own back has nothing dangling to be put back.
"""

from __future__ import annotations

import ctypes


class _Stack(ctypes.Structure):
    """Linux's stack_t."""

    _fields_ = (("pointer", ctypes.c_void_p), ("flags", ctypes.c_int), ("size", ctypes.c_size_t))


_SWITCH = getattr(ctypes.CDLL(None), "sigaltstack", None)


class OwnSignalStack:
    """Gives this thread back, at the end of a ``with`` block, the signal stack it had before.

    Does nothing on systems that have no such thing. Costs a microsecond; may be used again and again, by one thread at
    a time, but not within itself.
    """

    __slots__ = ("_before",)

    def __init__(self) -> None:
        self._before = ctypes.pointer(_Stack())

    def __enter__(self) -> None:
        """Note the stack."""
        if _SWITCH is not None:
            _SWITCH(None, self._before)

    def __exit__(self, *_: object) -> None:
        """Put it back."""
        if _SWITCH is not None:
            _SWITCH(self._before, None)
