"""What every test may ask for, and the rules every test runs under: one BLAS thread, no network, seeded randomness."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from shared_vectors import NOTHING_SHARED, SHARED

# Before anything imports NumPy: a worker has one BLAS thread in production, so tests have one too.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

_SLOW_MACHINES = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("explore", **_SLOW_MACHINES)
settings.register_profile("ci", derandomize=True, **_SLOW_MACHINES)
settings.load_profile("ci" if os.environ.get("CI") else "explore")

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known that tests over shared vectors carry where there are none."""
    config.addinivalue_line("markers", f"{NOTHING_SHARED}: no shared vectors on this machine; the test is left out")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests over shared vectors out, visibly, where the folder with the vectors is not there."""
    left_out = [item for item in items if item.get_closest_marker(NOTHING_SHARED)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True)
def own_memory(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test's audits a memory of their own, so that none takes another's log for a rewritten one."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))


@pytest.fixture(scope="session")
def photos() -> Path:
    """Return the folder with the photographs that ``scripts/fetch_photos.py`` fetched."""
    folder = Path(os.environ.get("COUNTENANCE_PHOTOS", ROOT / ".cache" / "photos"))
    if not (folder / "CREDITS.txt").is_file():
        pytest.fail(f"no photographs in {folder}: run make test", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def shared() -> Path | None:
    """Return the folder of measuring sets and vectors beside the checkout, or None where there is none."""
    return SHARED
