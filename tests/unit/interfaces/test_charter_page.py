"""The charter's page, where the notice's QR code leads, leads on to what the site counts."""

from __future__ import annotations

from countenance.authority import parse_charter, published
from countenance.interfaces.charter_page import charter_page
from fakes.world import land_charter


def test_it_leads_to_the_counts() -> None:
    """With the site's host there is a link; without, the page says where the site serves them."""
    data = land_charter()
    linked = charter_page(parse_charter(data), published(data), host="border.example")
    assert '<a href="https://border.example/transparency/page">Error rates, clocks and counts</a>' in linked
    told = charter_page(parse_charter(data), published(data))
    assert "<a href" not in told.partition("<h2>What people read")[0].partition("how often it acted")[2]
    assert "/transparency/page, without an account" in told
