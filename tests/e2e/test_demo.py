"""The demo, end to end: every outcome as expected, the log proved, the page complete and loading nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser

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


def test_a_flight_comes_from_its_manifest(shown: tuple[Done, Path]) -> None:
    """A wrong count is found, the next message adds who was missing; nobody asks for a child's portrait."""
    flight = shown[0].data["flight"]
    first, second = flight["manifests"]
    assert [one["code"] for one in first["findings"]] == ["people_count"]
    assert (second["findings"], second["expected"], second["added"], second["removed"]) == ([], 7, 1, 0)
    assert second["wanted"] == [1, 2, 3, 4, 5, 7]
    states = {one["number"]: one["state"] for one in flight["opening"]}
    assert states == {**dict.fromkeys((1, 2, 3, 4), "staged"), 5: "poor", 6: "excluded", 7: "wanted"}
    assert [(one["number"], one["verdict"]) for one in flight["portraits"][4:]] == [(5, "refused"), (1, "duplicate")]
    assert [one["references"] for one in flight["opening"]] == [1, 1, 1, 1, 0, 0, 0]


def test_people_board_by_number(shown: tuple[Done, Path]) -> None:
    """Two match and are aboard, one of them is referred when seen again; another's face and a stranger do not match."""
    data = shown[0].data
    gate = [item for item in data["crossings"] if item["checkpoint"] == "gate-1"]
    assert [(one["traveller"][-1], one["answers"][-1]["outcome"]) for one in gate] == [
        ("B", "match"), ("E", "match"), ("B", "referred"), ("G", "no_match"), ("K", "no_match"),
    ]  # fmt: skip
    assert {one["answers"][-1]["next_step"] for one in gate[2:]} == {"refer_to_officer"}
    assert (data["flight"]["aboard"], data["flight"]["missing"]) == ([2, 3], [1, 4, 5, 6, 7])


def test_the_gate_closes_and_nothing_of_the_flight_is_left(shown: tuple[Done, Path]) -> None:
    """Who comes late is refused without a frame; the audit finds end, receipt, and a key that is gone."""
    done, folder = shown
    flight, log = done.data["flight"], done.data["log"]
    assert [(one["code"], one["frames"]) for one in flight["late"]] == [("gallery.closed", 0)] * 2
    assert flight["after"] == {"open": False, "travellers": []}
    found = log["destruction"]
    assert (found["closed"], found["receipts"], found["announced"]) == (1, 1, 12)
    assert found["items"] == {"reference": 12}  # four references, seven people on the roll, and the roll
    (epoch,) = found["epochs"]
    assert epoch.startswith("event-")
    keys = {path.stem for path in (folder / "site" / "keys" / "epochs").iterdir()}
    assert keys
    assert epoch not in keys
    assert log["destroyed_as_expected"] is True


def test_nobody_of_the_manifest_is_named(shown: tuple[Done, Path]) -> None:
    """No name or document number of the manifest is in the site's files, in what is printed, or beside seats."""
    done, folder = shown
    page = (folder / "demo.html").read_text("utf-8")
    names = re.findall(r"SAMPLE[A-Z]|D0000000[0-9]", page)
    assert len(set(names)) == 14  # the message itself, which the page shows
    assert not re.search(r"SAMPLE[A-Z]|D0000000[0-9]", done.out)
    shown_once = page[: page.index("<pre>UNA")] + page[page.index("</pre>", page.index("<pre>UNA")) :]
    files = [shown_once.encode(), *(path.read_bytes() for path in (folder / "site").rglob("*") if path.is_file())]
    assert len(files) > 10
    assert [name for name in set(names) if any(name.encode() in data for data in files)] == []


def test_seats_are_shown_by_sign_and_word(shown: tuple[Done, Path], browser: Browser) -> None:
    """A seat says number, sign and word, emptied ones are not read out; a telephone need not scroll sideways."""
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport={"width": 320, "height": 800}, color_scheme=scheme)
        page.goto((shown[1] / "demo.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        opening, closing = (page.get_by_role("list", name=name) for name in ("The gate opens:", "Just before"))
        assert opening.get_by_role("listitem").nth(4).inner_text().split("\n") == ["5", "!", "poor portrait"]
        assert closing.get_by_role("listitem").nth(1).inner_text().split("\n") == ["2", "✓", "aboard"]
        assert opening.get_by_role("listitem").count() == closing.get_by_role("listitem").count() == 7
        assert page.get_by_role("list", name="The gate closes:").count() == 0
        assert page.locator(".seat.gone").count() == 7
        page.close()


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
