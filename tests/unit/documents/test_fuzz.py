"""Whatever bytes come, each parser answers or refuses with a code: no other exception, no hang, bounded memory."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import emrtd_maker as maker
import fuzz_chip
from countenance.documents import build_store, check_chip
from countenance.errors import DocumentError
from countenance.terms import ChipAuthentic, ChipData, ChipFile, ChipNotAuthentic

SEEDS = fuzz_chip.seeds()
PARSERS = fuzz_chip.PARSERS


def mutated(data: bytes) -> st.SearchStrategy[bytes]:
    """Return ways to spoil a few bytes of good data, cut it, or make it longer."""
    change = st.tuples(st.integers(0, len(data) - 1), st.integers(0, 255))
    cut = st.integers(0, len(data))
    return st.tuples(st.lists(change, min_size=1, max_size=6), cut, st.binary(max_size=8), st.booleans()).map(
        lambda how: spoiled(data, *how)
    )


def spoiled(data: bytes, changes: list[tuple[int, int]], cut: int, tail: bytes, whole: bool) -> bytes:  # noqa: FBT001 - drawn
    """Return data with bytes changed, and cut off and continued unless it is to stay whole."""
    out = bytearray(data)
    for place, value in changes:
        out[place] = value
    return bytes(out) if whole else bytes(out[:cut]) + tail


@pytest.mark.parametrize("name", PARSERS)
@given(data=st.data())
def test_a_spoiled_file_is_read_or_refused(name: str, data: st.DataObject) -> None:
    """Good files with a few bytes spoiled, and arbitrary bytes, give a result or a DocumentError with a code."""
    good = st.one_of(*[mutated(seed) for seed in SEEDS[name]])
    fuzz_chip.run(name, data.draw(st.one_of(good, st.binary(max_size=300))))


CHIP = maker.issue()
STORE = build_store(certificates=[("csca", CHIP.csca)], crls=[("crl", CHIP.crl)], at=maker.NOW)


@given(file=st.sampled_from([ChipFile.SOD, ChipFile.DG1, ChipFile.DG2]), data=st.data())
def test_no_spoiled_chip_is_authentic(file: ChipFile, data: st.DataObject) -> None:
    """A chip with any byte of EF.SOD's signed part, DG1 or DG2 changed never holds, and checking it never raises."""
    good = CHIP.chip.files[file]
    bad = data.draw(mutated(good).filter(lambda changed: changed != good))
    result = check_chip(ChipData({**CHIP.chip.files, file: bad}), STORE, at=maker.NOW)
    if file is not ChipFile.SOD:
        assert isinstance(result, ChipNotAuthentic)
    elif isinstance(result, ChipAuthentic):
        assert result.portrait.frame.sha256  # EF.SOD has parts that nobody signs, such as its digestAlgorithms


@pytest.mark.parametrize("name, data", [
    ("sod", maker.tlv(0x77, maker.tlv(0x30, b"\x30\x80" * 50_000))),
    ("sod", maker.tlv(0x77, maker.tlv(0x30, b"\5\0" * 400_000))),
    ("master_list", maker.tlv(0x30, b"\5\0" * 4_000_000)),
    ("certificate", maker.tlv(0x30, maker.tlv(6, b"\xff" * 30_000 + b"\x7f"))),
    ("certificate", maker.tlv(0x30, maker.tlv(2, b"\x7f" * 31_000))),
    ("dg2", maker.tlv(0x75, maker.tlv(0x7F61, b"\x7f\x60\0" * 300_000))),
    ("json", b'{"files":' + b"[" * 1_000_000),
    ("dg14", maker.tlv(0x6E, maker.tlv(0x31, b"\x30\0" * 400_000))),
])  # fmt: skip
def test_bombs_cost_little(name: str, data: bytes) -> None:
    """Deep, wide and long input is refused in under two seconds and under eight times its own size."""
    tracemalloc.start()
    begun = time.perf_counter()
    with pytest.raises(DocumentError):
        PARSERS[name](data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.perf_counter() - begun < 2
    assert peak < 8 * len(data) + 2_000_000


def test_the_fuzzer_sees_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fuzzer's own check lets refusals pass and nothing else."""
    parsers: dict[str, Callable[[bytes], object]] = {"x": lambda data: {}[data]}
    monkeypatch.setattr(fuzz_chip, "PARSERS", parsers)
    with pytest.raises(KeyError):
        fuzz_chip.run("x", b"")
