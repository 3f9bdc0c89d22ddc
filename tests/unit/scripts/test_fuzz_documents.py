"""What the fuzzer throws is thrown by the suite too, shortly: every parser reads its seeds and survives their ruins."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import paper_samples
from countenance.documents import read_manifest
from fuzz_documents import SEEDS, one_input

PIECES = (
    b"'", b"+", b":", b"?", b"\r\n", b"UNA", b"UNB+", b"UNH+", b"UNT+", b"UNZ+1'", b"UNG+", b"NAD+FL'", b"DTM+329:'",
    b"TDT+20'", b"LOC+92'", b"\x00", b"\xff", b"\xe2\x80\xae", b'"', b"{", b"[", b",", b";", b"<", b"<<<", b"9" * 30,
)  # fmt: skip
"""What ruins a file at the right place: separators, tags, quotes, brackets, bytes that are no text."""


def test_every_seed_is_read() -> None:
    """The seeds are good papers, so that mutation begins behind the first check."""
    assert [parser for parser, seeds in SEEDS.items() for seed in seeds if not one_input(parser, seed)] == []


@given(st.sampled_from(sorted(SEEDS)), st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(parser: str, data: bytes) -> None:
    """No bytes bring a parser to raise anything but a refusal."""
    one_input(parser, data)


@settings(max_examples=300)
@given(st.sampled_from(sorted(SEEDS)), st.data())
def test_ruined_papers_are_read_or_refused(parser: str, data: st.DataObject) -> None:
    """Good papers with pieces cut out, doubled and put in are read or refused."""
    paper = data.draw(st.sampled_from(SEEDS[parser]))
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(paper)))
        end = start + data.draw(st.integers(0, 12))
        piece = data.draw(st.one_of(st.sampled_from(PIECES), st.just(paper[start:end] * 2), st.binary(max_size=3)))
        paper = paper[:start] + piece + paper[end:]
    one_input(parser, paper)


def test_samples_are_as_long_as_asked() -> None:
    """The made-up manifests of every format name as many people as asked, each another, without findings."""
    for make in (paper_samples.paxlst, paper_samples.table, paper_samples.objects):
        found = read_manifest(make(150).encode(), today=paper_samples.TODAY)
        assert (len({one.surname for one in found.travellers}), found.findings) == (150, ())
