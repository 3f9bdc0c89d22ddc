"""Anybody opens the public page in a real browser: no login, no script, charters and counts there, nothing refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from countenance.terms import DAY_MS, Instant
from fakes.browser import WAIT_MS
from fakes.extractor import face
from fakes.http import Counter, counter_at


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """Serve a site on which a dozen people crossed yesterday."""
    with counter_at(tmp_path_factory.mktemp("public") / "site") as counter:
        for _ in range(12):
            counter.capture(counter.opened(), face("ann", 1), face("ann", 2))
        for _ in range(4):
            counter.world.clock.advance(301)
            counter.service.tick()
        counter.world.clock.instant = Instant((counter.world.clock.now() // DAY_MS + 1) * DAY_MS + 3_700_000)
        counter.service.tick()
        yield counter


@pytest.fixture
def page(counter: Counter, browser: Browser) -> Iterator[Page]:
    """Open the public page as a stranger, with scripts turned off; nothing may be missing or refused."""
    trouble: list[str] = []
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.on("console", lambda line: trouble.append(line.text) if line.type == "error" else None)
    page.on("requestfailed", lambda request: trouble.append(request.url))
    page.goto(f"{counter.client.base_url}/transparency/page")
    yield page
    context.close()
    assert [words for words in trouble if "favicon" not in words and "401" not in words] == []


def test_a_stranger_reads_charters_and_counts(page: Page, tmp_path: Path) -> None:
    """Without a key the page shows purposes, law, hashes, clocks, evidence, and yesterday's count with its picture."""
    expect(page.get_by_role("heading", level=1)).to_have_text("What faces are compared for here", timeout=WAIT_MS)
    expect(page.get_by_text("8 CFR 235.1 (test)").first).to_be_visible()
    expect(page.get_by_role("heading", name="Charter land-test, version 1")).to_be_visible()
    row = page.get_by_role("row", name="matched, and went on").first
    expect(page.get_by_role("row").filter(has_text="12 (2026-12-01)")).to_be_visible()
    expect(row).to_be_visible()
    expect(page.get_by_role("img", name="matched, and went on: 12")).to_be_visible()
    expect(page.get_by_text("not used here").first).to_be_visible()
    expect(page.get_by_text("No auditor has stated yet")).to_be_visible()
    page.screenshot(path=tmp_path / "transparency.png", full_page=True)


def test_it_fits_a_telephone(page: Page) -> None:
    """On a narrow screen the page itself does not scroll sideways: the notice's code leads telephones here."""
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["width"] <= 360
