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
    PACKAGED,
    operating_point_schema,
    packaged_operating_points,
    parse_operating_point,
    read_untrusted_operating_point,
)
from countenance.decision.operating_point import MAX_BYTES
from countenance.errors import OperatingPointError
from countenance.face import EMBEDDER_SHA256, PipelineConfig, WeightsSet
from countenance.face.config import FULL_FP32, SHIPPED, SHIPPED_FP32
from countenance.face.weights import SFACE
from countenance.terms import (
    Bounds,
    ErrorRate,
    Extrapolated,
    Mode,
    OperatingPoint,
    Pairs,
    Target,
    Unmeasured,
    parse_iso,
)
from fakes.points import EXTRAPOLATED, fields, point_file

CONFIGS = (FULL_FP32, SHIPPED_FP32, SHIPPED)
"""As the packaged networks run; bf16 is for recognisers of an operator's own, which bring points of their own."""
MEASURED = point_file()
NAME = sha256(MEASURED).hexdigest()


def parse(data: bytes) -> OperatingPoint:
    """Parse a file whose hash is trusted."""
    return parse_operating_point(data, trusted=frozenset({sha256(data).hexdigest()}))


def changed(path: str, value: object) -> bytes:
    """Return the measured point with one field changed; ``None`` removes it."""
    document = deepcopy(json.loads(MEASURED))
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
    """Return the error that parsing trusted ``data`` gives; looking at it gives the same."""
    with pytest.raises(OperatingPointError) as refusal:
        parse(data)
    with pytest.raises(OperatingPointError) as looked:
        read_untrusted_operating_point(data)
    assert looked.value.code == refusal.value.code
    assert refusal.value.remedy
    return refusal.value


# --- what ships -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.name)
def test_every_packaged_configuration_has_its_own_point(config: PipelineConfig) -> None:
    """Pinned by hash, for exactly these networks, preprocessing and precision; never below 0.50, nobody under 14."""
    weights = WeightsSet(b"", b"", SFACE).name(config)
    point = packaged_operating_points()[weights]
    assert point.sha256 == PACKAGED[weights]
    assert point.weights == weights
    assert point.recogniser == EMBEDDER_SHA256
    assert config.name in point.preprocessing
    assert point.threshold >= 0.5
    assert point.minimum_age >= 14


def test_nothing_else_is_packaged() -> None:
    """No point ships for weights that are not packaged."""
    assert set(packaged_operating_points()) == set(PACKAGED)
    assert len(PACKAGED) == len(CONFIGS)


# --- trust ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("trusted", [frozenset(), frozenset({"0" * 64}), frozenset({NAME.upper()})])
def test_nothing_is_trusted_unless_named(trusted: frozenset[str]) -> None:
    """An empty or other set of hashes trusts nothing."""
    with pytest.raises(OperatingPointError) as refusal:
        parse_operating_point(MEASURED, trusted=trusted)
    assert refusal.value.code == "operating_point.untrusted"


@given(st.integers(0, len(MEASURED) - 1), st.integers(0, 7))
def test_one_changed_bit_is_untrusted(position: int, bit: int) -> None:
    """No bit of a trusted file can be changed."""
    data = bytearray(MEASURED)
    data[position] ^= 1 << bit
    with pytest.raises(OperatingPointError) as refusal:
        parse_operating_point(bytes(data), trusted=frozenset({NAME}))
    assert refusal.value.code == "operating_point.untrusted"


def test_trust_comes_before_reading() -> None:
    """Bytes that nobody trusts are not interpreted, whatever they are."""
    for data in (b"", b"[" * 100_000, b"{", b"\xff", b"x" * (MAX_BYTES + 1)):
        with pytest.raises(OperatingPointError) as refusal:
            parse_operating_point(data, trusted=frozenset({NAME}))
        assert refusal.value.code == "operating_point.untrusted"


