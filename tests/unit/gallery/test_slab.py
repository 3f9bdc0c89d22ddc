"""The exactness contract: every search is the head of a plain sort over everybody, whatever happened before."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from numpy.typing import NDArray

from countenance.errors import GalleryError
from countenance.gallery import Slab
from countenance.gallery.backends import Backend, FaissBackend, NumpyBackend, fastest
from countenance.gallery.blas import load_faiss
from countenance.gallery.scoring import epsilon
from fakes.faces import crowd, plain_search, unit

faiss = load_faiss()
assert faiss is not None


class WorstBackend:
    """As wrong as the bound allows: each score off by up to epsilon, another way at each call."""

    def __init__(self, dimension: int) -> None:
        self._random = np.random.default_rng(dimension)
        self._epsilon = epsilon(dimension) * 0.99

    def scores(self, rows: NDArray[np.float32], probe: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return every score, wrong."""
        wrong = self._random.choice([-self._epsilon, 0.0, self._epsilon], len(rows))
        return (rows.astype(np.float64) @ probe.astype(np.float64) + wrong).astype(np.float32)

    def best(
        self, rows: NDArray[np.float32], probes: NDArray[np.float32], count: int
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the best by wrong scores."""
        scores = np.stack([self.scores(rows, probe) for probe in probes])
        found = np.argsort(-scores, axis=1, kind="stable")[:, :count]
        return np.take_along_axis(scores, found, axis=1), found


BACKENDS: dict[str, Callable[[int], Backend]] = {
    "faiss": lambda _: FaissBackend(faiss),
    "numpy": lambda _: NumpyBackend(),
    "worst": WorstBackend,
}
backends = pytest.mark.parametrize("make", BACKENDS.values(), ids=BACKENDS.keys())


@st.composite
def templates(draw: st.DrawFn, dimension: int) -> NDArray[np.float32]:
    """Return a template from few directions, so that equal and nearly equal scores are common."""
    direction = draw(st.integers(0, 5))
    values = crowd(1, dimension, seed=direction)[0].copy()
    nudged = draw(st.integers(0, 4))
    if nudged < dimension:
        values[nudged] = np.nextafter(values[nudged], np.float32(2), dtype=np.float32)
    return -values if draw(st.booleans()) else values


@backends
@given(data=st.data())
def test_search_is_a_plain_sort(make: Callable[[int], Backend], data: st.DataObject) -> None:
    """Top-k and threshold searches over any set, ties and near-ties included, equal the sort by hand."""
    dimension = data.draw(st.sampled_from([1, 2, 5, 8, 33]))
    size = data.draw(st.integers(0, 40))
    gallery = {f"r{number:02d}": data.draw(templates(dimension)) for number in data.draw(st.permutations(range(size)))}
    slab = Slab(dimension, backend=make(dimension))
    if gallery:
        slab.add(list(gallery), np.stack(list(gallery.values())))
    probe = data.draw(templates(dimension))
    everyone = plain_search(gallery, probe)
    for count in (0, 1, 2, size // 2, size, size + 5):
        assert slab.search_topk(probe, count) == tuple(everyone[:count])
    on_the_line = [candidate.score for candidate in everyone[:3]]
    for threshold in (-1.5, -1.0, -0.5, 0.0, 0.9, 1.0, 1.1, *on_the_line, *np.nextafter(on_the_line, 2.0).tolist()):
        assert slab.search_threshold(probe, threshold) == tuple(c for c in everyone if c.score >= threshold)


class SlabAgainstDict(RuleBasedStateMachine):
    """A slab that is added to, removed from and cleared stays equal to a dict that is searched by hand."""

    @initialize(name=st.sampled_from(sorted(BACKENDS)))
    def begin(self, name: str) -> None:
        """Start with an empty slab and dict."""
        self.slab = Slab(5, backend=BACKENDS[name](5))
        self.gallery: dict[str, NDArray[np.float32]] = {}

    @rule(names=st.lists(st.integers(0, 200), max_size=80, unique=True), values=templates(5))
    def add(self, names: list[int], values: NDArray[np.float32]) -> None:
        """Add the new ones among these names, together."""
        new = [f"r{name}" for name in names if f"r{name}" not in self.gallery]
        self.slab.add(new, np.tile(values, (len(new), 1)))
        self.gallery.update(dict.fromkeys(new, values))

    @rule(name=st.integers(0, 200))
    def add_twice(self, name: int) -> None:
        """A name that is there is refused and changes nothing."""
        if f"r{name}" in self.gallery:
            with pytest.raises(GalleryError) as refused:
                self.slab.add(["new", f"r{name}"], crowd(2, 5))
            assert refused.value.code == "gallery.duplicate"

    @rule(name=st.integers(0, 200))
    def remove(self, name: int) -> None:
        """Remove one, there or not."""
        assert self.slab.remove(f"r{name}") == (self.gallery.pop(f"r{name}", None) is not None)

    @rule()
    def clear(self) -> None:
        """Remove all."""
        self.slab.clear()
        self.gallery.clear()

    @invariant()
    def same(self) -> None:
        """Both know the same references and give the same answers."""
        if hasattr(self, "slab"):
            assert len(self.slab) == len(self.gallery)
            for probe in crowd(2, 5, seed=3):
                assert self.slab.search_topk(probe, 7) == tuple(plain_search(self.gallery, probe)[:7])


TestSlabAgainstDict = SlabAgainstDict.TestCase
TestSlabAgainstDict.settings = settings(max_examples=40, stateful_step_count=20)


@backends
def test_batch_is_one_by_one(make: Callable[[int], Backend]) -> None:
    """A probe's answer is the same alone and at any place of any batch."""
    slab, probes = Slab(128, backend=make(128)), crowd(40, seed=2)
    slab.add([f"r{number}" for number in range(500)], crowd(500))
    together = slab.search_many(probes, 10)
    assert together == tuple(slab.search_topk(probe, 10) for probe in probes)
    assert slab.search_many(probes[::-1], 10) == together[::-1]
    assert slab.search_many(probes[:0], 10) == ()


def test_backends_agree_bit_for_bit() -> None:
    """Faiss and NumPy give the same candidates with the same scores over a large gallery."""
    rows, probes = crowd(20_000), crowd(20, seed=2)
    answers = []
    for make in BACKENDS.values():
        slab = Slab(128, backend=make(128))
        slab.add([f"r{number}" for number in range(len(rows))], rows)
        answers.append([(slab.search_topk(probe, 10), slab.search_threshold(probe, 0.25)) for probe in probes])
    assert answers[0] == answers[1] == answers[2]
    assert max(len(passed) for _, passed in answers[0]) > 10


@backends
def test_many_equal_scores_are_ordered_by_id(make: Callable[[int], Backend]) -> None:
    """More ties than any backend returns at once come in order of their ids, not in that of adding."""
    slab, values = Slab(128, backend=make(128)), crowd(1)
    names = [f"r{number:04d}" for number in range(1000)]
    slab.add(list(reversed(names)), np.repeat(values, 1000, axis=0))
    assert [candidate.reference_id for candidate in slab.search_topk(values[0], 3)] == names[:3]
    assert [candidate.reference_id for candidate in slab.search_threshold(values[0], 0.9)] == names


def test_removed_row_is_overwritten() -> None:
    """After a removal no byte of the template is left in the block; after clearing and growing, none in the old one."""
    slab = Slab(128)
    rows = crowd(3)
    slab.add(["a", "b", "c"], rows)
    block = slab._block
    slab.remove("a")
    assert not (block == rows[0]).all(axis=1).any()
    assert not block[2].any()
    slab.add([f"more-{number}" for number in range(100)], crowd(100, seed=2))
    assert slab._block is not block
    assert not block.any()
    last = slab._block
    slab.clear()
    assert not last.any()


def test_slab_keeps_its_own_copy() -> None:
    """Changing the caller's array after adding changes no answer."""
    slab, rows = Slab(128), crowd(1)
    slab.add(["a"], rows)
    probe = rows[0].copy()
    rows[:] = 0
    assert slab.search_topk(probe, 1)[0].score == pytest.approx(1.0)


def test_knows_who_is_in_it() -> None:
    """Length, membership and dimension tell the truth."""
    slab = Slab(8)
    slab.add(["a", "b"], crowd(2, 8))
    assert (len(slab), "a" in slab, "c" in slab, slab.dimension) == (2, True, False, 8)


@pytest.mark.parametrize("bad", ["rows for ids", "twice in one", "not a number", "longer than 1"])
def test_refused_addition_changes_nothing(bad: str) -> None:
    """An addition with any fault in it adds nobody."""
    slab = Slab(8)
    slab.add(["a"], crowd(1, 8))
    names, rows = ["b", "c"], crowd(2, 8, seed=2)
    if bad == "rows for ids":
        names = ["b"]
    elif bad == "twice in one":
        names = ["b", "b"]
    elif bad == "not a number":
        rows[1, 3] = np.nan
    else:
        rows[1] *= 2
    with pytest.raises(GalleryError):
        slab.add(names, rows)
    assert len(slab) == 1
    assert "b" not in slab


@pytest.mark.parametrize("threshold", [float("nan"), float("inf"), float("-inf")])
def test_threshold_must_be_a_number(threshold: float) -> None:
    """A threshold that is not a number is refused, also by an empty slab: nobody passes by accident."""
    with pytest.raises(GalleryError) as refused:
        Slab(8).search_threshold(crowd(1, 8)[0], threshold)
    assert refused.value.code == "gallery.bad_search"


def test_search_without_meaning_is_refused() -> None:
    """A negative count, another dimension, a NaN probe and an impossible dimension are refused."""
    slab = Slab(8)
    attempts = {
        "gallery.bad_search": [lambda: slab.search_topk(crowd(1, 8)[0], -1)],
        "gallery.bad_template": [
            lambda: slab.search_topk(crowd(1, 9)[0], 1),
            lambda: slab.search_topk(np.full(8, np.nan, np.float32), 1),
            lambda: slab.search_threshold(crowd(1, 9)[0], 0.5),
            lambda: Slab(0),
            lambda: Slab(1_000_000),
        ],
    }
    for code, calls in attempts.items():
        for call in calls:
            with pytest.raises(GalleryError) as refused:
                call()
            assert refused.value.code == code


def test_searches_never_see_a_half_moved_row() -> None:
    """While one thread adds and removes, every search answers with whole rows and with everyone who stays."""
    slab, stays, comes = Slab(16, backend=fastest()), crowd(50, 16), crowd(200, 16, seed=2)
    slab.add([f"stays-{number}" for number in range(50)], stays)
    probe, known = stays[7], {f"stays-{number}": row for number, row in enumerate(stays)}
    known |= {f"comes-{number}": row for number, row in enumerate(comes)}
    scores = {candidate.reference_id: candidate.score for candidate in plain_search(known, probe)}
    wrong: list[object] = []
    done = threading.Event()

    def search() -> None:
        while not done.is_set():
            found = {candidate.reference_id: candidate.score for candidate in slab.search_topk(probe, 300)}
            staying = {name for name in found if name.startswith("stays")}
            if len(staying) != 50 or any(scores[name] != score for name, score in found.items()):
                wrong.append(found)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number, row in enumerate(comes):
        slab.add([f"comes-{number}"], row[np.newaxis])
        if number >= 20:
            slab.remove(f"comes-{number - 20}")
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_length_is_judged_in_double_precision() -> None:
    """A long template of many small values is of length 1 however float32 would sum it."""
    slab = Slab(4096)
    slab.add(["a"], unit(np.ones((1, 4096))))
    assert slab.search_topk(unit(np.ones(4096)), 1)[0].score == pytest.approx(1.0, abs=1e-6)
