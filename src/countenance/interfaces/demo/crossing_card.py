"""One crossing as a card of the page: pictures on one side, what was answered on the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from countenance.interfaces.demo.figures import figure
from countenance.interfaces.demo.markup import Html, join, tag
from countenance.interfaces.demo.pictures import Picture
from countenance.interfaces.demo.play import Crossed
from countenance.interfaces.demo.words import NEXT, OUTCOME, SYMBOL, stage_millis
from countenance.terms import Accepted, NextStep, Outcome, Quality, Reply

_COLOUR = {NextStep.PROCEED: "match", NextStep.REFER_TO_OFFICER: "officer"}
_STAGES = (("decode", "c1"), ("detect", "c2"), ("quality", "c3"), ("embed", "c4"), ("compare", "c5"))
_QUALITY = (
    ("inter_eye_px", "between the eyes, px"), ("yaw_deg", "turned, °"), ("pitch_deg", "nodded, °"),
    ("roll_deg", "tilted, °"), ("sharpness", "sharpness"), ("luminance", "brightness, 0 to 1"),
    ("contrast", "contrast, 0 to 0.5"), ("head_size", "head / picture height"), ("faces", "faces"),
    ("feature_norm", "feature norm"),
)  # fmt: skip


def crossing_card(
    crossed: Crossed, number: int, pictures: Mapping[str, Picture], references: Mapping[str, tuple[int, str]]
) -> Html:
    """Return the card; ``references`` tells whose each matched reference is, by number, and its photograph."""
    scene = crossed.scene
    who = f"{number}. {scene.traveller}, {scene.age} years"
    return tag(
        "article",
        tag(
            "header",
            tag("h3", who, id=f"crossing-{number}"),
            badge(crossed.reply),
            tag("p", scene.tells, class_="soft"),
        ),
        tag(
            "div",
            tag(
                "div",
                tag("div", _pictures(crossed, pictures, references), class_="pictures"),
                _quality(crossed, pictures),
            ),
            tag(
                "div",
                *(
                    _answer(crossed, attempt, reply, references)
                    for attempt, reply in enumerate(crossed.replies, start=1)
                ),
            ),
            class_="sides",
        ),
        class_="crossing",
        aria_labelledby=f"crossing-{number}",
    )


def badge(reply: Reply) -> Html:
    """Return the outcome with a sign, words and a colour, in this order of importance."""
    words = f"{OUTCOME[reply.outcome]}: {NEXT[reply.next_step]}"
    colour = _COLOUR.get(reply.next_step, "manual")
    return tag("span", tag("span", SYMBOL[reply.outcome], aria_hidden="true"), words, class_=f"badge {colour}")


def _pictures(crossed: Crossed, pictures: Mapping[str, Picture], references: Mapping[str, tuple[int, str]]) -> Html:
    scene = crossed.scene
    if not scene.live:
        return tag("div", "No photograph was taken. ", tag("b", f"{crossed.frames} frames decoded."), class_="nobody")
    shown = [figure(pictures[scene.portrait], "document's portrait")] if scene.portrait else []
    for attempt, name in enumerate(scene.live, start=1):
        role = "live photograph" if len(scene.live) == 1 else f"live photograph, attempt {attempt}"
        shown.append(figure(pictures[name], role))
    matched = crossed.reply.reference_id
    if matched in references:
        number, name = references[matched]
        shown.append(figure(pictures[name], f"reference of number {number}"))
    return join(*shown)


def _answer(crossed: Crossed, attempt: int, reply: Reply, references: Mapping[str, tuple[int, str]]) -> Html:
    several = len(crossed.replies) > 1
    used = reply.operating_point and reply.outcome is not Outcome.RETRY
    rows: list[tuple[str, Html | str]] = [
        ("reason", reply.reason), ("advice", _new_advice(reply)), ("matched", _matched(reply.reference_id, references)),
        ("rules", tag("ul", *(tag("li", tag("code", rule.rule_id), " ", rule.sentence) for rule in reply.rules),
                      class_="plain") if reply.rules else ""),
        ("operating point", tag("code", reply.operating_point[:32] + "…") if used else ""),
        ("receipt", tag("code", reply.receipt.commitment[:32] + "…")),
        ("frames", f"{crossed.frames} decoded" if attempt == len(crossed.replies) else ""),
    ]  # fmt: skip
    return tag(
        "section",
        tag("p", f"Attempt {attempt} ", badge(reply)) if several else None,
        tag("dl", *(join(tag("dt", name), tag("dd", value)) for name, value in rows if value)),
        _times(reply),
        class_="answer",
    )


def _matched(reference_id: str, references: Mapping[str, tuple[int, str]]) -> str:
    """Return whose reference matched, by number on the manifest where there is one."""
    number, _ = references.get(reference_id, (0, ""))
    return f"number {number} on the manifest" if number else reference_id


def _new_advice(reply: Reply) -> str:
    """Return the advice, unless the last rule says the same."""
    return "" if reply.rules and reply.rules[-1].sentence == reply.advice else reply.advice


def _times(reply: Reply) -> Html | None:
    spent = stage_millis(reply)
    known = [(name, spent[name], colour) for name, colour in _STAGES if name in spent]
    total = sum(millis for _, millis, _ in known)
    if "decode" not in spent or not total:
        return None
    bars = (tag("i", class_=colour, style=f"width:{100 * millis / total:.1f}%") for _, millis, colour in known)
    legend = (tag("span", tag("i", class_=f"k {colour}"), f"{name} {millis:.1f} ms") for name, millis, colour in known)
    return join(tag("div", *bars, class_="bar", aria_hidden="true"), tag("div", *legend, class_="legend"))


def _quality(crossed: Crossed, pictures: Mapping[str, Picture]) -> Html | None:
    names = [name for name in (crossed.scene.portrait, *crossed.scene.live) if name]
    found = {name: pictures[name].extraction for name in names}
    measured = {name: item.probe.quality for name, item in found.items() if isinstance(item, Accepted)}
    if not measured:
        return None
    rows = (
        tag("tr", tag("th", words, scope="row"), *(_cell(quality, key) for quality in measured.values()))
        for key, words in _QUALITY
    )
    heads = (tag("th", name, scope="col") for name in measured)
    table = tag("table", tag("thead", tag("tr", tag("th", ""), *heads)), tag("tbody", *rows))
    return tag("details", tag("summary", "Quality measures"), tag("div", table, class_="wide"))


def _cell(quality: Quality, key: str) -> Html:
    return tag("td", f"{asdict(quality)[key]:.3g}", class_="n")
