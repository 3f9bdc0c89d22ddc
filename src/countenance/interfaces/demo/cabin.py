"""The flight on the page: its manifest, a cabin of seats by where people stand, and its end."""

from __future__ import annotations

from collections.abc import Sequence

from countenance.interfaces.demo.figures import photo
from countenance.interfaces.demo.flight import Flight
from countenance.interfaces.demo.markup import Html, tag
from countenance.interfaces.demo.shown import Shown
from countenance.interfaces.demo.words import NO_FINDING, NOTHING_LEFT, STANDS, announced_in_words, minute, numbered
from countenance.terms import EnrolmentVerdict
from countenance.terms.staging import TravellerLine, TravellerState

_COLOURS = {
    **dict.fromkeys(EnrolmentVerdict, "manual"),
    EnrolmentVerdict.ENROLLED: "match",
    EnrolmentVerdict.REFUSED: "officer",
}


def manifest(flight: Flight) -> Html:
    """Return how the manifest came: what each message changed, what was found in it, and the message itself."""
    last = flight.announced[-1]
    return tag(
        "div",
        tag("h3", "The manifest"),
        tag("p", f"{last.movement}. The carrier sent a PAXLST message (UN/EDIFACT D.05B) twice; the second is read as "
            f"a difference to the first. Everything of it is gone at {minute(last.closes_at)} at the latest."),
        tag("ol", *(
            tag("li", f"{announced_in_words(told)}. ",
                *(tag("strong", f"Finding: {one.sentence} ") for one in told.findings))
            for told in flight.announced
        )),
        tag("details", tag("summary", "The second message, with people who do not exist"),
            tag("pre", flight.messages[-1].strip())),
        class_="charter",
    )  # fmt: skip


def portraits(shown: Shown) -> Html:
    """Return every portrait that was offered, with its verdict."""
    heads = ("photograph", "number", "whose", "verdict", "")
    rows = (
        tag(
            "tr",
            tag("td", photo(shown.pictures[item.passenger.portrait], marks=True)),
            tag("td", str(item.passenger.number)),
            tag("td", f"{item.passenger.traveller}, {item.passenger.age}"),
            tag("td", tag("span", item.verdict.verdict, class_="badge " + _COLOURS[item.verdict.verdict])),
            tag("td", "Offered a second time. " if item.again else None,
                item.verdict.advice or "template kept, photograph discarded"),
        )
        for item in shown.flight.portrayed
    )  # fmt: skip
    return tag(
        "div",
        tag(
            "table",
            tag("caption", "The portraits that the manifest asked for, a verdict for each once it was on disk"),
            tag("thead", tag("tr", *(tag("th", head, scope="col") for head in heads))),
            tag("tbody", *rows),
        ),
        class_="crossing wide",
    )


def opening(flight: Flight) -> Html:
    """Return the cabin as the gate opens."""
    people = flight.opening.travellers
    staged = sum(one.state is TravellerState.STAGED for one in people)
    return _cabin(
        "The gate opens", f"{staged} of {len(people)} are staged; staff see to the others without a camera. The gate "
        "knows them by number, never by name.",
        [_seat(one, STANDS[one.state].word) for one in people],
    )  # fmt: skip


def closing(flight: Flight) -> Html:
    """Return the cabin just before the gate closes."""
    words = [("aboard" if one.aboard else f"missing, {STANDS[one.state].word}") for one in flight.closing.travellers]
    return _cabin(
        "Just before it closes", f"Aboard: {numbered(flight.aboard)}. Missing: {numbered(flight.missing)}, whom staff "
        f"look for by number. {NO_FINDING}",
        [_seat(one, word) for one, word in zip(flight.closing.travellers, words, strict=True)],
    )  # fmt: skip


def after(shown: Shown) -> Html:
    """Return what is left when the gate has closed, and what was refused then."""
    flight = shown.flight
    emptied = tag("li", class_="seat gone")
    wrong = f"NOT as the story says: {', '.join(flight.wrong)}." if flight.wrong else None
    seats = [emptied for _ in flight.closing.travellers] if not flight.after.travellers else []
    return tag(
        "div",
        _cabin(
            "The gate closes", f"References and roll are destroyed with the flight's key. {NOTHING_LEFT}", seats,
            hidden=True,
        ),
        tag("ul", *(
            tag("li", f"{item.asks}: ", tag("strong", item.said or "NOTHING"), " ", tag("code", item.code),
                f" {item.frames} frames decoded.", class_=None if item.as_expected else "fault")
            for item in flight.late
        ), class_="checks"),
        tag("p", tag("strong", wrong)) if wrong else None,
    )  # fmt: skip


def _cabin(title: str, words: str, seats: Sequence[Html], *, hidden: bool = False) -> Html:
    """Return seats under a heading; ``hidden`` from readers who hear the page, to whom the words say it all."""
    return tag(
        "div",
        tag("h3", title),
        tag("p", words),
        tag(
            "ol",
            *seats,
            class_="cabin",
            aria_label=f"{title}: a seat for each traveller on the manifest",
            aria_hidden="true" if hidden else None,
        ),
    )


def _seat(one: TravellerLine, word: str) -> Html:
    mark = "✓" if one.aboard else STANDS[one.state].mark
    return tag(
        "li", tag("b", str(one.number)), tag("i", mark, aria_hidden="true"), tag("span", word),
        class_=f"seat {'aboard' if one.aboard else one.state}",
    )  # fmt: skip
