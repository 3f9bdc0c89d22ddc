"""What every ``GalleryStore`` promises, inside one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from countenance.errors import GalleryError, VaultError
from countenance.ports import UnitOfWork
from countenance.terms import GalleryInfo, Instant, Reference, Template
from fakes.database import database, transactions
from fakes.faces import WEIGHTS, crowd, reference

CARD = GalleryInfo("g", "gate-1", "c" * 64, WEIGHTS, open=True, size=0, searches=0, opened_at=Instant(5))
ROWS = crowd(5)


@pytest.fixture(params=["sql"])
def unit(tmp_path: Path) -> Iterator[UnitOfWork]:
    """Give a unit of work of each implementation, with one empty gallery in it."""
    engine = database(tmp_path)
    with transactions(engine, tmp_path).write() as opened:
        opened.galleries.create(CARD)
        yield opened
    engine.dispose()


def add(unit: UnitOfWork, added: Reference, gallery_id: str = "g", expires_at: int = 100) -> None:
    """Add a reference."""
    unit.galleries.add(gallery_id, added, retention="reference", expires_at=Instant(expires_at), now=Instant(1))


def test_new_gallery_is_empty_and_open(unit: UnitOfWork) -> None:
    """A gallery begins with nobody in it and no search spent, whatever its card said."""
    unit.galleries.create(replace(CARD, gallery_id="h", size=9, searches=9, open=False))
    assert unit.galleries.get("g") == CARD
    assert unit.galleries.get("h") == replace(CARD, gallery_id="h")
    assert unit.galleries.get("none") is None


def test_cards_come_by_id(unit: UnitOfWork) -> None:
    """All galleries are listed, open or closed, each with its own size."""
    for name in ("z", "a"):
        unit.galleries.create(replace(CARD, gallery_id=name))
    add(unit, reference("r", ROWS[0]), "z")
    add(unit, reference("s", ROWS[1]), "z")
    unit.galleries.close("a")
    cards = unit.galleries.all()
    assert [(card.gallery_id, card.size, card.open) for card in cards] == [
        ("a", 0, False), ("g", 0, True), ("z", 2, True),
    ]  # fmt: skip


def test_gallery_id_is_used_once(unit: UnitOfWork) -> None:
    """An id that was ever used is refused, so that a closed event is never taken for a new one."""
    for _ in range(2):
        with pytest.raises(GalleryError) as refused:
            unit.galleries.create(CARD)
        assert refused.value.code == "gallery.exists"
        unit.galleries.close("g")


@pytest.mark.parametrize("name", ["", "a/b", "a\nb", "x" * 81, "\ud800"])
def test_gallery_id_is_plain(unit: UnitOfWork, name: str) -> None:
    """An id that is empty, too long, or not plain text is refused."""
    with pytest.raises(GalleryError) as refused:
        unit.galleries.create(replace(CARD, gallery_id=name))
    assert refused.value.code == "gallery.bad_id"


def test_references_come_back_bit_for_bit(unit: UnitOfWork) -> None:
    """Every reference comes with its person and the very template, by reference id."""
    names = ["r10", "r2", "R", "ä", "r1"]
    for name, row in zip(names, ROWS, strict=True):
        add(unit, reference(name, row))
    found = list(unit.galleries.references("g"))
    assert [each.reference_id for each in found] == sorted(names)
    for each in found:
        assert each.template.values.dtype == np.float32
        assert each.template.values.tobytes() == ROWS[names.index(each.reference_id)].tobytes()
        assert each.template.weights == WEIGHTS
        assert each.person_id == f"person-of-{each.reference_id}"
        assert unit.galleries.person_of("g", each.reference_id) == each.person_id
    some = unit.galleries.references("g", {"person-of-ä", "person-of-R", "nobody"})
    assert [each.reference_id for each in some] == ["R", "ä"]
    assert list(unit.galleries.references("g", set())) == []
    assert unit.galleries.person_of("g", "none") is None
    assert unit.galleries.contains("g", "r1")
    assert not unit.galleries.contains("h", "r1")


@pytest.mark.parametrize(
    "gallery_id, added, code",
    [
        ("g", reference("r", ROWS[1]), "gallery.duplicate"),
        ("none", reference("s", ROWS[1]), "gallery.unknown"),
        ("closed", reference("s", ROWS[1]), "gallery.closed"),
        ("g", Reference("s", "p", Template(ROWS[1], "0" * 64)), "gallery.other_weights"),
        ("g", reference("", ROWS[1]), "gallery.bad_id"),
        ("g", reference("s\n", ROWS[1]), "gallery.bad_id"),
        ("g", reference("s", ROWS[1], person="p" * 119), "gallery.bad_id"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_belong_is_refused(unit: UnitOfWork, gallery_id: str, added: Reference, code: str) -> None:
    """A duplicate, a foreign template, or a gallery that takes nobody is refused; what was there stays."""
    add(unit, reference("r", ROWS[0]))
    unit.galleries.create(replace(CARD, gallery_id="closed"))
    unit.galleries.close("closed")
    with pytest.raises(GalleryError) as refused:
        add(unit, added, gallery_id)
    assert refused.value.code == code
    (only,) = unit.galleries.references("g")
    assert only.template.values.tobytes() == ROWS[0].tobytes()


def test_many_are_stored_together_or_not_at_all(unit: UnitOfWork) -> None:
    """References stored together are each as if stored alone; one that does not belong keeps all of them out."""

    def store(*added: Reference) -> None:
        unit.galleries.add_many("g", added, retention="reference", expires_at=Instant(100), now=Instant(1))

    store(reference("a", ROWS[0], person="p"), reference("b", ROWS[1], person="p"), reference("c", ROWS[2]))
    store()
    for wrong in (reference("a", ROWS[4]), Reference("e", "p", Template(ROWS[4], "0" * 64))):
        with pytest.raises(GalleryError):
            store(reference("d", ROWS[3]), wrong)
    with pytest.raises(GalleryError):
        store(reference("d", ROWS[3]), reference("d", ROWS[3]))
    found = list(unit.galleries.references("g"))
    assert [(one.reference_id, one.person_id) for one in found] == [("a", "p"), ("b", "p"), ("c", "person-of-c")]
    assert [one.template.values.tobytes() for one in found] == [row.tobytes() for row in ROWS[:3]]
    card = unit.galleries.get("g")
    assert card is not None
    assert card.size == 3
    assert unit.galleries.present("g", ["d", "b", "a", "nobody"]) == {"a", "b"}
    assert unit.galleries.present("g", []) == unit.galleries.present("h", ["a"]) == frozenset()


def test_an_event_ends_when_it_was_said_to(unit: UnitOfWork) -> None:
    """Open galleries whose end has come are named, by id; one without an end, or closed, never is."""
    for name, at in (("z", 50), ("a", 50), ("later", 51), ("closed", 50)):
        unit.galleries.create(replace(CARD, gallery_id=name))
        unit.galleries.end_at(name, Instant(at))
    unit.galleries.close("closed")
    assert unit.galleries.over(Instant(49)) == ()
    assert unit.galleries.over(Instant(50)) == ("a", "z")
    card = unit.galleries.get("later")
    assert card is not None
    assert card.closes_at == 51
    with pytest.raises(GalleryError) as refused:
        unit.galleries.end_at("none", Instant(1))
    assert refused.value.code == "gallery.unknown"


def test_who_is_in_it_and_who_went_through(unit: UnitOfWork) -> None:
    """People come by reference id without a template being opened; who went through is known until it closes."""
    for name, row, person in (("r2", ROWS[0], "p"), ("r1", ROWS[1], "q"), ("r3", ROWS[2], "p")):
        add(unit, reference(name, row, person=person))
    assert unit.galleries.people("g") == (("r1", "q"), ("r2", "p"), ("r3", "p"))
    assert unit.galleries.people("none") == ()
    unit.galleries.board("g", "q", Instant(7))
    assert unit.galleries.aboard("g") == {"q"}
    unit.galleries.close("g")
    assert (unit.galleries.people("g"), unit.galleries.aboard("g")) == ((), frozenset())


def test_same_ids_live_apart_in_two_galleries(unit: UnitOfWork) -> None:
    """The same reference of the same person in two galleries is two items: removing one leaves the other."""
    unit.galleries.create(replace(CARD, gallery_id="h"))
    for gallery_id in "gh":
        add(unit, reference("r", ROWS[0], person="p"), gallery_id)
    assert unit.galleries.remove("g", "r").count == 1
    assert unit.galleries.remove("g", "r").count == 0
    assert not unit.galleries.contains("g", "r")
    assert [each.person_id for each in unit.galleries.references("h")] == ["p"]


def test_removed_reference_can_be_enrolled_again(unit: UnitOfWork) -> None:
    """After a removal its id is free; its template is gone from the vault."""
    add(unit, reference("r", ROWS[0]))
    unit.galleries.remove("g", "r")
    assert unit.vault.expired(Instant(1000), 99) == ()
    add(unit, reference("r", ROWS[1]))
    (only,) = unit.galleries.references("g")
    assert only.template.values.tobytes() == ROWS[1].tobytes()


def test_closing_destroys_everybody(unit: UnitOfWork) -> None:
    """A closed gallery holds no reference, no template, no note of who boarded; closing again destroys nobody."""
    for number, row in enumerate(ROWS):
        add(unit, reference(f"r{number}", row))
    unit.galleries.board("g", "p", Instant(3))
    assert unit.galleries.close("g").count == 5
    assert unit.galleries.close("g").count == 0
    assert list(unit.galleries.references("g")) == []
    assert unit.vault.expired(Instant(1000), 99) == ()
    assert not unit.galleries.boarded("g", "p")
    card = unit.galleries.get("g")
    assert card == replace(CARD, open=False)


def test_expired_references_go_in_every_gallery(unit: UnitOfWork) -> None:
    """At its instant a reference leaves its gallery wherever it is, and is named; its template is as overdue."""
    unit.galleries.create(replace(CARD, gallery_id="h"))
    for number, (gallery_id, due) in enumerate([("h", 10), ("g", 20), ("g", 10), ("g", 30)]):
        add(unit, reference(f"r{number}", ROWS[number]), gallery_id, expires_at=due)
    assert unit.galleries.expire(Instant(9)) == ()
    assert unit.galleries.expire(Instant(20)) == (("g", "r1"), ("g", "r2"), ("h", "r0"))
    assert unit.galleries.expire(Instant(20)) == ()
    assert [each.reference_id for each in unit.galleries.references("g")] == ["r3"]
    assert len(unit.vault.expired(Instant(20), 99)) == 3
    assert unit.vault.destroy_many(unit.vault.expired(Instant(20), 99)).subjects == (
        "g/person-of-r1", "g/person-of-r2", "h/person-of-r0",
    )  # fmt: skip
    assert len(unit.vault.expired(Instant(1000), 99)) == 1


def test_size_is_always_the_number_of_references(unit: UnitOfWork) -> None:
    """However references come and go, the card's size is how many there are."""

    def sizes() -> list[tuple[int, int]]:
        return [(card.size, len(list(unit.galleries.references(card.gallery_id)))) for card in unit.galleries.all()]

    unit.galleries.create(replace(CARD, gallery_id="h"))
    seen = [sizes()]
    for number, (gallery_id, due) in enumerate([("h", 10), ("g", 20), ("g", 10), ("g", 30), ("h", 40)]):
        add(unit, reference(f"r{number}", ROWS[number]), gallery_id, expires_at=due)
    seen.append(sizes())
    unit.galleries.remove("g", "r3")
    unit.galleries.remove("g", "r3")
    seen.append(sizes())
    unit.galleries.expire(Instant(10))
    seen.append(sizes())
    unit.galleries.close("h")
    seen.append(sizes())
    assert [[size for size, _ in each] for each in seen] == [[0, 0], [3, 2], [2, 2], [1, 1], [1, 0]]
    assert all(size == count for each in seen for size, count in each)