# --- reading --------------------------------------------------------------------------------------------------------
def test_every_field_is_read() -> None:
    """What the file says is what the value says; looking gives the same as trusting."""
    point = parse(MEASURED)
    assert point == read_untrusted_operating_point(MEASURED)
    assert (point.sha256, point.label, point.threshold, point.minimum_age) == (NAME, "a test's point", 0.5, 14)
    assert (point.weights, point.recogniser, point.preprocessing) == ("f" * 64, "c" * 64, "align5/v1, a test's")
    assert point.target == Target(ErrorRate.FMR, 1e-5, 0, Pairs.ALL)
    assert (point.estimate.fmr, point.estimate.fmr_upper) == (1e-5, 3e-5)
    assert (point.estimate.fnmr, point.estimate.fnmr_upper) == (0.01, 0.02)
    assert (point.estimate.fpir, point.estimate.fpir_upper) == (0.004, 0.01)
    assert (point.estimate.persons, point.estimate.mated_pairs, point.estimate.non_mated_pairs) == (
        3000, 9000, 20_000_000,
    )  # fmt: skip
    assert point.estimate.sentence == "Measured for a test."
    assert (point.envelope.ages, point.envelope.reference_years) == (Bounds(16, 79), Bounds(0, 10))
    assert point.envelope.capture_classes == ("portrait", "gate")
    assert point.envelope.modes == (Mode.VERIFY, Mode.IDENTIFY)
    assert point.envelope.largest_gallery == 420
    assert point.extrapolated is None
    (group,) = point.groups
    assert (group.group, group.persons, group.fmr, group.fmr_upper) == ("sex=female", 900, 2e-5, 9e-5)
    assert (group.fnmr, group.fnmr_upper) == (None, None)
    assert (point.data, point.report, point.code, point.source) == ("d" * 64, "e" * 64, "0.2.0", "A test.")
    assert point.issued_at == parse_iso("2026-11-21T00:00:00Z")
    assert point.expires_at == parse_iso("2029-11-21T00:00:00Z")


def test_what_nobody_measured_is_said_to_be_so() -> None:
    """Every bound but the modes may be "unmeasured", every rate null, data and report null with them."""
    rates = ("fmr", "fmr_upper", "fnmr", "fnmr_upper", "fpir", "fpir_upper")
    unknown = {f"estimate__{rate}": None for rate in rates}
    bounds = ("ages", "reference_years", "capture_classes", "largest_gallery")
    unmeasured = {f"envelope__{bound}": "unmeasured" for bound in bounds}
    point = parse(point_file(**unknown, **unmeasured, data=None, report=None, groups=[]))
    assert [getattr(point.envelope, bound) for bound in bounds] == [Unmeasured()] * 4
    assert [getattr(point.estimate, rate) for rate in rates] == [None] * 6
    assert (point.data, point.report) == ("", "")


def test_an_extrapolated_point_says_so() -> None:
    """How far was measured and how it was carried on is part of the value."""
    assert parse(point_file(**EXTRAPOLATED)).extrapolated == Extrapolated(420, "by a formula")


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
    MEASURED[: len(MEASURED) // 2],
    b"\xff",
    b"[" * 60_000,
    b'{"a": 1, "a": 1}',
    MEASURED.replace(b'"threshold": 0.5', b'"threshold": 0.5, "threshold": 0.1'),
    b'{"a": NaN}',
    MEASURED.replace(b'"threshold": 0.5', b'"threshold": NaN'),
    b'{"a": -Infinity}',
    b" " * (MAX_BYTES + 1),
    MEASURED + b" " * MAX_BYTES,
]


@pytest.mark.parametrize("data", NOT_JSON, ids=lambda data: repr(data[:12]))
def test_only_strict_json_is_read(data: bytes) -> None:
    """Broken, endless, ambiguous or extended JSON is refused, even from a trusted hash."""
    assert refusal_of(data).code == "operating_point.not_json"


def test_the_format_of_the_alpha_is_refused_in_a_sentence() -> None:
    """A file of 0.1.0 is told apart from a broken one."""
    error = refusal_of(changed("format", "countenance/operating-point/v1"))
    assert error.code == "operating_point.old_format"
    assert "0.1.0" in error.message


