"""What every ``Galleries`` promises: the searchable side of galleries, exact and closed to each other."""

from __future__ import annotations

import numpy as np
import pytest

from countenance.errors import GalleryError
from countenance.gallery import InMemoryGalleries
from countenance.gallery.backends import NumpyBackend
from countenance.ports import Galleries
from countenance.terms import Template
from fakes.faces import WEIGHTS, crowd, plain_search, reference

ROWS = crowd(40)
PROBE = Template(crowd(1, seed=2)[0], WEIGHTS)


@pytest.fixture(params=["in memory, fastest", "in memory, numpy"])
def galleries(request: pytest.FixtureRequest) -> Galleries:
    """Give each implementation with two galleries open, one of them filled."""
    made = InMemoryGalleries() if request.param.endswith("fastest") else InMemoryGalleries(NumpyBackend)
    made.open("full", WEIGHTS, 128)
    made.open("empty", WEIGHTS, 128)
    made.add("full", [reference(f"r{number}", row) for number, row in enumerate(ROWS)])
    return made


def test_search_gives_the_best_in_order(galleries: Galleries) -> None:
    """Candidates are the head of a plain sort over the whole gallery: score descending, then reference id."""
    everyone = plain_search({f"r{number}": row for number, row in enumerate(ROWS)}, PROBE.values)
    for count in (0, 1, 5, 40, 100):
        assert galleries.search("full", PROBE, count) == tuple(everyone[:count])


def test_reaching_gives_everybody_over_the_threshold(galleries: Galleries) -> None:
    """Every candidate at or above the threshold, one exactly at it too, in the order of a search; nobody below."""
    everyone = plain_search({f"r{number}": row for number, row in enumerate(ROWS)}, PROBE.values)
    for threshold in (everyone[4].score, 1.0, -1.0):
        expected = tuple(one for one in everyone if one.score >= threshold)
        assert galleries.reaching("full", PROBE, threshold) == expected
    assert galleries.reaching("empty", PROBE, -1.0) == ()


def test_galleries_are_closed_to_each_other(galleries: Galleries) -> None:
    """A search touches only the gallery it names (invariant 8)."""
    assert galleries.search("empty", PROBE, 10) == ()
    galleries.add("empty", [reference("only", ROWS[3])])
    assert [candidate.reference_id for candidate in galleries.search("empty", PROBE, 10)] == ["only"]
    assert galleries.size("full") == 40


def test_unknown_gallery_is_refused(galleries: Galleries) -> None:
    """A gallery that is not open here gives no answer, which an empty answer would be."""
    for attempt in (
        lambda: galleries.search("other", PROBE, 1),
        lambda: galleries.reaching("other", PROBE, 0.5),
        lambda: galleries.add("other", [reference("a", ROWS[0])]),
        lambda: galleries.size("other"),
    ):
        with pytest.raises(GalleryError) as refused:
            attempt()
        assert refused.value.code == "gallery.not_open"


def test_other_weights_are_refused(galleries: Galleries) -> None:
    """Templates of other weights are neither searched with nor added."""
    foreign = Template(PROBE.values, "0" * 64)
    for search in (galleries.search, galleries.reaching):
        with pytest.raises(GalleryError) as refused:
            search("full", foreign, 1)
        assert refused.value.code == "gallery.other_weights"
    mixed = [reference("new", ROWS[0]), type(reference("x", ROWS[0]))("newer", "p", foreign)]
    with pytest.raises(GalleryError) as refused:
        galleries.add("full", mixed)
    assert refused.value.code == "gallery.other_weights"
    assert galleries.size("full") == 40


@pytest.mark.parametrize(
    "values",
    [crowd(1, 127)[0], crowd(1), np.full(128, np.nan, np.float32), np.ones(128, np.float32)],
    ids=["dimension", "shape", "not a number", "length"],
)
def test_bad_templates_are_refused(galleries: Galleries, values: np.ndarray) -> None:
    """A template without meaning is neither searched with nor added."""
    for attempt in (
        lambda: galleries.search("full", Template(values, WEIGHTS), 1),
        lambda: galleries.add("full", [reference("new", values)]),
    ):
        with pytest.raises(GalleryError) as refused:
            attempt()
        assert refused.value.code == "gallery.bad_template"
    assert galleries.size("full") == 40


def test_addition_is_whole_or_not_there(galleries: Galleries) -> None:
    """A reference that is there already refuses all that came with it; adding nobody is fine."""
    with pytest.raises(GalleryError) as refused:
        galleries.add("full", [reference("new", ROWS[0]), reference("r3", ROWS[1])])
    assert refused.value.code == "gallery.duplicate"
    galleries.add("full", [])
    assert galleries.size("full") == 40


def test_removed_reference_is_not_found_again(galleries: Galleries) -> None:
    """After its removal nobody finds it; removing it again, or from nowhere, does nothing."""
    best = galleries.search("full", PROBE, 1)[0].reference_id
    for gallery_id in ("full", "full", "other"):
        galleries.remove(gallery_id, best)
    assert best not in {candidate.reference_id for candidate in galleries.search("full", PROBE, 100)}
    assert galleries.size("full") == 39


def test_closed_gallery_is_gone(galleries: Galleries) -> None:
    """A closed gallery is not searched; its id may be opened again, empty; closing twice does nothing."""
    galleries.close("full")
    galleries.close("full")
    with pytest.raises(GalleryError) as refused:
        galleries.search("full", PROBE, 1)
    assert refused.value.code == "gallery.not_open"
    galleries.open("full", WEIGHTS, 128)
    assert galleries.search("full", PROBE, 1) == ()


def test_open_gallery_is_not_opened_over(galleries: Galleries) -> None:
    """Opening a gallery that is open is refused and empties nothing."""
    with pytest.raises(GalleryError) as refused:
        galleries.open("full", WEIGHTS, 128)
    assert refused.value.code == "gallery.exists"
    assert galleries.size("full") == 40
