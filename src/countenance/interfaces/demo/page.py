"""The page the demo leaves: one file, no scripts, nothing loaded from anywhere."""

from __future__ import annotations

from importlib.resources import files

from countenance.interfaces.demo import cabin, story
from countenance.interfaces.demo.credits import Credit
from countenance.interfaces.demo.crossing_card import crossing_card
from countenance.interfaces.demo.flight_told import destruction_words
from countenance.interfaces.demo.markup import Html, join, tag
from countenance.interfaces.demo.settling import section
from countenance.interfaces.demo.shown import Shown
from countenance.interfaces.durations import duration
from countenance.interfaces.refusing import who_may_refuse
from countenance.interfaces.shown import evidence_of
from countenance.procedures import Lane
from countenance.terms import Mode

_LEAD = (
    "Every outcome below was computed on real photographs, recorded in a tamper-evident log before it was answered, "
    "and is shown without a score: a score is not a decision, and no match is no finding about anybody. Whoever may "
    "refuse was asked before any camera."
)
_LEGEND = (
    "Yellow marks show what the engine found: the face's box and five landmarks. The photographs are in this page "
    "because the demo puts them here; the site itself kept none of a person who matched, and of a person referred to "
    "an officer only for as long as its charter says. Travellers are named A to K; ages and documents are part of the "
    "story."
)


def page(shown: Shown) -> str:
    """Return the whole page as HTML text."""
    style = files("countenance.interfaces.demo").joinpath("page.css").read_text("utf-8")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", "countenance: the demo"),
        tag("style", Html(style)),
    )
    told = tag("main", _land(shown), section(shown.settled), _air(shown), _denied(shown), _proof(shown))
    body = tag("body", _header(shown), told, _credits(shown))
    return "<!doctype html>\n" + tag("html", head, body, lang="en") + "\n"


def _header(shown: Shown) -> Html:
    verdict = "everything as expected" if shown.as_expected else "NOT everything as expected"
    frames = sum(item.frames for item in shown.crossings)
    facts = (
        (f"{len(shown.crossings)} crossings", verdict),
        (f"{frames} frames", "decoded, none before an encounter was open"),
        (f"{shown.proof.entries} entries", f"recorded, among {shown.proof.tree_size} leaves of the public log"),
        (
            f"{len(shown.flight.aboard)} of {len(shown.flight.closing.travellers)} aboard",
            f"then the gate closed: {sum(shown.proof.destruction.items.values())} items and their key destroyed",
        ),
        ("audit: no fault" if shown.proof.ok else "audit: FAULT", "of the log that this run wrote"),
    )
    return tag(
        "header",
        tag("h1", "People cross two checkpoints"),
        tag("p", _LEAD, class_="lead"),
        tag("ul", *(tag("li", tag("b", number), tag("span", words)) for number, words in facts), class_="facts"),
        tag("p", _LEGEND, class_="soft"),
        tag("p", f"countenance {shown.version}, {shown.made_at}, weights ", tag("code", shown.weights[:16] + "…"),
            f", {shown.seconds:.1f} s in all.", class_="soft"),
    )  # fmt: skip


def _land(shown: Shown) -> Html:
    cards = [item for item in shown.crossings if item.scene.mode is Mode.VERIFY]
    return tag(
        "section",
        tag("h2", "A land-pedestrian lane"),
        tag(
            "p",
            "One document, one face: the live photograph is compared with the document's portrait, with nothing else.",
        ),
        _charter(shown.land),
        *(crossing_card(item, number, shown.pictures, {}) for number, item in enumerate(cards, start=1)),
    )


def _air(shown: Shown) -> Html:
    cards = [item for item in shown.crossings if item.scene.mode is Mode.IDENTIFY]
    first = len(shown.crossings) - len(cards) + 1
    flight = shown.flight
    portraits = {one.number: one.portrait for one in story.PASSENGERS}
    references = {reference: (number, portraits[number]) for reference, number in flight.numbers.items()}
    return tag(
        "section",
        tag("h2", "An air gate"),
        tag("p", "A closed gallery holds the people expected on one flight, and nobody else. It is filled from the "
            "manifest before the gate opens and destroyed after the flight."),
        _charter(shown.air),
        cabin.manifest(flight),
        cabin.portraits(shown),
        cabin.opening(flight),
        *(crossing_card(item, number, shown.pictures, references) for number, item in enumerate(cards, start=first)),
        cabin.closing(flight),
        cabin.after(shown),
    )  # fmt: skip


def _denied(shown: Shown) -> Html:
    """Return what was not allowed, each with the rules that were asked."""
    return tag(
        "section",
        tag("h2", "Not allowed, and why"),
        tag("p", "What a charter or a policy does not allow is refused before any frame, and everybody may ask why."),
        *(
            tag(
                "div",
                tag("h3", item.asks),
                tag("p", item.said, " ", tag("code", item.code)),
                tag("ul", *(
                    tag("li", "passes: " if rule.passes else "DENIES: ", tag("code", rule.rule_id), f" {rule.sentence}")
                    for rule in item.explanation.findings
                )),
                class_="charter",
            )
            for item in shown.denied
        ),
    )  # fmt: skip


def _charter(lane: Lane) -> Html:
    charter = lane.charter
    kept = ", ".join(f"{item.retention_class} {duration(item.seconds)}" for item in charter.retention)
    rows = (
        ("What the charter allows", charter.purpose),
        ("Identity check that exists anyway", lane.checkpoint.existing_check),
        ("Operating point", f"{lane.point.label} ({evidence_of(lane)})"),
        ("Who may refuse", who_may_refuse(charter, charter.valid_from)),
        ("Longest anything is kept", kept),
        ("Charter", charter.sha256[:16] + "…" + (" (trial)" if charter.trial else "")),
    )
    notice = next((item.text for item in charter.notices if item.notice_id == lane.checkpoint.notice_id), "")
    return tag(
        "div",
        tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in rows)),
        tag("details", tag("summary", "The notice people read before the camera"), tag("p", notice))
        if notice
        else None,
        class_="charter",
    )


def _proof(shown: Shown) -> Html:
    proof = shown.proof
    return tag(
        "section",
        tag("h2", "What outsiders can check"),
        tag("p", "The log was published in batches, padded with dummies so that its size tells nothing, and audited "
            "offline by a program that trusts nobody who keeps it. It holds uniform commitments only: no outcome, no "
            "person, no fine time can be read from it."),
        tag("ul", *(_check(words, held=held) for words, held in proof.checks), class_="checks"),
        tag("p", "And of the flight that is over:"),
        tag("ul", *(_check(words, held=held) for words, held in destruction_words(shown)), class_="checks"),
        tag("p", "Then one byte of a copy was changed: ", tag("code", proof.flipped), ". The audit of the copy says: ",
            tag("strong", proof.found or "NOTHING"), "."),
        tag("p", "The signed tree head:", class_="soft"),
        tag("pre", proof.tree_head.strip()),
    )  # fmt: skip


def _check(words: str, *, held: bool) -> Html:
    return tag("li", words, class_=None if held else "fault")


def _credits(shown: Shown) -> Html:
    return tag(
        "footer",
        tag("h2", "Photographs"),
        tag(
            "p",
            "Used to show and test face comparison; none is part of countenance. From the packages' own credit files:",
        ),
        tag("ul", *(tag("li", credit.text, _original(credit)) for credit in shown.credits)),
    )


def _original(credit: Credit) -> Html | None:
    return join(" (", tag("a", "original", href=credit.url), ")") if credit.url else None
