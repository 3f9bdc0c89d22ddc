"""Whatever an outsider is handed, the audit ends in findings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countenance.audit import Findings, audit
from fakes.naive_merkle import numbered
from fakes.published import VKEY, publish

NAMES = ["origin", "commitment", "include_by", "facts", "facts_salt", "personal_mac", "signature", "personal",
         "personal_salt", "format", "exported_at", "tree_size", "tree_head", "entries"]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.integers() | st.floats() | st.text() | st.sampled_from(["00" * 32, "checkpoint.example/log", "{}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=14),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small published log."""
    folder = tmp_path_factory.mktemp("log")
    publish(folder, numbered(64))
    return folder


def found(log: Path, key: str = VKEY, *, bodies: bytes | None = None, receipt: bytes | None = None) -> Findings:
    """Return the findings; the test is that there are any."""
    return audit(log, key, bodies=bodies, receipts=[] if receipt is None else [receipt], now_ms=0)


@settings(max_examples=150)
@given(VALUES)
def test_any_json_is_a_faulty_bundle_and_receipt(log: Path, value: object) -> None:
    """No value makes the audit raise, and none but the real ones passes."""
    data = json.dumps(value).encode()
    assert not found(log, bodies=data).ok
    assert not found(log, receipt=data).ok


@settings(max_examples=100)
@given(st.binary(max_size=200), st.text(max_size=80))
def test_any_bytes_are_a_faulty_checkpoint_and_key(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, key: str
) -> None:
    """No bytes make the audit raise, whether they stand in the checkpoint or in the key."""
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    (folder / "checkpoint").write_bytes(data)
    assert not found(folder).ok
    assert not found(folder, key).ok
