"""Operating points: a threshold that names its error rate and its evidence, in a file whose SHA-256 is its name.

An operating point is trusted because its hash is in a set the caller trusts, never because of what it says about
itself. The package ships one (:data:`PACKAGED_SHA256`), pinned here; a site may add signed ones later (issue 3).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, NoReturn

from jsonschema import Draft202012Validator

from countenance.errors import OperatingPointError
from countenance.terms import Bounds, Envelope, Instant, Mode, OperatingPoint, Unmeasured, parse_iso

PACKAGED_SHA256 = "2985ab41a01c97939496a0d5df9aa339f8ea713a8133957206636400145690ea"
"""Name of the packaged operating point: SFace 2021dec at cosine 0.50, not for people under 14, bounds unmeasured."""

MAX_BYTES = 64 * 1024
"""An operating point file's size limit, in bytes."""
MAX_MILLIS = 1096 * 86_400_000
"""The longest that evidence is good for: three years, one of them a leap year (CBP-13)."""

_FILE = "operating_points/sface-2021dec-0.50.json"
_REMEDY = "Use the file as its issuer wrote it, or one issued by 'countenance calibrate'."


def schema() -> dict[str, Any]:
    """Return the operating point's JSON Schema (2020-12) as published with the package; a fresh copy."""
    document: dict[str, Any] = json.loads(_resource("operating_point.schema.json"))
    return document


def packaged() -> bytes:
    """Return the packaged operating point's file, byte for byte; its SHA-256 is :data:`PACKAGED_SHA256`."""
    return _resource(_FILE)


def parse(data: bytes, *, trusted: frozenset[str]) -> OperatingPoint:
    """Return the operating point in the JSON file ``data``.

    (1) its SHA-256 is in ``trusted``, before a byte is interpreted; (2) strict JSON; (3) the schema holds; (4) bounds
    are in order and the evidence lasts three years at most (CBP-13). An empty ``trusted`` trusts nothing.

    Raises:
        OperatingPointError: ``operating_point.untrusted`` (1), ``.not_json`` (2), ``.invalid`` (3), ``.bounds``,
            ``.dates`` (4).
    """
    name = sha256(data).hexdigest()
    if name not in trusted:  # (1)
        raise OperatingPointError(
            "operating_point.untrusted",
            f"The operating point {name[:16]}… is not one that this site trusts.",
            remedy="Use the packaged operating point, or one that this site signed; restore a file that was edited.",
        )
    fields = _checked(_json(data))  # (2) (3)
    issued, expires = _dates(fields)  # (4)
    return OperatingPoint(
        sha256=name,
        label=fields["label"],
        weights=fields["weights"],
        threshold=float(fields["threshold"]),
        target=fields["target"],
        minimum_age=int(fields["minimum_age"]),
        envelope=_envelope(fields["envelope"]),
        issued_at=issued,
        expires_at=expires,
    )


def _resource(path: str) -> bytes:
    return files("countenance.decision").joinpath(*path.split("/")).read_bytes()


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


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def _checked(document: object) -> dict[str, Any]:
    problems = sorted({_sentence(error) for error in _validator().iter_errors(document)})
    if problems or not isinstance(document, dict):
        raise OperatingPointError(
            "operating_point.invalid",
            "The operating point does not fit its schema: " + " ".join(problems),
            remedy=_REMEDY,
        )
    return document


def _sentence(error: Any) -> str:
    if error.validator == "additionalProperties":
        return f"unknown field {min(set(error.instance) - set(error.schema['properties']))[:60]!r}."
    if error.validator == "required":
        return f"missing field {min(set(error.validator_value) - set(error.instance))!r}."
    where = ".".join(str(part) for part in error.absolute_path) or "the file"
    return f"{where}: {error.schema.get('description', 'does not fit')}"


def _dates(fields: dict[str, Any]) -> tuple[Instant, Instant]:
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


def _envelope(fields: dict[str, Any]) -> Envelope:
    return Envelope(
        ages=_ages(fields["ages"]),
        capture_classes=_classes(fields["capture_classes"]),
        modes=tuple(Mode(mode) for mode in fields["modes"]),
        largest_gallery=_largest(fields["largest_gallery"]),
    )


def _ages(value: str | dict[str, int]) -> Bounds | Unmeasured:
    if isinstance(value, str):
        return Unmeasured()
    if value["low"] > value["high"]:
        raise OperatingPointError(
            "operating_point.bounds", f"The ages {value['low']} to {value['high']} are out of order.", remedy=_REMEDY
        )
    return Bounds(int(value["low"]), int(value["high"]))


def _classes(value: str | Sequence[str]) -> tuple[str, ...] | Unmeasured:
    return Unmeasured() if isinstance(value, str) else tuple(value)


def _largest(value: str | float) -> int | Unmeasured:
    return Unmeasured() if isinstance(value, str) else int(value)
