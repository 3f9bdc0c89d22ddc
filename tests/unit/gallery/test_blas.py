"""faiss is loaded with the right kernels, one thread, and BLAS from four probes on."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from countenance.gallery.blas import environment, load_faiss


@pytest.mark.parametrize(
    "flags, kernel",
    [
        ("fpu sse2 avx avx2 avx512f avx512vl", "SkylakeX"),
        ("fpu sse2 avx avx2 fma", "Haswell"),
        ("fpu sse2 avx", None),
        ("fpu xavx512f myavx2", None),
    ],
)
def test_kernels_follow_the_cpu(flags: str, kernel: str | None) -> None:
    """OpenBLAS is told the kernels that the CPU's own flags allow, and nothing where it should choose itself."""
    cpuinfo = f"processor\t: 0\nmodel name\t: avx512f\nflags\t\t: {flags}\n\nprocessor\t: 1\nflags\t\t: avx512f\n"
    assert environment(cpuinfo).get("OPENBLAS_CORETYPE") == kernel


@pytest.mark.parametrize("cpuinfo", ["", "Features : asimd\n"])
def test_one_thread_everywhere(cpuinfo: str) -> None:
    """Whatever the machine, a worker has one thread."""
    assert environment(cpuinfo) == {
        "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive",
    }  # fmt: skip


def test_wrong_preset_is_corrected_before_faiss_loads() -> None:
    """A shell that presets another kernel or many threads does not decide how fast a lane is."""
    program = (
        "import os, sys\n"
        "from countenance.gallery.blas import load_faiss, environment\n"
        "assert 'faiss' not in sys.modules\n"
        "faiss = load_faiss()\n"
        "wanted = environment(open('/proc/cpuinfo').read())\n"
        "assert {name: os.environ[name] for name in wanted} == dict(wanted)\n"
        "print(faiss.omp_get_max_threads(), faiss.cvar.distance_compute_blas_threshold)\n"
    )
    preset = os.environ | {"OPENBLAS_CORETYPE": "Prescott", "OMP_NUM_THREADS": "8", "OPENBLAS_NUM_THREADS": "8"}
    done = subprocess.run([sys.executable, "-c", program], env=preset, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "512"]


def test_machine_without_faiss_searches_with_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where faiss is missing, None is returned and nothing fails."""
    monkeypatch.setitem(sys.modules, "faiss", None)
    assert load_faiss.__wrapped__() is None
