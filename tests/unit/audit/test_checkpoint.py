"""What a checkpoint states can be looked at without trusting it."""

from __future__ import annotations

from pathlib import Path

from countenance.audit.checkpoint import stated_size
from countenance.audit.layout import Folder
from fakes.naive_merkle import numbered
from fakes.published import publish


def test_the_stated_size(tmp_path: Path) -> None:
    """It is read for comparison only; what cannot be read states nothing."""
    assert stated_size(Folder(tmp_path)) == 0
    publish(tmp_path, numbered(64))
    assert stated_size(Folder(tmp_path)) == 64
    (tmp_path / "checkpoint").write_bytes(b"garbage")
    assert stated_size(Folder(tmp_path)) == 0
