"""A charter: bytes in, a validated :class:`~countenance.terms.Charter` out, or a refusal that says what to do.

The published JSON Schema (``charter.schema.json``, :func:`schema`) says what a charter file may hold; this module adds
what a schema cannot say: nothing is left to fill in, notices are the texts their hashes name and tell the clocks that
hold, checkpoints point to notices that exist, dates are in order, and nothing contradicts itself. Whether a valid
charter may *start* is for :func:`countenance.authority.check_start` to say. The file's ``format`` names the layout.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from countenance.authority.charter_checks import check_eligibility, check_names
from countenance.authority.charter_schema import checked, first, shown
from countenance.authority.conditions import check_uses
from countenance.authority.notice import UNIT_SECONDS, check_hash, check_numbers
from countenance.authority.yaml_text import Plain, load
from countenance.errors import CharterError
from countenance.terms import (
    Charter,
    Checkpoint,
    ClassRetention,
    ClassRule,
    EligibilityRules,
    Instant,
    Mode,
    Notice,
    Retention,
    Review,
    iso,
    parse_iso,
)

PLACEHOLDER = "FILL IN"
"""What stands in a shipped profile wherever an operator must write something; a charter with it is refused."""
FORMAT = "countenance/charter/v2"
_OLD_FORMAT = "countenance/charter/v1"
_LONGEST_SECONDS = 100 * UNIT_SECONDS["year"]
REFUSAL_WAIT_LIMIT_SECONDS = 60
"""What holds where a charter does not say."""
_MAY_BE_LEFT_OUT = (
    "referral_limit_per_thousand", "legal_duty", "contest_days", "event_margin_minutes", "past_encounters",
)  # fmt: skip
"""Fields that may be left out; ``terms.Charter`` has what holds then."""


def parse_charter(data: bytes) -> Charter:
    """Return the charter that the YAML file ``data`` states.

    (1) strict YAML, of this layout; (2) nothing is left to fill in; (3) the schema holds; (4) its use is none that it
    must forbid (SA-6); (5) names are unique and every checkpoint's notice exists; (6) every notice is the text its hash
    names (CBP-19); (7) retention and dates make sense; (8) rules about refusing hold throughout; (9) notices tell the
    clocks and ages that hold. Not checked here: whether it may start (``check_start``).

    Raises:
        CharterError: ``charter.too_large``, ``.not_text``, ``.not_yaml``, ``.yaml_feature``, ``.duplicate_field``,
            ``.old_format`` (1); ``.not_filled_in`` (2); ``.unknown_field``, ``.missing_field``, ``.invalid_field`` (3);
            ``.use_not_forbidden``, ``.forbidden_use`` (4); ``.duplicate_id``, ``.unknown_notice`` (5);
            ``.notice_hash`` (6); ``.invalid_field``, ``.dates`` (7); ``.eligibility_gap``, ``.eligibility_order``,
            ``.unknown_class``, ``.duplicate_id`` (8); ``.notice_numbers``, ``.notice_silent`` (9).
    """
    document = load(data)  # (1)
    _check_layout(document)
    _check_filled_in(document)  # (2)
    charter = _charter(checked(document), sha256(data).hexdigest())  # (3) (7)
    check_uses(charter.setting, charter.use, charter.forbidden_uses)  # (4)
    check_names(charter)  # (5)
    for notice in charter.notices:  # (6)
        check_hash(notice)
    check_eligibility(charter)  # (8)
    check_numbers(charter)  # (9)
    return charter


# --- (1) and (2) ------------------------------------------------------------------------------------------------------
def _check_layout(document: Plain) -> None:
    if isinstance(document, dict) and document.get("format") == _OLD_FORMAT:
        raise CharterError(
            "charter.old_format", "The charter has the layout of version 0.1.0, which says too little to start on.",
            remedy="Make a new one from the same profile (countenance charter new), carry your texts over, have it "
            "reviewed, and sign it (countenance charter sign).",
        )  # fmt: skip


def fields_to_fill_in(data: bytes) -> tuple[str, ...]:
    """Return the places in a drafted charter that still hold a placeholder, as a refusal counts them.

    Raises:
        CharterError: it is no YAML of ours.
    """
    return tuple(path for path, text in _texts(load(data)) if PLACEHOLDER in text)


def _check_filled_in(document: Plain) -> None:
    waiting = [path for path, text in _texts(document) if PLACEHOLDER in text]
    if waiting:
        raise CharterError(
            "charter.not_filled_in",
            f"Still to be filled in ({len(waiting)}): {first(waiting)}.",
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


# --- (3) and (7) fields become values --------------------------------------------------------------------------------
_PLAIN_FIELDS = (
    "charter_id", "version", "profile", "trial", "setting", "jurisdiction", "use", "purpose", "legal_basis",
    "controller", "contact", "place", "public_page", "attended", "capture_class", "operating_point", "weights",
    "max_gallery_size", "notice_check_days", "encounter_seconds",
)  # fmt: skip
"""Fields that a charter's value holds as the file states them."""


