"""The demo's page and tables show what happened, escaped, and shout when something was not expected."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.console import Console

from countenance.interfaces.demo.markup import Html, join, tag
from countenance.interfaces.demo.page import page
from countenance.interfaces.demo.shown import Shown
from countenance.interfaces.demo.terminal import tables
from fakes import demo_shown

HOSTILE = '"><script>alert(1)</script>&'


def in_terminal(found: object) -> str:
    """Return what a wide terminal shows."""
    console = Console(width=200)
    with console.capture() as captured:
        for part in tables(found):  # type: ignore[arg-type] # a test's own Shown
            console.print(part)
    return captured.get()


def with_flight(found: Shown, **changes: object) -> Shown:
    """Return a demo whose flight went otherwise."""
    return replace(found, flight=replace(found.flight, **changes))  # type: ignore[arg-type] # a test's own fields


def test_markup_escapes_everything_but_markup() -> None:
    """Texts and attribute values are escaped, elements built here are not; None and False leave nothing."""
    built = tag("p", HOSTILE, tag("b", "x"), None, class_="a", title=HOSTILE, hidden=True, id=None, lang=False)
    assert built == (
        '<p class="a" title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;" hidden>'
        "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;<b>x</b></p>"
    )
    assert isinstance(join(built, "<"), Html)
    assert join(built, "<").endswith("&lt;")


def test_elements_of_drawings_are_closed() -> None:
    """An unclosed element would swallow all that follow it in SVG; in HTML a void element has no end."""
    assert tag("svg", tag("rect", x=1), tag("circle", r=2)) == '<svg><rect x="1" /><circle r="2" /></svg>'
    assert tag("img", src="a") == '<img src="a">'


def test_every_crossing_is_shown_with_its_marks() -> None:
    """Each crossing has its heading, outcome and receipt; faces have a box and five landmarks, others none."""
    found = demo_shown.shown()
    text = page(found)
    for number, crossed in enumerate(found.crossings, start=1):
        assert f">{number}. {crossed.scene.traveller}, {crossed.scene.age} years<" in text
        assert crossed.reply.receipt.commitment[:32] in text
    assert text.count("<circle") == 5 * text.count("<rect")
    assert text.count("<rect") == text.count("one face marked")
    assert "not usable: Look at the camera." in text
    assert "0 frames decoded." in text


def test_texts_from_charters_are_escaped() -> None:
    """A charter is somebody's text: nothing in it becomes markup."""
    found = demo_shown.shown()
    charter = replace(found.land.charter, purpose=HOSTILE)
    text = page(replace(found, land=replace(found.land, charter=charter)))
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_marks_lie_where_the_face_is() -> None:
    """A face in the middle of a frame of the page's shape is drawn in the middle of the picture."""
    text = page(demo_shown.shown())
    # frame 60 x 80, cut to 60 x 75 from top 5 (as low as the frame allows), drawn 320 x 400: scale 16/3
    assert 'x="80.0" y="80.0" width="160.0" height="213.3"' in text


FAULTS = ("crossing", "manifest", "portrait", "boarding", "late", "left", "audit", "flipped", "override", "destruction")


@pytest.mark.parametrize("what", FAULTS)
def test_what_was_not_expected_is_not_hidden(what: str) -> None:
    """One wrong outcome, verdict, place, audit, override, flip or end makes the demo fail, in page and terminal."""
    good = demo_shown.shown()
    worse = replace(good.crossings[0], as_expected=False)
    flight = good.flight
    kept = replace(good.proof.destruction, still_there=("event-x",))
    assert good.as_expected
    bad = {
        "crossing": lambda: replace(good, crossings=(worse, *good.crossings[1:])),
        "manifest": lambda: with_flight(good, announced=flight.announced[:1]),
        "left": lambda: with_flight(good, after=flight.closing),
        "portrait": lambda: with_flight(good, portrayed=tuple(replace(one, again=True) for one in flight.portrayed)),
        "boarding": lambda: with_flight(good, closing=flight.opening),
        "late": lambda: with_flight(good, late=(replace(flight.late[0], code="", said=""),)),
        "destruction": lambda: replace(good, proof=replace(good.proof, destruction=kept)),
        "audit": lambda: replace(good, proof=replace(good.proof, ok=False, checks=(("Every byte.", False),))),
        "override": lambda: replace(good, settled=replace(good.settled, refused="", refused_code="")),
        "flipped": lambda: replace(good, proof=replace(good.proof, found="")),
    }[what]()
    assert not bad.as_expected
    assert "NOT everything as expected" in page(bad)
    assert "✗" in in_terminal(bad)
    assert "✗" not in in_terminal(good)


def test_the_terminal_shows_who_what_why_and_proof() -> None:
    """The tables hold claim, outcome, operating point, receipt and stage times, then audit and credits."""
    text = in_terminal(demo_shown.shown())
    told = (
        "traveller A, 46", "match: proceed", "dddddddd", "2.0 2.0 2.0 2.0 2.0", "0 frames decoded", "duplicate",
        "operating point dddddddd (unmeasured): LFW FMR", "Every byte.", "Found.", "An Author, CC BY",
        "No override.", "Reference:", "One is missing.", "aboard: 2, 3; missing: 1, 4, 5, 6, 7", "poor portrait",
        "Somebody late: It is closed. 0 frames decoded.", "names 12 items destroyed",
        "was there before the gate closed and is no more",
    )  # fmt: skip
    assert [words for words in told if words not in text] == []
