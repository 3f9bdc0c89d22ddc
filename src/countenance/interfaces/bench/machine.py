"""On what a run was made: enough to read its figures by, nothing that identifies a person or place."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("countenance", "openvino", "opencv-python-headless", "numpy", "faiss-cpu", "sqlalchemy", "uvicorn")
_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16")
_MB = 1_000_000


def describe() -> Mapping[str, str]:
    """Return processor, memory, system and versions, by name."""
    info = _cpuinfo()
    flags = info.get("flags", "").split()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    named = f"{info.get('model name', platform.machine())}, family {info.get('cpu family')}, model {info.get('model')}"
    return {
        "processor": f"{named}, {len(os.sched_getaffinity(0))} cores, {', '.join(f for f in _FLAGS if f in flags)}",
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "packages": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        "load before": f"{os.getloadavg()[0]:.1f}",
    }


def pss_mb(process: int) -> float:
    """Return the proportional set size of a process and all its descendants, in MB of 10^6 bytes."""
    total = sum(_pss_kb(one) for one in (process, *descendants(process)))
    return total * 1024 / _MB


def descendants(process: int) -> list[int]:
    """Return the ids of every process begun by ``process``, directly or not."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (parent := _parent(folder)) is not None:
            children.setdefault(parent, []).append(int(folder.name))
    found: list[int] = []
    waiting = [process]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _parent(folder: Path) -> int | None:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None  # it ended meanwhile


def _pss_kb(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0  # it ended meanwhile
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _cpuinfo() -> dict[str, str]:
    text = Path("/proc/cpuinfo").read_text("utf-8") if Path("/proc/cpuinfo").is_file() else ""
    first = text.split("\n\n", 1)[0]
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in first.splitlines())}