def _charter(fields: Mapping[str, Any], digest: str) -> Charter:
    valid_from, valid_until = _dates(fields)
    return Charter(
        sha256=digest,
        **{name: fields[name] for name in _PLAIN_FIELDS},
        forbidden_uses=tuple(fields["forbidden_uses"]),
        conditions=tuple(name for name, ticked in fields["conditions"].items() if ticked),
        checkpoints=tuple(
            Checkpoint(item["id"], item["name"], item["existing_check"], item["notice"], item["biometric"])
            for item in fields["checkpoints"]
        ),
        mode=Mode(fields["mode"]),
        eligibility=tuple(_rules(number, item) for number, item in enumerate(fields["eligibility"])),
        retention=_retention(fields["retention"]),
        class_retention=tuple(
            ClassRetention(name, _retention(clocks)) for name, clocks in sorted(fields["retention_by_class"].items())
        ),
        notices=tuple(Notice(item["id"], item["language"], item["text"], item["sha256"]) for item in fields["notices"]),
        valid_from=valid_from,
        valid_until=valid_until,
        review=_review(fields),
        refusal_wait_limit_seconds=fields.get("refusal_wait_limit_seconds", REFUSAL_WAIT_LIMIT_SECONDS),
        **{name: fields[name] for name in _MAY_BE_LEFT_OUT if name in fields},
    )


def _rules(number: int, item: Mapping[str, Any]) -> EligibilityRules:
    classes = tuple(
        ClassRule(one["class"], one["may_refuse"], one.get("exempt_under", 0), one.get("exempt_over", -1))
        for one in item["classes"]
    )
    return EligibilityRules(_moment(f"eligibility[{number}].valid_from", item["valid_from"]), item["source"], classes)


def _review(fields: Mapping[str, Any]) -> Review:
    day = fields["review_signed_on"]
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise CharterError(
            "charter.invalid_field", f"review_signed_on: {shown(day)} is no day.", remedy='Write it like "2026-11-20".'
        ) from error
    return Review(fields["review_reference"], day, **fields["review_signed_by"])


def _dates(fields: Mapping[str, Any]) -> tuple[Instant, Instant]:
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
            f"{name}: {shown(text)} is no date and time.",
            remedy='Write it like "2026-11-21T00:00:00Z".',
        ) from error


def _retention(clocks: Mapping[str, str]) -> tuple[Retention, ...]:
    return tuple(Retention(name, _seconds(name, text)) for name, text in sorted(clocks.items()))


def _seconds(name: str, text: str) -> int:
    number, unit = text.split(" ")
    seconds = int(number) * UNIT_SECONDS[unit.removesuffix("s")]
    if seconds > _LONGEST_SECONDS:
        raise CharterError(
            "charter.invalid_field", f"retention.{name}: {text!r} is longer than 100 years.", remedy="Shorten it."
        )
    return seconds
