"""The demo, end to end: every outcome as expected, the log proved, the page complete and loading nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from fakes.command_line import Done, countenance

LOADING = {"src", "srcset", "poster", "data", "action", "formaction", "background", "xlink:href", "manifest"}


@pytest.fixture(scope="module")
def shown(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, Path]:
    """Return the demo's end and the folder with its page and its site."""
    folder = tmp_path_factory.mktemp("demo")
    done = countenance("demo", "--photos", photos, "--out", folder / "demo.html", "--keep", folder / "site", "--json")
    return done, folder


def test_everything_goes_as_expected(shown: tuple[Done, Path]) -> None:
    """Status 0; each kind of outcome occurs; whoever refused or is too young had no frame decoded."""
    done, _ = shown
    assert done.status == 0, done.err
    assert done.data["as_expected"] is True
    outcomes = [answer["outcome"] for crossing in done.data["crossings"] for answer in crossing["answers"]]
    assert set(outcomes) == {"match", "no_match", "opted_out", "retry", "not_compared", "referred"}
    without_camera = [item for item in done.data["crossings"] if not item["photographs"]]
    assert [item["frames_decoded"] for item in without_camera] == [0, 0]
    assert {row["verdict"] for row in done.data["flight"]["portraits"]} == {"enrolled", "refused", "duplicate"}


def test_a_referral_leaves_with_its_receipt(shown: tuple[Done, Path]) -> None:
    """The no-match gets a receipt at once, no officer overrides it, a supervisor settles it; the page shows it."""
    done, folder = shown
    referral = done.data["referral"]
    assert (referral["override_refused"], referral["state"]) == ("case.no_override", "cleared")
    reference = referral["receipt"].split("Reference:\n  ")[1][:32]
    page = (folder / "demo.html").read_text("utf-8")
    assert reference in page
    assert "How to contest" in page


def test_the_log_it_leaves_can_be_audited(shown: tuple[Done, Path]) -> None:
    """The kept site's log holds; the flipped byte in the copy was found, and only there."""
    done, folder = shown
    assert done.data["log"]["found"]
    audited = countenance("audit", folder / "site", "--key", folder / "site" / "keys" / "log.pub")
    assert audited.status == 0, audited.out


def test_the_public_page_is_left_too(shown: tuple[Done, Path]) -> None:
    """Beside the demo's page lies what everybody may read of the site: its charters, and no count of so few people."""
    done, folder = shown
    page = Path(done.data["transparency"])
    assert page == folder / "demo-transparency.html"
    told = page.read_text("utf-8")
    assert "Check that a traveller who enters on foot" in told
    assert "not told yet" in told
    assert not re.search(r"(?:src|href)=\"/", told)


def test_no_score_is_shown(shown: tuple[Done, Path]) -> None:
    """Neither the page nor the JSON holds a score of anybody."""
    done, folder = shown
    assert '"score"' not in done.out
    assert not re.search(r"score[^a-z]{0,20}0\.[0-9]{2}", (folder / "demo.html").read_text("utf-8"))


class Loads(HTMLParser):
    """Collects whatever a browser would fetch for a page, and its pictures' texts."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.texts: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what this element loads."""
        self.tags.add(tag)
        for name, value in attrs:
            if name in LOADING or (name == "href" and tag != "a"):
                self.fetched.append(value or "")
            if tag == "img" and name == "alt":
                self.texts.append(value or "")


def test_the_page_loads_nothing(shown: tuple[Done, Path]) -> None:
    """Everything is inside: pictures as data, no script, no frame, no style from elsewhere; each picture has a text."""
    text = (shown[1] / "demo.html").read_text("utf-8")
    page = Loads()
    page.feed(text)
    assert len(page.fetched) > 10
    assert all(value.startswith("data:image/jpeg;base64,") for value in page.fetched)
    assert not page.tags & {"script", "iframe", "object", "embed", "link", "base", "form"}
    assert "url(" not in text
    assert "@import" not in text
    assert len(page.texts) == len(page.fetched)
    assert all(page.texts)
    assert len(text) < 3_000_000


def test_credits_stand_in_the_page_and_in_the_terminal(shown: tuple[Done, Path], photos: Path) -> None:
    """Every photograph's author and licence is shown, with a link to the original where its credit has one."""
    done, folder = shown
    text = (folder / "demo.html").read_text("utf-8")
    told = " ".join(credit["text"] for credit in done.data["credits"])
    for name in ("person_a_1.jpg", "person_b_2.jpg", "impostor_2.jpg", "astronaut.png", "obama.jpg"):
        assert name in told
        assert name in text
    assert "CC BY-SA 4.0" in text
    assert 'href="https://commons.wikimedia.org/wiki/File:' in text
