"""What people see: contrast by day and by night, numbers in words, thumbnails of faces."""

from __future__ import annotations

import base64
import io
import itertools
import re
from importlib.resources import files
from pathlib import Path

import pytest
from PIL import Image

from countenance.evaluate.page.drawing import COLOURS
from countenance.evaluate.page.markup import clean, name
from countenance.evaluate.page.thumbnails import SIDE, thumbnail
from countenance.evaluate.page.words import of_many, one_in, percent, rate_cell, significant
from countenance.evaluate.page.worst import common_start
from sample_report import bounded, insufficient, measured

CSS = files("countenance.evaluate.page").joinpath("page.css").read_text("utf-8")
SHADES = {key: (day, night) for key, day, night in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", CSS)}


def brightness(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    high, low = sorted((brightness(one), brightness(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXTS = [*itertools.product(("ink", "soft", "none", "link"), ("paper", "card")), ("none", "none-back"),
         ("ink", "none-back"),
         ("ink", "floor"), ("ink", "rule")]  # fmt: skip
LINES = [*itertools.product(("s1", "s2", "s3", "s4", "s5", "mated", "nonmated"), ("card",)), ("s1", "floor")]


@pytest.mark.parametrize("night", [False, True])
@pytest.mark.parametrize("front, back, least", [*((*pair, 4.5) for pair in TEXTS), *((*pair, 3.0) for pair in LINES)])
def test_contrast_is_enough(front: str, back: str, least: float, *, night: bool) -> None:
    """Text reaches 4.5 to 1 and lines 3 to 1 on what is behind them (WCAG 2.2 AA), by day and by night."""
    assert contrast(SHADES[front][night], SHADES[back][night]) >= least


def test_every_colour_of_a_figure_is_the_page_s() -> None:
    """Each colour that figures use is one that the page defines."""
    assert set(COLOURS) <= set(SHADES)


@pytest.mark.parametrize("value, words", [
    (0, "0"), (0.00999999, "0.0100"), (99.999, "100"), (0.000001, "0.00000100"), (-0.5, "\u22120.500"),
    (12345.6, "12,346"),
])  # fmt: skip
def test_numbers_have_three_figures_and_no_exponent(value: float, words: str) -> None:
    """A number is written out with as many figures as mean something."""
    assert significant(value) == words


def test_shares_are_told_as_people_count() -> None:
    """Six in a thousand, one in ten thousand."""
    assert of_many(0.0064) == "6 of 1,000"
    assert one_in("1e-4") == "1 in 10,000"
    assert percent(0.0064) == "0.640\u00a0%"


def test_each_state_has_its_words() -> None:
    """Measured with interval, bounded with its number of people, insufficient with what is missing."""
    assert "95\u00a0%: 0.500 to 2.00" in rate_cell(measured(0.01))
    assert "no error among 51 people" in rate_cell(bounded(51))
    nobody = rate_cell(insufficient(0, 0))
    assert "no error, and too few people to bound it" in nobody
    assert "%" not in nobody
    for unknown in (insufficient(30, 20), {**insufficient(0, 0), "independent": 4}):
        assert "this threshold stands for no known rate of false matches" in rate_cell(unknown)
    told = rate_cell(insufficient(1, 1))
    assert "1 error by 1 person; 30 errors by 20 people are needed" in told
    assert "%" not in told


def test_invisible_controls_are_replaced_and_joiners_kept() -> None:
    """Direction overrides and control characters cannot act; what Persian needs to be written stays."""
    assert clean("a\u202eb\x00\u200c") == "a\ufffdb\ufffd\u200c"
    assert name("<b>") == "<bdi>&lt;b&gt;</bdi>"


@pytest.mark.parametrize("names, start", [
    ([], ""), (["a/b/1", "a/b/2"], "a/b/"), (["a/bc/1", "a/bd/1"], "a/"), (["x", "y"], ""), (["a/1", "a/1"], "a/"),
])  # fmt: skip
def test_only_whole_folders_are_left_off(names: list[str], start: str) -> None:
    """What all names begin with is left off up to a folder's end."""
    assert common_start(names) == start


def seen(uri: str | None) -> Image.Image:
    """Return the picture in a data URI."""
    assert uri is not None
    return Image.open(io.BytesIO(base64.b64decode(uri.removeprefix("data:image/jpeg;base64,")))).convert("RGB")


def test_a_thumbnail_shows_the_face(tmp_path: Path) -> None:
    """The face's box with a margin is cut out, small and square, even where it reaches past the photograph's edge."""
    photo = Image.new("RGB", (400, 300), "blue")
    photo.paste("red", (300, 0, 400, 100))
    photo.save(tmp_path / "face.png")
    face = seen(thumbnail(tmp_path / "face.png", (0.75, 0.0, 0.25, 1 / 3)))
    assert face.size == (SIDE, SIDE)
    red, _, blue = face.getpixel((SIDE // 2, SIDE // 2))
    assert red > 200
    assert blue < 60
    middle = seen(thumbnail(tmp_path / "face.png", (0.0, 0.0, 0.0, 0.0))).getpixel((SIDE // 2, SIDE // 2))
    assert middle[2] > 200
    assert seen(thumbnail(tmp_path / "face.png", (float("nan"), 0, 1, 1))).size == (SIDE, SIDE)


def test_a_box_of_any_size_stays_small(tmp_path: Path) -> None:
    """A box far larger than the photograph costs no more memory than the photograph."""
    Image.new("RGB", (64, 64), "green").save(tmp_path / "small.png")
    assert seen(thumbnail(tmp_path / "small.png", (-1e6, -1e6, 2e6, 2e6))).size == (SIDE, SIDE)


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n broken"])
def test_what_cannot_be_read_is_not_shown(tmp_path: Path, data: bytes) -> None:
    """A file that is no photograph, or is gone, or has a name no file can have, gives no thumbnail and no error."""
    (tmp_path / "odd").write_bytes(data)
    assert thumbnail(tmp_path / "odd", None) is None
    assert thumbnail(tmp_path / "gone", None) is None
    assert thumbnail(tmp_path / "nul\x00", None) is None
    assert thumbnail(tmp_path, None) is None
