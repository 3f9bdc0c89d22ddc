"""An officer uses the page in a real browser: refusing first, then photographs, then what happens to the person now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from countenance.interfaces.client import served as reached
from countenance.site import Site
from countenance.terms import Enrolment, Role
from fakes.browser import WAIT_MS
from fakes.served import Served, served_at

ROUTED_FAULT = "a status of 503"
"""What the browser says of the one fault that a test makes on purpose."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, photos: Path) -> Iterator[Served]:
    """Serve a site with a gallery of two people open at its gate."""
    with served_at(tmp_path_factory.mktemp("page") / "site") as served:
        with reached(Site.open(served.path), served.keys[Role.SUPERVISOR]) as door:
            door.open_gallery("flight", "gate-1")
            rows = [Enrolment(name, name, 30, 5, (photos / f"person_{name}_1.jpg").read_bytes()) for name in ("a", "b")]
            list(door.enrol("flight", rows))
        yield served


@pytest.fixture
def page(served: Served, browser: Browser) -> Iterator[Page]:
    """Open the page as an operator; nothing may go wrong in it, and it may talk to nobody else."""
    trouble: list[str] = []
    context = browser.new_context(http_credentials={"username": "officer", "password": served.keys[Role.OPERATOR]})
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
    page.on("console", lambda line: trouble.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("request", lambda asked: trouble.append(asked.url) if is_elsewhere(asked.url, served) else None)
    page.goto(served.address)
    expect(page.locator("#notice")).to_contain_text("may refuse", timeout=WAIT_MS)
    yield page
    context.close()
    assert [words for words in trouble if ROUTED_FAULT not in words] == []


def is_elsewhere(url: str, served: Served) -> bool:
    """Return whether the browser asked somebody else than the service."""
    return not url.startswith((served.address, f"blob:{served.address}"))


def person(page: Page, checkpoint: str = "Pedestrian lane 1", age: str = "40") -> None:
    """Say who is here."""
    page.get_by_label("Checkpoint").select_option(label=checkpoint)
    page.get_by_label("Age in years").fill(age)


def show(page: Page, live: Path, portrait: Path | None = None) -> None:
    """Agree, and give the photographs as files."""
    page.get_by_role("button", name="The person agrees").click()
    expect(page.locator("#live")).to_be_enabled(timeout=WAIT_MS)
    page.locator("#live").set_input_files(live)
    if portrait is not None:
        page.locator("#portrait").set_input_files(portrait)
    page.get_by_role("button", name="Compare").click()


def outcome(page: Page, title: str, step: str) -> None:
    """Expect an outcome: its heading, focused so that it is read out, and what happens now."""
    expect(page.locator("#outcome-title")).to_have_text(title, timeout=WAIT_MS)
    expect(page.locator("#outcome-step")).to_have_text(step)
    expect(page.locator("#outcome-title")).to_be_focused()
    expect(page.locator("#commitment")).to_have_text(re.compile("^[0-9a-f]{64}$"))


def test_who_refuses_meets_no_camera(page: Page, served: Served) -> None:
    """Before the choice no photograph can be given; a refusal is recorded at once and decodes no frame."""
    before = served.frames_decoded()
    person(page)
    for control in ("#live", "#portrait", "#live-camera", "#portrait-camera", "#compare"):
        expect(page.locator(control)).to_be_disabled()
    page.get_by_role("button", name="The person refuses", exact=True).click()
    outcome(page, "The person refused", "Ordinary manual check.")
    expect(page.locator("#refer-block")).to_be_hidden()
    assert served.frames_decoded() == before
    page.get_by_role("button", name="Next person").click()
    expect(page.get_by_label("Checkpoint")).to_be_focused(timeout=WAIT_MS)
    expect(page.locator("#live")).to_be_disabled()


def test_whoever_may_not_refuse_is_not_offered_it(page: Page) -> None:
    """For a class without the right there is no such button, and the officer is told; unknown people have one."""
    person(page)
    refuses = page.get_by_role("button", name="The person refuses", exact=True)
    for name, shown in (("noncitizen", False), ("unknown (may refuse)", True), ("citizen", True)):
        page.get_by_label("Class of person").select_option(label=name)
        expect(refuses).to_be_visible(visible=shown)
        expect(page.locator("#offer")).to_contain_text("may refuse" if shown else "not entitled to refuse")
    page.get_by_label("Class of person").select_option(label="noncitizen")
    page.get_by_role("button", name="The person agrees").click()
    expect(page.locator("#live")).to_be_enabled(timeout=WAIT_MS)
    expect(page.get_by_role("button", name="The person refuses after all")).to_be_hidden()


def test_the_same_person_proceeds(page: Page, photos: Path) -> None:
    """Two photographs of one person: match, proceed, the rule that fired, a receipt; then nothing is left of them."""
    person(page)
    show(page, photos / "person_a_1.jpg", photos / "person_a_2.jpg")
    outcome(page, "Match", "Proceed.")
    expect(page.locator("#rules li")).to_have_count(1)
    page.get_by_text("Receipt", exact=True).click()
    expect(page.locator("#receipt")).to_contain_text('"signature"')
    assert "score" not in page.locator("#outcome dl").inner_text()
    page.get_by_role("button", name="Next person").click()
    expect(page.locator("#outcome")).to_be_hidden(timeout=WAIT_MS)
    expect(page.locator("#live-preview")).to_be_hidden()
    expect(page.locator("#receipt")).to_have_text("")


def test_another_person_is_referred_to_an_officer(page: Page, photos: Path) -> None:
    """Photographs of two people: no match, refer to an officer, and that it says little about the person."""
    person(page)
    show(page, photos / "person_a_1.jpg", photos / "person_b_1.jpg")
    outcome(page, "No match", "Refer to an officer.")
    expect(page.locator("#outcome-advice")).to_contain_text("are who they say they are")
    expect(page.locator("#refer-block")).to_be_hidden()
    with page.context.expect_page() as printed:
        page.get_by_role("link", name="Print the person's receipt").click()
    receipt = printed.value
    expect(receipt.get_by_role("heading", level=1)).to_contain_text("your receipt", timeout=WAIT_MS)
    expect(receipt.locator("dl").first).to_contain_text("How to contest")
    expect(receipt.get_by_role("heading", level=2)).to_contain_text("su comprobante")
    assert "score" not in receipt.locator("main").inner_text()


def test_a_match_is_referred_all_the_same(page: Page, photos: Path) -> None:
    """After a match the officer refers for a fault in the document, and the person's receipt can be printed."""
    person(page)
    show(page, photos / "person_a_1.jpg", photos / "person_a_2.jpg")
    outcome(page, "Match", "Proceed.")
    expect(page.locator("#referral-block")).to_be_hidden()
    page.get_by_label("Why another human shall look").select_option(label="A fault in the document")
    page.get_by_role("button", name="Refer to another human").click()
    expect(page.locator("#referral-standing")).to_contain_text("An officer looks", timeout=WAIT_MS)
    expect(page.locator("#redress")).to_be_focused()
    expect(page.locator("#refer-block")).to_be_hidden()


def test_an_unusable_photograph_is_taken_again(page: Page, photos: Path, tmp_path: Path) -> None:
    """Advice and attempts left are shown, the photograph to repeat is marked, the portrait is kept."""
    (tmp_path / "wall.jpg").write_bytes(b"no photograph")
    person(page)
    show(page, tmp_path / "wall.jpg", photos / "person_a_2.jpg")
    expect(page.locator("#retry")).to_contain_text("2 attempts are left", timeout=WAIT_MS)
    expect(page.locator("#live-box")).to_have_class("photo wanted")
    expect(page.locator("#compare")).to_be_disabled()
    page.locator("#live").set_input_files(photos / "person_a_1.jpg")
    page.get_by_role("button", name="Compare").click()
    outcome(page, "Match", "Proceed.")


def test_who_refuses_after_all_is_not_compared(page: Page, photos: Path, served: Served) -> None:
    """Also with the photographs taken a person may refuse; none of them was sent."""
    before = served.frames_decoded()
    person(page)
    page.get_by_role("button", name="The person agrees").click()
    expect(page.locator("#live")).to_be_enabled(timeout=WAIT_MS)
    page.locator("#live").set_input_files(photos / "person_a_1.jpg")
    page.get_by_role("button", name="The person refuses after all").click()
    outcome(page, "The person refused", "Ordinary manual check.")
    assert served.frames_decoded() == before


def test_the_gate_finds_who_is_expected(page: Page, photos: Path) -> None:
    """At a gate there is a gallery instead of a portrait, and the reference that matched is shown."""
    person(page, "Boarding gate 1")
    expect(page.get_by_label("Gallery")).to_contain_text("flight (2)")
    expect(page.locator("#portrait-box")).to_be_hidden()
    show(page, photos / "person_b_2.jpg")
    outcome(page, "Match", "Proceed.")
    expect(page.locator("#matched")).to_have_text("b")


def test_a_child_meets_no_camera(page: Page) -> None:
    """Where nothing may be compared the answer comes before the photographs."""
    person(page, age="9")
    page.get_by_role("button", name="The person agrees").click()
    outcome(page, "Not compared", "Ordinary manual check.")


def test_the_camera_works(page: Page) -> None:
    """A photograph can be taken with the camera, and cancelled; the camera stops afterwards."""
    person(page)
    page.get_by_role("button", name="The person agrees").click()
    page.locator("#live-camera").click()
    expect(page.locator("#camera")).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#camera")).to_be_hidden()
    expect(page.locator("#live-preview")).to_be_hidden()
    page.locator("#live-camera").click()
    expect(page.locator("#camera-take")).to_be_enabled(timeout=WAIT_MS)
    page.get_by_role("button", name="Take the photograph").click()
    expect(page.locator("#live-preview")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("#camera")).to_be_hidden()


def test_the_keyboard_is_enough(page: Page, photos: Path) -> None:
    """From the first control to the outcome by keyboard alone: Tab reaches both choices, refusing before agreeing."""
    page.get_by_label("Checkpoint").focus()
    reached_controls = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached_controls.append(page.locator(":focus").get_attribute("id"))
        if reached_controls[-1] == "agrees":
            break
    assert reached_controls.index("refuses") < reached_controls.index("agrees")
    assert "notice" in reached_controls
    person(page)
    page.locator("#refuses").focus()
    page.keyboard.press("Enter")
    outcome(page, "The person refused", "Ordinary manual check.")


def test_every_control_has_a_name(page: Page) -> None:
    """Each button, field and link has a name that a screen reader can say, and the page a language and a title."""
    for control in page.locator("button, input, select, summary, a").all():
        name = control.get_attribute("aria-label") or control.inner_text() or ""
        labelled = page.locator(f"label[for='{control.get_attribute('id')}']").count()
        assert name.strip() or labelled, control.get_attribute("id")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title()


def test_a_fault_is_a_manual_check(page: Page, served: Served) -> None:
    """When the service answers with a problem or not at all, the page says: ordinary manual check, and what to do."""
    person(page)
    page.route("**/encounters", lambda route: route.fulfill(status=503, body="down"))
    page.get_by_role("button", name="The person agrees").click()
    expect(page.locator("#trouble-title")).to_have_text("No answer: ordinary manual check", timeout=WAIT_MS)
    expect(page.locator("#trouble")).to_be_focused()
    page.unroute("**/encounters")
    page.get_by_role("button", name="The person refuses", exact=True).click()
    outcome(page, "The person refused", "Ordinary manual check.")
    expect(page.locator("#trouble")).to_be_hidden()
