"""The printed notice: every word of it, in each language, and a QR code that leads to the charter."""

from __future__ import annotations

import re
import zlib

import pytest
import segno

from countenance.authority import parse_charter, render_profile
from countenance.errors import NotFound
from countenance.interfaces.poster import _fitting, _paragraphs, _wrapped, poster
from countenance.terms import Charter
from fakes.papers import PROFILE_VALUES

LAND = parse_charter(render_profile("land-pedestrian", PROFILE_VALUES))


def squares(pdf: bytes) -> int:
    """Return how many filled squares the first page draws."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    for stream in streams:
        try:
            text = zlib.decompress(stream)
        except zlib.error:
            continue
        drawn = len(re.findall(rb"\bb\b|\bB\b|\bf\b| Do\b", text))
        if drawn > 200:
            return drawn
    return 0


def test_one_page_for_each_language() -> None:
    """The poster is a PDF with a page for each language of the notice, on A4."""
    pdf = poster(LAND, "lane-1")
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page ") + pdf.count(b"/Type /Page\n") == 2 == len(LAND.notices)
    assert re.search(rb"/MediaBox \[\s*0 0 595\.\d+ 841\.\d+\s*\]", pdf)


def test_the_same_charter_gives_the_same_poster() -> None:
    """Nothing of the day or the machine gets into it, so that anybody can print and compare it."""
    assert poster(LAND, "lane-1") == poster(LAND, "lane-1")
    assert poster(LAND, "lane-1") != poster(LAND, "lane-2")


def test_the_code_leads_to_the_public_page() -> None:
    """As many squares are drawn as the QR code of the public page has."""
    code = segno.make(LAND.public_page, error="m", micro=False)
    dark = sum(map(sum, code.matrix))
    assert squares(poster(LAND, "lane-1")) >= dark > 200


@pytest.mark.parametrize("name", ["land-pedestrian", "air-gate", "venue-exclusion", "site-alarm"])
def test_every_word_of_the_notice_is_printed(name: str) -> None:
    """Whatever the size of the letters, no word is lost or moved, and no line is wider than the page."""
    charter: Charter = parse_charter(render_profile(name, PROFILE_VALUES))
    for notice in charter.notices:
        size, lines = _fitting(notice.text)
        assert " ".join(lines).split() == notice.text.split()
        assert 7 <= size <= 15


def test_long_texts_get_smaller_letters() -> None:
    """A text three times as long is printed smaller, and still whole."""
    size, _ = _fitting(LAND.notices[0].text)
    smaller, lines = _fitting("\n\n".join([LAND.notices[0].text] * 3))
    assert smaller < size
    assert len(" ".join(lines).split()) == 3 * len(LAND.notices[0].text.split())


def test_sentences_keep_their_lines() -> None:
    """A line that ended a sentence ends a paragraph, a line in the middle of one does not."""
    assert _paragraphs("A title.\n\nOne two\nthree.\nFour.\n") == ["A title.", "", "One two three.", "Four."]
    assert [*_wrapped("One two\nthree.\n", 10, 1000)] == ["One two three."]


def test_a_checkpoint_that_is_not_there_has_no_poster() -> None:
    """Only the charter's checkpoints have notices; the message lists them."""
    with pytest.raises(NotFound) as caught:
        poster(LAND, "lane-7")
    assert "lane-1" in caught.value.remedy
