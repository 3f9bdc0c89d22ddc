"""Operating points are trusted by hash alone, read strictly, and never older than three years."""

from __future__ import annotations

import json
from copy import deepcopy
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from countenance.decision import (
    PACKAGED_SHA256,
    operating_point_schema,
    packaged_operating_point,
    parse_operating_point,
)
from countenance.decision.operating_point import MAX_BYTES
from countenance.errors import OperatingPointError
from countenance.terms import Bounds, Mode, OperatingPoint, Unmeasured, parse_iso

PACKAGED: dict[str, Any] = json.loads(packaged_operating_point())


def parse(data: bytes) -> OperatingPoint:
    """Parse a file whose hash is trusted."""
    return parse_operating_point(data, trusted=frozenset({sha256(data).hexdigest()}))


def changed(path: str, value: object) -> bytes:
    """Return the packaged point with one field changed; ``None`` removes it."""
    document = deepcopy(PACKAGED)
    *parents, last = path.split(".")
    inner = document
    for parent in parents:
        inner = inner[parent]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return json.dumps(document).encode()


def refusal_of(data: bytes) -> OperatingPointError:
    """Return the error that parsing trusted ``data`` gives."""
    with pytest.raises(OperatingPointError) as refusal:
        parse(data)
    assert refusal.value.remedy
    return refusal.value


def test_the_packaged_point() -> None:
    """It is pinned by hash, at 0.50, for weights known by hash, not for people under 14, its bounds unmeasured."""
    point = parse_operating_point(packaged_operating_point(), trusted=frozenset({PACKAGED_SHA256}))
    assert point.sha256 == PACKAGED_SHA256 == sha256(packaged_operating_point()).hexdigest()
    assert point.label == "LFW FMR ≈ 1e-5, from published measurement"
    assert point.threshold == 0.5
    assert point.target == "FMR 1e-5"
    assert point.weights == "d9e9b9494e5f08a974cf10e55d0252470ec2cccefa1a0039011d6f2c04c48e0f"
    assert point.minimum_age == 14
    assert point.envelope.modes == (Mode.VERIFY, Mode.IDENTIFY)
    bounds = (point.envelope.ages, point.envelope.capture_classes, point.envelope.largest_gallery)
    assert bounds == (Unmeasured(), Unmeasured(), Unmeasured())
    assert point.issued_at == parse_iso("2026-11-21T00:00:00Z")
    assert point.expires_at == parse_iso("2029-11-21T00:00:00Z")


@pytest.mark.parametrize("trusted", [frozenset(), frozenset({"0" * 64}), frozenset({PACKAGED_SHA256.upper()})])
def test_nothing_is_trusted_unless_named(trusted: frozenset[str]) -> None:
    """An empty or other set of hashes trusts nothing."""
    with pytest.raises(OperatingPointError) as refusal:
        parse_operating_point(packaged_operating_point(), trusted=trusted)
    assert refusal.value.code == "operating_point.untrusted"


@given(st.integers(0, len(packaged_operating_point()) - 1), st.integers(0, 7))
def test_one_changed_bit_is_untrusted(position: int, bit: int) -> None:
    """No bit of the packaged file can be changed."""
    data = bytearray(packaged_operating_point())
    data[position] ^= 1 << bit
    with pytest.raises(OperatingPointError) as refusal:
        parse_operating_point(bytes(data), trusted=frozenset({PACKAGED_SHA256}))
    assert refusal.value.code == "operating_point.untrusted"


def test_trust_comes_before_reading() -> None:
    """Bytes that nobody trusts are not interpreted, whatever they are."""
    for data in (b"", b"[" * 100_000, b"{", b"\xff", b"x" * (MAX_BYTES + 1)):
        with pytest.raises(OperatingPointError) as refusal:
            parse_operating_point(data, trusted=frozenset({PACKAGED_SHA256}))
        assert refusal.value.code == "operating_point.untrusted"


def test_measured_bounds_are_read() -> None:
    """Every bound can be a value instead of "unmeasured"."""
    envelope = parse(
        changed(
            "envelope",
            {
                "ages": {"low": 16, "high": 79},
                "capture_classes": ["portrait"],
                "modes": ["verify"],
                "largest_gallery": 420,
            },
        )
    ).envelope
    assert envelope.ages == Bounds(16, 79)
    assert envelope.capture_classes == ("portrait",)
    assert envelope.modes == (Mode.VERIFY,)
    assert envelope.largest_gallery == 420


