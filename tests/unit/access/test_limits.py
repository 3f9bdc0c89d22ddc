"""A gallery may be searched three times per reference and not once more."""

from __future__ import annotations

import pytest

from countenance.access import check_search_budget
from countenance.errors import GalleryError
from countenance.terms import GalleryInfo, Instant

CASES = [
    (1, 0, True),
    (1, 2, True),
    (1, 3, False),
    (420, 1259, True),
    (420, 1260, False),
    (420, 9999, False),
    (0, 0, True),
    (0, 7, True),
]


@pytest.mark.parametrize("size, searches, allowed", CASES)
def test_the_search_budget(*, size: int, searches: int, allowed: bool) -> None:
    """The search that would pass three times the size is refused; an empty gallery is left to the envelope check."""
    info = GalleryInfo(
        "flight-1", "gate-1", "c" * 64, "w" * 64, open=True, size=size, searches=searches, opened_at=Instant(0)
    )
    if allowed:
        check_search_budget(info)
        return
    with pytest.raises(GalleryError) as refusal:
        check_search_budget(info)
    assert refusal.value.code == "gallery.search_limit"