def test_searches_are_counted(unit: UnitOfWork) -> None:
    """Each search adds one to the gallery's own count."""
    unit.galleries.create(replace(CARD, gallery_id="h"))
    assert [unit.galleries.spend_search("g") for _ in range(3)] == [1, 2, 3]
    assert unit.galleries.spend_search("h") == 1
    card = unit.galleries.get("g")
    assert card is not None
    assert card.searches == 3


def test_boarding_happens_once(unit: UnitOfWork) -> None:
    """A person boards a gallery's event once; another event is another matter."""
    unit.galleries.create(replace(CARD, gallery_id="h"))
    assert not unit.galleries.boarded("g", "p")
    assert [unit.galleries.board("g", "p", Instant(at)) for at in (1, 2)] == [True, False]
    assert unit.galleries.boarded("g", "p")
    assert unit.galleries.board("h", "p", Instant(3))


def test_unknown_gallery_is_named(unit: UnitOfWork) -> None:
    """Whatever needs a gallery refuses one that is not there."""
    for attempt in (
        lambda: unit.galleries.close("none"),
        lambda: unit.galleries.spend_search("none"),
        lambda: unit.galleries.board("none", "p", Instant(1)),
        lambda: list(unit.galleries.references("none")),
    ):
        with pytest.raises(GalleryError) as refused:
            attempt()
        assert refused.value.code == "gallery.unknown"


def test_template_that_does_not_open_stops_the_loading(unit: UnitOfWork) -> None:
    """A gallery with a template missing is not loaded in part: whoever is missing could not be found."""
    for number, row in enumerate(ROWS):
        add(unit, reference(f"r{number}", row))
    unit.vault.destroy(unit.vault.expired(Instant(1000), 99)[0])
    with pytest.raises(VaultError):
        list(unit.galleries.references("g"))


def test_references_without_their_templates_are_forgotten(unit: UnitOfWork) -> None:
    """References whose vault items went by their keys leave their rows and the size; unknown items are no error."""
    for name, row in zip("rst", ROWS, strict=False):
        add(unit, reference(name, row))
    labels = {label.subject: label.item_id for label in unit.vault.of_purpose("reference")}
    gone = unit.vault.destroy_many([labels["g/person-of-r"], labels["g/person-of-t"]]).items
    assert unit.galleries.forget([*gone, "unknown"]) == ("g",)
    assert [found.reference_id for found in unit.galleries.references("g")] == ["s"]
    card = unit.galleries.get("g")
    assert card is not None
    assert card.size == 1
    assert unit.galleries.forget([]) == ()