def test_whole_numbers_become_integers() -> None:
    """JSON knows no integers; a whole number written as 14.0 becomes one."""
    assert type(parse(changed("minimum_age", 14.0)).minimum_age) is int


@pytest.mark.parametrize("threshold", [-0.999, 0, 0.5, 1])
def test_thresholds_lie_in_cosine_s_range(threshold: float) -> None:
    """Thresholds in (-1, 1] are read as they stand."""
    assert parse(changed("threshold", threshold)).threshold == threshold


NOT_JSON = [
    b"",
    b"{",
    b"\xff",
    b"[" * 60_000,
    b'{"a": 1, "a": 1}',
    b'{"a": NaN}',
    b'{"a": -Infinity}',
    b" " * (MAX_BYTES + 1),
]


@pytest.mark.parametrize("data", NOT_JSON, ids=lambda data: repr(data[:12]))
def test_only_strict_json_is_read(data: bytes) -> None:
    """Broken, endless, ambiguous or extended JSON is refused, even from a trusted hash."""
    assert refusal_of(data).code == "operating_point.not_json"


INVALID = [
    ("format", "countenance/operating-point/v2", "format"),
    ("label", None, "'label'"),
    ("label", "", "label"),
    ("weights", "D9", "weights"),
    ("weights", "d" * 64 + "\n", "weights"),
    ("threshold", -1, "threshold"),
    ("threshold", 1.0001, "threshold"),
    ("threshold", "0.5", "threshold"),
    ("threshold", True, "threshold"),
    ("minimum_age", -1, "minimum_age"),
    ("minimum_age", 14.5, "minimum_age"),
    ("envelope.modes", [], "modes"),
    ("envelope.modes", ["verify", "verify"], "modes"),
    ("envelope.modes", ["watch"], "modes"),
    ("envelope.ages", "unknown", "ages"),
    ("envelope.ages", {"low": 16}, "ages"),
    ("envelope.ages", {"low": 16, "high": 79, "mean": 40}, "ages"),
    ("envelope.capture_classes", [], "capture_classes"),
    ("envelope.largest_gallery", 0, "largest_gallery"),
    ("envelope.colour", "red", "'colour'"),
    ("envelope", None, "'envelope'"),
    ("tresholds", 0.1, "'tresholds'"),
    ("issued", 2026, "issued"),
]


@pytest.mark.parametrize("path, value, told", INVALID)
def test_the_schema_holds(path: str, value: object, told: str) -> None:
    """Each field outside its schema is refused and named."""
    error = refusal_of(changed(path, value))
    assert error.code == "operating_point.invalid"
    assert told in error.message


def test_a_file_that_is_no_object_is_refused() -> None:
    """A JSON list or number is no operating point."""
    assert refusal_of(b"[1]").code == "operating_point.invalid"


def test_ages_out_of_order_are_refused() -> None:
    """Bounds that contain nobody are an error, not an envelope."""
    assert refusal_of(changed("envelope.ages", {"low": 20, "high": 19})).code == "operating_point.bounds"


DATES = [
    ("expires", "2029-11-22T00:00:00Z"),
    ("expires", "2026-11-21T00:00:00Z"),
    ("expires", "2026-11-20T00:00:00Z"),
    ("expires", "2029-11-21"),
    ("issued", "2026-11-21T00:00:00"),
    ("issued", "yesterday"),
    ("issued", "0001-01-01T00:00:00+14:00"),
]


@pytest.mark.parametrize("field, value", DATES)
def test_evidence_lasts_three_years_at_most(field: str, value: str) -> None:
    """Dates without a zone, out of order, or more than three years apart are refused (CBP-13)."""
    assert refusal_of(changed(field, value)).code == "operating_point.dates"


def test_the_schema_is_published_as_2020_12() -> None:
    """The schema is valid, closed, and each property says what it is for."""
    root = operating_point_schema()
    Draft202012Validator.check_schema(root)
    for node in (root, root["properties"]["envelope"]):
        assert node["additionalProperties"] is False
        assert set(node["required"]) == set(node["properties"])
        assert all(len(item["description"]) > 15 for item in node["properties"].values())
