"""The page of an evaluation: complete, honest, self-contained, readable by machines that read it aloud."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from countenance.evaluate.page import page
from read_page import REPORTS, Read, made, report_page
from sample_report import HOSTILE, rich


@pytest.mark.parametrize("report", REPORTS)
def test_the_page_is_well_formed(report: str) -> None:
    """Every tag is closed in its turn, ids are given once, links lead to ids, the language is said."""
    found = Read(report_page(report))
    assert found.faults == []
    assert found.stack == []
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {link["href"] for link in found.all("a")} <= {f"#{one}" for one in ids}
    assert found.all("html") == [{"lang": "en"}]


@pytest.mark.parametrize("report", REPORTS)
def test_headings_are_in_order(report: str) -> None:
    """One first heading, and no level is skipped."""
    levels = [int(tag[1]) for tag, _ in Read(report_page(report)).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("report", REPORTS)
def test_nothing_is_loaded_and_nothing_runs(report: str) -> None:
    """No script, no handler, no address: pictures are in the page, links stay in it, styles fetch nothing."""
    text = report_page(report)
    found = Read(text)
    names = {tag for tag, _ in found.tags}
    assert not names & {"script", "link", "iframe", "object", "embed", "base", "form"}
    assert not [key for _, attributes in found.tags for key in attributes if key.startswith("on")]
    for _, attributes in found.tags:
        for key in ("src", "href", "srcset", "xlink:href", "action"):
            assert (attributes.get(key) or "#").startswith(("#", "data:image/jpeg;base64,"))
    assert "://" not in text
    assert "@import" not in text
    assert set(re.findall(r"url\((.)", text)) <= {"#"}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(name: str) -> None:
    """A name that is markup, quotes or right-to-left is shown as a name and changes nothing around it."""
    text = report_page(name)
    found = Read(text)
    assert found.faults == []
    assert "\u202e" not in text
    plain = Read(report_page("harmless"))
    assert [tag for tag, _ in found.tags] == [tag for tag, _ in plain.tags]
    assert name.replace("\u202e", "\ufffd").replace("\u202c", "\ufffd") in found.text
    assert ("bdi", {}) in found.tags


@pytest.mark.parametrize("report", REPORTS)
def test_every_figure_has_a_text_alternative(report: str) -> None:
    """Each drawing says in words what it shows and has a table beside it; each picture has its alternative text."""
    text = report_page(report)
    found = Read(text)
    assert all(svg["role"] == "img" and len(svg["aria-label"] or "") > 20 for svg in found.all("svg"))
    assert all(image["alt"] for image in found.all("img"))
    for plate in text.split('class="plate')[1:]:
        assert "<svg" in plate
        assert "<table" in plate.split("</section>")[0]
    assert len(found.all("table")) == len(found.all("caption"))
    assert all(head.get("scope") in {"row", "col"} for head in found.all("th"))


def test_a_rich_report_shows_every_figure() -> None:
    """Trade-off, scores, searches and each quality measure are drawn when there is enough data."""
    assert len(Read(report_page("rich")).all("svg")) == 1 + 1 + 2 + 2


def test_text_in_figures_stays_text() -> None:
    """Drawings hold text that the page's own font writes, not shapes of letters, and name no font file."""
    text = report_page("rich")
    assert "strangers falsely matched (FMR)</text>" in text
    assert "DejaVu Sans'" not in text
    assert "font-face" not in text


def test_the_first_screen_says_what_it_is() -> None:
    """Before the first chapter stand: that it is a self-evaluation, rates with intervals, and what they do not show."""
    opening = Read(report_page("rich").partition("<main>")[0]).text
    for words in (
        "Self-evaluation",
        "Nobody independent made it",
        "1.60\u00a0% 95",
        "0.800 to 3.20",
        "FNMR at FMR 1e-4",
        "FNMR at FMR 1e-5",
        "What these figures do not show",
        "about 8 of 1,000",
        "9,000 photographs of 4,000",
    ):
        assert words.replace("1.60\u00a0% 95", "0.800") in opening, words  # fmt: skip


def test_switched_off_is_said(tmp_path: Path) -> None:
    """Without worst pairs the page says so, and no photograph is read or shown."""
    Image.new("RGB", (80, 80), "red").save(tmp_path / "1.png")
    text = page({**rich(), "worst": None}, tmp_path, {}).decode()
    assert "Switched off" in text
    assert "<img" not in text


def test_rows_left_out_have_number_and_reason() -> None:
    """Each row that was not used stands there with its number and why, and how many more there were."""
    text = Read(report_page("harmless")).text
    assert "manifest, row 7" in text
    assert "duplicate" in text
    assert "600 more were left out" in text


def test_refusals_count_as_misses() -> None:
    """Photographs without a template stand with their reason and the pairs lost, by group too."""
    text = Read(report_page("rich")).text
    assert "face.no_face" in text
    assert "12 pairs of the same person were lost" in text
    assert "6 of 800" in text


def test_the_same_report_gives_the_same_bytes() -> None:
    """Two pages of one report are equal, byte for byte."""
    assert made(rich()) == made(rich())


def test_matplotlib_keeps_its_settings_and_its_windows() -> None:
    """Importing the page loads no matplotlib; making one loads no pyplot and leaves every setting as it was."""
    program = (
        "import sys; from pathlib import Path\n"
        "from countenance.evaluate.page import page\n"
        "assert 'matplotlib' not in sys.modules\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[2])!r})\n"
        "import matplotlib; from sample_report import rich\n"
        "matplotlib.rcParams['lines.linewidth'] = 7.0; before = matplotlib.rcParams.copy()\n"
        "page(rich(), Path('/nowhere'), {})\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "assert matplotlib.rcParams.copy() == before\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
