"""What the site tells everybody, as a page: made from the same JSON that machines read, and from nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from countenance.interfaces.durations import duration
from countenance.interfaces.markup import Html, tag
from countenance.interfaces.transparency_counts import counts

STYLE = "/transparency/page.css"


@lru_cache(maxsize=4)
def transparency_page(data: bytes, style: str = "") -> bytes:
    """Return the page of a document as it is sent; with ``style`` (CSS) in it, as a file with no service behind it."""
    content = json.loads(data)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"What faces are compared for: {content['site']}"),
        tag("style", Html(style)) if style else tag("link", rel="stylesheet", href=STYLE),
    )
    main = tag(
        "main",
        *(_charter(one) for one in content["charters"]),
        None if content["charters"] else tag("p", "No charter is in force: nobody is compared here."),
        counts(content["counts"]),
        tag("section", tag("h2", "How well it works"), *(_point(one) for one in content["operating_points"])),
        _partners(content["partners"]),
        _statement(content["statement"]),
        None if style else _checking(),
    )
    body = tag("body", _header(content), main)
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n".encode()


def _header(content: Mapping[str, Any]) -> Html:
    return tag(
        "header",
        tag("h1", "What faces are compared for here"),
        tag("p", "What this site may do, by which law, for how long it keeps anything, how well it was measured, and "
            "how often it acted. Nothing here is about any person, and nobody needs an account to read it.",
            class_="lead"),
        tag("p", "Site ", tag("code", content["site"])),
    )  # fmt: skip


def _charter(charter: Mapping[str, Any]) -> Html:
    rows = (
        ("Purpose", charter["purpose"]),
        ("Never used for", ", ".join(charter["never_used_for"]).replace("_", " ")),
        ("Law", charter["legal_basis"]),
        ("Who answers for it", charter["controller"]),
        ("Where to ask, object or complain", charter["contact"]),
        ("Place", charter["place"]),
        ("In force", f"{charter['valid_from'][:10]} to {charter['valid_until'][:10]}"),
    )
    return tag(
        "section",
        tag("h2", f"Charter {charter['charter']}, version {charter['version']}", " (trial)" * charter["trial"]),
        tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in rows if value)),
        _table(
            "Where people stop", ("place", "the check that exists there anyway", "camera"),
            ((one["name"], one["existing_check"], "yes" if one["camera"] else "no") for one in charter["checkpoints"]),
        ),
        _table(
            "What people read before the camera", ("notice", "language", "SHA-256 of its text"),
            ((one["notice"], one["language"], tag("code", one["sha256"])) for one in charter["notices"]),
        ),
        _table("How long anything is kept, at most", ("what", "of whom", "how long"), map(_clock, charter["clocks"])),
        tag("p", "The charter's file has the SHA-256 ", tag("code", charter["sha256"]), ". ",
            tag("a", "Read it whole", href=charter["public_page"]) if _web(charter["public_page"]) else None,
            class_="soft"),
        class_="charter",
    )  # fmt: skip


def _web(address: str) -> bool:
    return address.startswith(("https://", "http://"))


_KEPT: Mapping[str, str] = {
    "probe": "the live photograph", "reference": "what it is compared with",
    "referred": "photographs of people who were referred",
    "personal": "pseudonym, age, class of person, how alike the faces were",
    "facts": "what happened, when and where, without the person", "reply": "the answer, in case the line breaks",
}  # fmt: skip


def _clock(clock: Mapping[str, Any]) -> tuple[str, str, str]:
    kept = duration(clock["seconds"]) if clock["seconds"] else "not kept: gone with the answer"
    return _KEPT.get(clock["of"], clock["of"]), clock.get("person_class", "everybody"), kept


def _table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Html:
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *(tag("th", head, scope="col") for head in heads))),
        tag("tbody", *(tag("tr", *(tag("td", cell) for cell in row)) for row in rows)),
    )


def _point(point: Mapping[str, Any]) -> Html:
    measured, envelope = point["measured"], point["envelope"]
    return tag(
        "div",
        tag("h3", point["label"]),
        tag("p", measured["in_words"]),
        tag("p", f"Measured on {point['evaluated_at'][:10]}, used until {point['expires_at'][:10]} at most. Decides at "
            f"or above {point['threshold']:g}."),
        _table(
            "Error rates", ("rate", "measured", "no higher than"),
            ((name.replace("_", " "), share(measured[name]), share(measured[f"{name}_upper"])) for name in _RATES),
        ),
        _table(
            "Only within this, because nothing else was measured", ("what", "from", "to"),
            (
                ("age in years", *_range(envelope["ages"])),
                ("age of the photograph in years", *_range(envelope["reference_years"])),
                ("people in a gallery", "1", _or_unknown(envelope["largest_gallery"])),
            ),
        ),
        _groups(point["groups"]),
    )  # fmt: skip


_RATES = ("false_match_rate", "false_non_match_rate", "false_positive_identification_rate")


def share(value: float | None) -> str:
    """Return a fraction for people, or that nobody measured it."""
    return "not measured" if value is None else f"{value * 100:.2g} %"


def _range(bounds: list[int] | None) -> tuple[str, str]:
    return ("not measured", "not measured") if bounds is None else (str(bounds[0]), str(bounds[1]))


def _or_unknown(value: int | None) -> str:
    return "not measured" if value is None else str(value)


def _groups(groups: list[Mapping[str, Any]]) -> Html:
    if not groups:
        return tag("p", "No figures by group: nobody measured these.", class_="soft")
    return _table(
        "By group, as people in the test stated it themselves",
        ("group", "people", "false match, no higher than", "false non-match, no higher than"),
        (
            (one["group"], str(one["persons"]), share(one["false_match_rate_upper"]),
             share(one["false_non_match_rate_upper"]))
            for one in groups
        ),
    )  # fmt: skip


def _partners(partners: list[Mapping[str, Any]]) -> Html:
    if not partners:
        return tag("section", tag("h2", "Partners"), tag("p", "Nobody else runs cameras for this site."))
    rows = (
        (one["partner"], _audited(one), tag("strong", "OVERDUE since " + one["next_audit_by"]) if one["overdue"]
         else "by " + one["next_audit_by"])
        for one in partners
    )  # fmt: skip
    table = _table("They promised to keep and reuse no photograph", ("partner", "last audit", "next audit"), rows)
    return tag("section", tag("h2", "Partners"), table)


def _audited(partner: Mapping[str, Any]) -> str:
    if partner["audited_on"] is None:
        return "never"
    return f"{partner['audited_on']}, {'passed' if partner['passed'] else 'FAILED'}"


def _statement(statement: Mapping[str, Any] | None) -> Html:
    title = tag("h2", "An auditor's word")
    if statement is None:
        return tag("section", title, tag("p", "No auditor has stated yet that these numbers agree with the record."))
    return tag(
        "section",
        title,
        tag("p", tag("strong", statement["auditor"]), f" counted {statement['counted_again']} of "
            f"{statement['numbers']} numbers again from the record, those until {statement['through'] or 'now'}, on "
            f"{statement['stated_at'][:10]}: they agree. Of {statement['too_old']} the record has no facts any more."),
        tag("p", "Signed with the key ", tag("code", statement["key"]), ". The signature is good; whether the key is "
            "theirs, ask them."),
    )  # fmt: skip


def _checking() -> Html:
    return tag(
        "footer",
        tag("p", "The same for machines: ", tag("a", "/transparency", href="/transparency"), " (JSON-LD). The log: ",
            tag("a", "/log/checkpoint", href="/log/checkpoint"), "."),
        class_="soft",
    )  # fmt: skip
