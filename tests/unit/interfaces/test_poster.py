"""The printed notice: every word of it, in each language, and a QR code that leads to the charter."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import cv2
import numpy as np
import pytest

from countenance.authority import parse_charter, render_profile
from countenance.errors import NotFound
from countenance.interfaces.poster import _fitting, _page, _paragraphs, _wrapped, poster
from countenance.terms import Charter
from fakes.papers import PROFILE_VALUES

LAND = parse_charter(render_profile("land-pedestrian", PROFILE_VALUES))


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


@pytest.mark.parametrize("address", ["https://example.invalid/charter", "https://example.invalid/" + "a/b-c_d?e=" * 20])
def test_the_code_leads_to_the_public_page(address: str) -> None:
    """A reader of QR codes that is not ours finds the public page on the printed page, also a long address."""
    charter = replace(LAND, public_page=address)
    drawn = BytesIO()
    _page(charter, charter.checkpoints[0], charter.notices[0]).savefig(drawn, format="png", dpi=300)
    image = cv2.imdecode(np.frombuffer(drawn.getvalue(), np.uint8), cv2.IMREAD_GRAYSCALE)
    found, _, _ = cv2.QRCodeDetector().detectAndDecode(image)
    assert found == address


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
