"""What an operating point file must be before anything in it is believed: strict JSON, the schema, bounds in order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NoReturn

from jsonschema import Draft202012Validator

from countenance.errors import OperatingPointError
from countenance.terms import Instant, parse_iso

FORMAT = "countenance/operating-point/v2"
"""The file's layout. 0.1.0 had another, which is refused."""
MAX_BYTES = 256 * 1024
"""An operating point file's size limit, in bytes."""
MAX_MILLIS = 1096 * 86_400_000
"""The longest that evidence is good for: three years, one of them a leap year (CBP-13)."""

_OLD_FORMAT = "countenance/operating-point/v1"
_REMEDY = "Use the file as its issuer wrote it, or one issued by 'countenance calibrate'."
_RATES = ("fmr", "fnmr", "fpir")
_TELL = 5
"""How many problems one refusal tells at once."""


def schema() -> dict[str, Any]:
    """Return the operating point's JSON Schema (2020-12) as published with the package; a fresh copy."""
    text = files("countenance.decision.operating_point").joinpath("schema.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def read_fields(data: bytes) -> dict[str, Any]:
    """Return the fields of the file ``data``, every one there and in bounds; whether it is trusted is not asked here.

    (1) strict JSON of at most ``MAX_BYTES``; (2) the format; (3) the schema; (4) what a schema cannot say.

    Raises:
        OperatingPointError: ``operating_point.not_json`` (1), ``.old_format`` (2), ``.invalid`` (3), ``.bounds``,
            ``.dates`` (4).
    """
    document = _json(data)  # (1)
    if isinstance(document, dict) and document.get("format") == _OLD_FORMAT:  # (2)
        raise OperatingPointError(
            "operating_point.old_format",
            "The operating point has the format of countenance 0.1.0, which says too little about its evidence.",
            remedy="Use the packaged operating point of this version, or calibrate again and sign what that writes.",
        )
    fields = _checked(document)  # (3)
    problems = list(_out_of_order(fields))  # (4)
    if problems:
        raise OperatingPointError(
            "operating_point.bounds", f"The operating point contradicts itself: {' '.join(problems)}", remedy=_REMEDY
        )
    dates(fields)
    return fields


def dates(fields: Mapping[str, Any]) -> tuple[Instant, Instant]:
    """Return (issued, expires), in order and at most three years apart.

    Raises:
        OperatingPointError: ``operating_point.dates``.
    """
    try:
        issued, expires = parse_iso(fields["issued"]), parse_iso(fields["expires"])
    except (ValueError, OverflowError) as error:
        raise OperatingPointError(
            "operating_point.dates", "'issued' or 'expires' is no date and time with a zone.", remedy=_REMEDY
        ) from error
    if not issued < expires <= issued + MAX_MILLIS:
        raise OperatingPointError(
            "operating_point.dates",
            f"The operating point runs from {fields['issued']} to {fields['expires']}; three years at most (CBP-13).",
            remedy=_REMEDY,
        )
    return issued, expires


# --- (1) strict JSON ------------------------------------------------------------------------------------------------
def _json(data: bytes) -> object:
    if len(data) > MAX_BYTES:
        raise _not_json(f"has {len(data)} bytes, {MAX_BYTES} are allowed")
    try:
        document: object = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _not_json("is not strict JSON in UTF-8") from error
    return document


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        message = "a field stands twice"
        raise ValueError(message)
    return fields


def _no_constant(word: str) -> NoReturn:
    message = f"{word} is not JSON"
    raise ValueError(message)


def _not_json(what: str) -> OperatingPointError:
    return OperatingPointError("operating_point.not_json", f"The operating point file {what}.", remedy=_REMEDY)


# --- (3) the schema -------------------------------------------------------------------------------------------------
@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def _checked(document: object) -> dict[str, Any]:
    problems = sorted({_sentence(error) for error in _validator().iter_errors(document)})
    if problems or not isinstance(document, dict):
        raise OperatingPointError(
            "operating_point.invalid",
            "The operating point does not fit its schema: " + " ".join(problems[:_TELL]),
            remedy=_REMEDY,
        )
    return document


def _sentence(error: Any) -> str:
    where = ".".join(str(part) for part in error.absolute_path)
    if error.validator == "additionalProperties":
        unknown = min(set(error.instance) - set(error.schema["properties"]))
        return f"{where or 'the file'}: unknown field {unknown[:60]!r}."
    if error.validator == "required":
        return f"{where or 'the file'}: missing field {min(set(error.validator_value) - set(error.instance))!r}."
    return f"{where or 'the file'}: {error.schema.get('description', 'does not fit')}"


# --- (4) what a schema cannot say -----------------------------------------------------------------------------------
def _out_of_order(fields: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each way in which the fields contradict each other."""
    for name in ("ages", "reference_years"):
        bounds = fields["envelope"][name]
        if bounds != "unmeasured" and bounds["low"] > bounds["high"]:
            yield f"{name} from {bounds['low']} to {bounds['high']} hold nobody."
    yield from _galleries(fields)
    estimates = [("estimate", fields["estimate"]), *((group["group"], group) for group in fields["groups"])]
    for name, estimate in estimates:
        yield from (f"{name}: {sentence}" for sentence in _rates(estimate))
    for group, times in Counter(group["group"] for group in fields["groups"]).items():
        if times > 1:
            yield f"the group {group!r} stands {times} times."
    known = any(estimate.get(f"{rate}_upper") is not None for _, estimate in estimates for rate in _RATES)
    if known and None in {fields["data"], fields["report"]}:
        yield "a rate stands in it, but 'data' or 'report' is null."


def _rates(estimate: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a row of rates: none without its upper bound, none above it."""
    for rate in _RATES:
        value, upper = estimate.get(rate), estimate.get(f"{rate}_upper")
        if value is not None and (upper is None or value > upper):
            yield f"{rate} {value} has no upper bound at or above it."


def _galleries(fields: Mapping[str, Any]) -> Iterator[str]:
    target, largest, carried = fields["target"], fields["envelope"]["largest_gallery"], fields["extrapolated"]
    size = target["gallery_size"]
    if (target["rate"] == "fpir") != (size > 0):
        yield "'target.gallery_size' is 0 for fmr and more for fpir."
    if carried is None:
        if largest != "unmeasured" and 10 * largest < 9 * size:
            yield f"the target's gallery of {size} was tested with {largest} only, and it is not called extrapolated."
        return
    if largest == "unmeasured" or largest <= carried["measured_gallery"]:
        yield "it is called extrapolated, but its largest gallery is not larger than the one measured."
    elif size > largest:
        yield f"the target's gallery of {size} is larger than its largest gallery."
    if "extrapolated" not in fields["label"].lower():
        yield "it is extrapolated, but its label does not say 'extrapolated'."