INVALID = [
    ("format", "countenance/operating-point/v3", "format"),
    ("label", None, "'label'"),
    ("label", "", "label"),
    ("label", "a line\nbreak", "label"),
    ("label", "half \ud800", "label"),
    ("weights", "D9", "weights"),
    ("weights", "d" * 64 + "\n", "weights"),
    ("recogniser", "", "recogniser"),
    ("threshold", -1, "threshold"),
    ("threshold", 1.0001, "threshold"),
    ("threshold", "0.5", "threshold"),
    ("threshold", True, "threshold"),
    ("target", "FMR 1e-5", "target"),
    ("target.rate", "eer", "target.rate"),
    ("target.value", 0, "target.value"),
    ("target.value", 1, "target.value"),
    ("target.gallery_size", -1, "target.gallery_size"),
    ("target.pairs", "some", "target.pairs"),
    ("target.pairs", None, "target: missing field 'pairs'"),
    ("estimate.fmr_upper", 1.1, "estimate.fmr_upper"),
    ("estimate.fmr_upper", "low", "estimate.fmr_upper"),
    ("estimate.fmr_upper", None, "'fmr_upper'"),
    ("estimate.persons", 1.5, "estimate.persons"),
    ("minimum_age", -1, "minimum_age"),
    ("minimum_age", 14.5, "minimum_age"),
    ("envelope.modes", [], "modes"),
    ("envelope.modes", ["verify", "verify"], "modes"),
    ("envelope.modes", ["watch"], "modes"),
    ("envelope.ages", "unknown", "ages"),
    ("envelope.ages", {"low": 16}, "ages"),
    ("envelope.ages", {"low": 16, "high": 79, "mean": 40}, "ages"),
    ("envelope.reference_years", {"low": -1, "high": 3}, "reference_years"),
    ("envelope.reference_years", None, "'reference_years'"),
    ("envelope.capture_classes", [], "capture_classes"),
    ("envelope.largest_gallery", 0, "largest_gallery"),
    ("envelope.colour", "red", "'colour'"),
    ("envelope", None, "'envelope'"),
    ("extrapolated", {}, "extrapolated"),
    ("extrapolated", True, "extrapolated"),
    ("groups", {}, "groups"),
    ("groups", [{"group": "sex=female"}], "groups"),
    ("data", "", "data"),
    ("report", None, "'report'"),
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


GROUP = fields()["groups"][0]
CONTRADICTIONS: list[tuple[dict[str, Any], str]] = [
    ({"envelope.ages": {"low": 20, "high": 19}}, "ages from 20 to 19"),
    ({"envelope.reference_years": {"low": 3, "high": 2}}, "reference_years from 3 to 2"),
    ({"target.gallery_size": 420}, "gallery_size"),
    ({"target.rate": "fpir"}, "gallery_size"),
    ({"target.rate": "fpir", "target.gallery_size": 467}, "467 was tested with 420 only"),
    ({"estimate.fmr": 0.5}, "fmr 0.5"),
    ({"groups": [{**GROUP, "fnmr": 0.1}]}, "sex=female: fnmr 0.1"),
    ({"groups": [GROUP, GROUP]}, "stands 2 times"),
    ({"extrapolated": {"measured_gallery": 420, "method": "a formula"}, "label": "extrapolated"}, "not larger"),
    ({"extrapolated": {"measured_gallery": 419, "method": "a formula"}}, "does not say 'extrapolated'"),
    (
        {
            "extrapolated": {"measured_gallery": 100, "method": "a formula"}, "label": "extrapolated",
            "target.rate": "fpir", "target.gallery_size": 421,
        },
        "larger than its largest gallery",
    ),
]  # fmt: skip


@pytest.mark.parametrize("changes, told", CONTRADICTIONS)
def test_what_contradicts_itself_is_refused(changes: dict[str, Any], told: str) -> None:
    """Bounds that hold nobody, rates without a bound, galleries nobody tested: an error, not an envelope."""
    document = json.loads(MEASURED)
    for path, value in changes.items():
        *parents, last = path.split(".")
        inner = document
        for parent in parents:
            inner = inner[parent]
        inner[last] = value
    error = refusal_of(json.dumps(document).encode())
    assert error.code == "operating_point.bounds"
    assert told in error.message


@pytest.mark.parametrize("field", ["data", "report"])
def test_a_rate_needs_an_evaluation(field: str) -> None:
    """A number without the hashes of what it was measured on is no evidence."""
    document = {**json.loads(MEASURED), field: None}
    assert refusal_of(json.dumps(document).encode()).code == "operating_point.bounds"


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


def objects(node: Any) -> list[dict[str, Any]]:
    """Return every object of the schema, however deep."""
    inner = [*node.values()] if isinstance(node, dict) else node if isinstance(node, list) else []
    found = [item for value in inner for item in objects(value)]
    return ([node] if isinstance(node, dict) and node.get("type") == "object" else []) + found


def test_the_schema_is_published_as_2020_12() -> None:
    """The schema is valid, closed, and each property says what it is for."""
    root = operating_point_schema()
    Draft202012Validator.check_schema(root)
    assert len(objects(root)) == 8
    for node in objects(root):
        assert node["additionalProperties"] is False
        assert set(node["required"]) == set(node["properties"])
        assert all(len(item["description"]) > 12 for item in node["properties"].values())
