"""A supervisor uses the desk in a real browser: told, looks at two photographs, decides on a fact, never on a face."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from countenance.interfaces.client import served as reached
from countenance.site import Site
from countenance.terms import Eligibility, Mode, Opened, OpenRequest, Role
from fakes.browser import WAIT_MS
from fakes.served import Served, served_at


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a site."""
    with served_at(tmp_path_factory.mktemp("desk") / "site") as served:
        yield served


@pytest.fixture
def page(served: Served, browser: Browser) -> Iterator[Page]:
    """Open the desk as a supervisor; nothing may go wrong in it but refusals of ours."""
    trouble: list[str] = []
    context = browser.new_context(http_credentials={"username": "s", "password": served.keys[Role.SUPERVISOR]})
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
    page.on("console", lambda line: trouble.append(line.text) if line.type == "error" else None)
    page.goto(f"{served.address}/desk")
    yield page
    context.close()
    assert [words for words in trouble if "status of 409" not in words] == []


def refer(served: Served, photos: Path) -> None:
    """Let an operator meet a person with another person's document."""
    with reached(Site.open(served.path), served.keys[Role.OPERATOR]) as door:
        opened = door.open_encounter(OpenRequest("lane-1", Eligibility("citizen", 40, 5, refusal_offered=True), "", ""))
        assert isinstance(opened, Opened)
        live, portrait = (photos / f"person_{name}_1.jpg" for name in "ab")
        door.answer(Mode.VERIFY, opened.token, 1, live.read_bytes(), portrait.read_bytes())


def test_nobody_is_decided_against_on_a_face(served: Served, page: Page, photos: Path) -> None:
    """Told and seen; both photographs shown; without a fact refused with what to do, with fact and name decided."""
    expect(page.locator("#waiting-none")).to_be_visible(timeout=WAIT_MS)
    refer(served, photos)
    page.reload()
    expect(page.locator("#told li")).to_contain_text("No match", timeout=WAIT_MS)
    page.get_by_role("button", name="Seen").click()
    expect(page.locator("#told-none")).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("button", name="Open").click()
    for shown in ("#probe", "#reference"):
        expect(page.locator(shown)).to_be_visible(timeout=WAIT_MS)
        assert page.locator(shown).evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert "score" not in page.locator("main").inner_text()
    page.get_by_role("button", name="Decide against the person").click()
    expect(page.locator("#trouble-title")).to_contain_text("on a face alone", timeout=WAIT_MS)
    expect(page.locator("#trouble")).to_be_focused()
    page.get_by_label("A fault in the document itself").check()
    page.get_by_label("Who decides").fill("R. Ortiz, 412")
    page.get_by_role("button", name="Decide against the person").click()
    expect(page.locator("#case-standing")).to_contain_text("nothing to do with your looks", timeout=WAIT_MS)
    expect(page.locator("#probe")).to_be_hidden()
    page.get_by_role("button", name="The person contests").click()
    expect(page.locator("#case-standing")).to_contain_text("no part in it reviews", timeout=WAIT_MS)
    page.get_by_role("button", name="The person is right").click()
    expect(page.locator("#trouble-title")).to_contain_text("somebody else must look", timeout=WAIT_MS)


def test_a_second_human_clears(served: Served, page: Page, photos: Path) -> None:
    """Another referral is opened and cleared; the receipt's link is there; every control has a name."""
    refer(served, photos)
    page.reload()
    page.get_by_role("button", name=re.compile("Open.*secondary")).click()
    expect(page.locator("#case")).to_be_visible(timeout=WAIT_MS)
    for control in page.locator("button, input, a").all():
        name = control.get_attribute("aria-label") or control.inner_text() or ""
        labelled = page.locator(f"label[for='{control.get_attribute('id')}']").count()
        inside = control.evaluate("one => one.closest('label') !== null")
        assert name.strip() or labelled or inside
    page.get_by_role("button", name="Clear: the person goes on").click()
    expect(page.locator("#case-standing")).to_have_text("You were cleared.", timeout=WAIT_MS)
    assert page.locator("#redress").get_attribute("href").endswith("/redress/page")  # type: ignore[union-attr] # there
