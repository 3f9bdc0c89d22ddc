"""A charter: bytes in, a validated :class:`~countenance.terms.Charter` out, or a refusal that says what to do.

The published JSON Schema (``charter.schema.json``, :func:`schema`) says what a charter file may hold; this module adds
what a schema cannot say: nothing is left to fill in, notices are the texts their hashes name, checkpoints point to
notices that exist, dates are in order. Whether a valid charter may *start* is for
:func:`countenance.authority.check_start` to say. Charters grow with issue 4 (signatures, Cedar, eligibility by date);
the file's ``format`` names the layout.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from countenance.authority.yaml_text import Plain, load
from countenance.errors import CharterError
from countenance.terms import Charter, Checkpoint, Instant, Mode, Notice, Retention, iso, parse_iso

PLACEHOLDER = "FILL IN"
"""What stands in a shipped profile wherever an operator must write something; a charter with it is refused."""

_UNIT_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "year": 365 * 86_400}
_LONGEST_SECONDS = 100 * _UNIT_SECONDS["year"]
REFUSAL_WAIT_LIMIT_SECONDS = 60
"""What holds where a charter does not say."""
_AFTER_AN_ANSWER = ("referral_limit_per_thousand", "legal_duty", "contest_days")
"""Fields that may be left out; ``terms.Charter`` has what holds then."""
_TELL = 5
"""How many problems one refusal tells at once."""


def schema() -> dict[str, Any]:
    """Return the charter's JSON Schema (2020-12) as published with the package; a fresh copy."""
    text = files("countenance.authority").joinpath("charter.schema.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def notice_sha256(text: str) -> str:
    """Return the lower-case hex SHA-256 that a charter states for a notice's ``text`` (UTF-8, exactly as parsed)."""
    return sha256(text.encode("utf-8")).hexdigest()


def parse_charter(data: bytes) -> Charter:
    """Return the charter that the YAML file ``data`` states.

    (1) strict YAML; (2) nothing is left to fill in; (3) the schema holds; (4) the mode exists in this version;
    (5) names are unique and every checkpoint's notice exists; (6) every notice is the text its hash names (CBP-19);
    (7) retention and dates make sense. Not checked here: whether it may start (``check_start``).

    Raises:
        CharterError: ``charter.too_large``, ``.not_text``, ``.not_yaml``, ``.yaml_feature``, ``.duplicate_field`` (1);
            ``.not_filled_in`` (2); ``.unknown_field``, ``.missing_field``, ``.invalid_field`` (3);
            ``.mode_not_available`` (4); ``.duplicate_id``, ``.unknown_notice`` (5); ``.notice_hash`` (6);
            ``.invalid_field``, ``.dates`` (7).
    """
    document = load(data)  # (1)
    _check_filled_in(document)  # (2)
    fields = _checked(document)  # (3)
    _check_mode(fields["mode"])  # (4)
    notices = tuple(Notice(item["id"], item["language"], item["text"], item["sha256"]) for item in fields["notices"])
    checkpoints = tuple(
        Checkpoint(item["id"], item["name"], item["existing_check"], item["notice"]) for item in fields["checkpoints"]
    )
    _check_names(checkpoints, notices)  # (5)
    for notice in notices:  # (6)
        _check_notice(notice)
    valid_from, valid_until = _dates(fields)  # (7)
    return Charter(
        sha256=sha256(data).hexdigest(),
        charter_id=fields["charter_id"],
        profile=fields["profile"],
        trial=fields["trial"],
        purpose=fields["purpose"],
        legal_basis=fields["legal_basis"],
        controller=fields["controller"],
        contact=fields["contact"],
        place=fields["place"],
        checkpoints=checkpoints,
        mode=Mode(fields["mode"]),
        attended=fields["attended"],
        capture_class=fields["capture_class"],
        may_opt_out=tuple(fields["may_opt_out"]),
        retention=tuple(Retention(name, _seconds(name, text)) for name, text in sorted(fields["retention"].items())),
        operating_point=fields["operating_point"],
        weights=fields["weights"],
        max_gallery_size=fields["max_gallery_size"],
        notices=notices,
        encounter_seconds=fields["encounter_seconds"],
        valid_from=valid_from,
        valid_until=valid_until,
        review_reference=fields["review_reference"],
        refusal_wait_limit_seconds=fields.get("refusal_wait_limit_seconds", REFUSAL_WAIT_LIMIT_SECONDS),
        **{name: fields[name] for name in _AFTER_AN_ANSWER if name in fields},
    )


# --- (2) nothing left to fill in ----------------------------------------------------------------------------------
def _check_filled_in(document: Plain) -> None:
    waiting = [path for path, text in _texts(document) if PLACEHOLDER in text]
    if waiting:
        raise CharterError(
            "charter.not_filled_in",
            f"Still to be filled in ({len(waiting)}): {_first(waiting)}.",
            remedy=f"Replace every '{PLACEHOLDER} …' by what holds at this site; 'countenance init' does it too.",
        )


def _texts(value: Plain, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, text) for every text in ``value``; the parser bounds the depth."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, f"{path}[{number}]")


# --- (3) the schema -----------------------------------------------------------------------------------------------
@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def _checked(document: Plain) -> dict[str, Any]:
    """Return ``document`` if the schema holds, else tell its first problems, misspelt names before missing ones."""
    problems = [problem for error in _validator().iter_errors(document) for problem in _problems(error)]
    if problems:
        problems.sort(key=lambda problem: problem[0])
        raise CharterError(
            problems[0][1],
            _first([sentence for _, _, sentence in problems], separator=" "),
            remedy="Correct the file and run 'countenance charter check' again.",
        )
    assert isinstance(document, dict)  # noqa: S101 - the schema has just said so
    return document


def _problems(error: Any) -> Iterator[tuple[int, str, str]]:
    """Yield (rank, code, sentence) for one schema error."""
    where = _path(error.absolute_path)
    if error.validator == "additionalProperties":
        known = sorted(error.schema["properties"])
        for name in sorted(set(error.instance) - set(known)):
            near = get_close_matches(name, known, n=1)
            hint = f"; the nearest known name is {near[0]!r}" if near else ""
            yield 0, "charter.unknown_field", f"{where}: {_shown(name)} is no field here{hint}."
    elif error.validator == "required":
        for name in sorted(set(error.validator_value) - set(error.instance)):
            described = _description([*error.absolute_path, name])
            yield 1, "charter.missing_field", f"{where}: the field {name!r} is missing. {described}"
    else:
        described = _description(list(error.absolute_path))
        yield 2, "charter.invalid_field", f"{where}: {_shown(error.instance)} does not fit. {described}"


def _description(path: Sequence[str | int]) -> str:
    """Return what the schema says about the field at ``path``; following only our own, local references."""
    root = schema()
    node = root
    described: str = root["description"]
    for step in path:
        node = node["items"] if isinstance(step, int) else node["properties"][step]
        described = node.get("description", described)
        if "$ref" in node:
            node = root["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return described


def _path(parts: Sequence[str | int]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return text.removeprefix(".") or "the charter"


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str | int | None) else f"this {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "…'"  # noqa: PLR2004 - enough to recognise the place


def _first(items: Sequence[str], separator: str = ", ") -> str:
    more = f"{separator}(and {len(items) - _TELL} more)" if len(items) > _TELL else ""
    return separator.join(items[:_TELL]) + more


# --- (4) to (7) what a schema cannot say ---------------------------------------------------------------------------
def _check_mode(mode: str) -> None:
    if mode == Mode.SCREEN:
        raise CharterError(
            "charter.mode_not_available",
            "The mode 'screen' is not available in this version.",
            remedy="Use 'verify' or 'identify'; screening needs lists and human confirmation, which come later.",
        )


def _check_names(checkpoints: Sequence[Checkpoint], notices: Sequence[Notice]) -> None:
    names = [f"checkpoint {item.checkpoint_id!r}" for item in checkpoints]
    names += [f"notice {item.notice_id!r} in language {item.language!r}" for item in notices]
    for name, times in Counter(names).items():
        if times > 1:
            raise CharterError(
                "charter.duplicate_id", f"There are {times} of {name}.", remedy="Give each its own id, or remove one."
            )
    known = {item.notice_id for item in notices}
    for checkpoint in checkpoints:
        if checkpoint.notice_id not in known:
            raise CharterError(
                "charter.unknown_notice",
                f"Checkpoint {checkpoint.checkpoint_id!r} posts a notice {checkpoint.notice_id!r}, which is not here.",
                remedy=f"Name one of the charter's notices: {', '.join(sorted(known))}.",
            )


def _check_notice(notice: Notice) -> None:
    actual = notice_sha256(notice.text)
    if actual != notice.sha256:
        raise CharterError(
            "charter.notice_hash",
            f"The text of notice {notice.notice_id!r} ({notice.language}) is not the one its sha256 names.",
            remedy=f"If the text is the one that is posted, state sha256: {actual}; else restore the text.",
        )


def _dates(fields: dict[str, Any]) -> tuple[Instant, Instant]:
    valid_from, valid_until = (_moment(name, fields[name]) for name in ("valid_from", "valid_until"))
    if valid_from >= valid_until:
        raise CharterError(
            "charter.dates",
            f"The charter ends ({iso(valid_until)}) before it begins ({iso(valid_from)}).",
            remedy="Put valid_from before valid_until.",
        )
    return valid_from, valid_until


def _moment(name: str, text: str) -> Instant:
    try:
        return parse_iso(text)
    except ValueError as error:
        raise CharterError(
            "charter.invalid_field",
            f"{name}: {_shown(text)} is no date and time.",
            remedy='Write it like "2026-11-21T00:00:00Z".',
        ) from error


def _seconds(name: str, text: str) -> int:
    number, unit = text.split(" ")
    seconds = int(number) * _UNIT_SECONDS[unit.removesuffix("s")]
    if seconds > _LONGEST_SECONDS:
        raise CharterError(
            "charter.invalid_field", f"retention.{name}: {text!r} is longer than 100 years.", remedy="Shorten it."
        )
    return seconds
