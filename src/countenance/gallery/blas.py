"""The one place that prepares faiss and the BLAS inside it. Three traps, each measured, each worth two to ten times.

1. faiss-cpu's own OpenBLAS does not know new CPUs and falls back to SSE kernels unless ``OPENBLAS_CORETYPE`` names one
   **before** faiss is loaded; some shells preset a wrong one. It is set here from the CPU's own flags.
2. faiss uses BLAS only where probes x dimension exceeds a threshold whose default is far too high for small batches;
   four probes of dimension 128 is where BLAS begins to win.
3. Two BLAS or OpenMP threads in one worker collapse when another process has the second core: one thread, always.

This module changes the process's environment on purpose: OpenBLAS reads nothing else.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

_BLAS_THRESHOLD = 4 * 128  # probes x dimension
_KERNELS = (("avx512f", "SkylakeX"), ("avx2", "Haswell"))  # CPU flag, OpenBLAS's name for kernels that use it


def environment(cpuinfo: str) -> Mapping[str, str]:
    """Return the variables to set before faiss is loaded, from the text of ``/proc/cpuinfo``."""
    settings = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}
    flags = next((line.split() for line in cpuinfo.splitlines() if line.startswith("flags")), [])
    kernel = next((name for flag, name in _KERNELS if flag in flags), None)
    return settings if kernel is None else {**settings, "OPENBLAS_CORETYPE": kernel}


@functools.cache
def load_faiss() -> ModuleType | None:
    """Return faiss, loaded once and prepared, or None where it is not installed or does not run."""
    cpuinfo = Path("/proc/cpuinfo")
    os.environ.update(environment(cpuinfo.read_text() if cpuinfo.exists() else ""))
    try:
        import faiss  # noqa: PLC0415 - it must not load before the environment above is set
    except ImportError:
        return None
    faiss.cvar.distance_compute_blas_threshold = _BLAS_THRESHOLD
    loaded: ModuleType = faiss
    return loaded
