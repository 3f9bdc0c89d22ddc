"""Vectors that lie beside the checkout: tests run over what is there, and nothing is ever skipped.

Use: ``@pytest.mark.parametrize("vector", shared_files("vectors/audit/rfc6962-merkle/testdata/**/*.json"))``.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

NOTHING_SHARED = "nothing_shared"
"""Marker of the stand-in that ``conftest.py`` leaves out, so that an empty set is neither a skip nor a false pass."""


def _find() -> Path | None:
    """Return ``$COUNTENANCE_SHARED`` or ``../shared``, whichever is a folder, or None."""
    beside = Path(__file__).resolve().parent.parent.parent / "shared"
    folder = Path(os.environ.get("COUNTENANCE_SHARED", beside))
    return folder if folder.is_dir() else None


SHARED = _find()
"""The shared folder, or None."""


def shared_files(pattern: str) -> list[object]:
    """Return one ``pytest.param`` for each file under the shared folder that matches ``pattern``, in name order.

    Where nothing matches, the list holds one stand-in that is left out of the run and counted as deselected.
    """
    found = sorted(path for path in SHARED.glob(pattern) if path.is_file()) if SHARED else []
    if SHARED is None or not found:
        return [pytest.param(None, id="nothing-shared", marks=getattr(pytest.mark, NOTHING_SHARED))]
    return [pytest.param(path, id=path.relative_to(SHARED).as_posix()) for path in found]
