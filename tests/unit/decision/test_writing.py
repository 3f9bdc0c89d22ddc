"""An operating point is written the same way every time, and only if a reader would accept it."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from countenance.decision.operating_point import read_untrusted, schema, write_operating_point
from countenance.errors import OperatingPointError
from fakes.points import EXTRAPOLATED, UNMEASURED, fields


def test_the_same_fields_give_the_same_bytes() -> None:
    """Order of fields does not matter, at any depth: the file is the schema's order, indented, with a last newline."""
    document = fields()
    turned = dict(reversed([(name, turn(value)) for name, value in document.items()]))
    data = write_operating_point(document)
    assert write_operating_point(turned) == data
    assert list(json.loads(data)) == list(schema()["properties"])
    assert list(json.loads(data)["envelope"]) == list(schema()["properties"]["envelope"]["properties"])
    assert list(json.loads(data)["groups"][0]) == list(schema()["properties"]["groups"]["items"]["properties"])
    assert data.startswith(b'{\n  "format": "countenance/operating-point/v2",\n  "label"')
    assert data.endswith(b'"\n}\n')


def turn(value: Any) -> Any:
    """Return a mapping in the opposite order."""
    return dict(reversed(value.items())) if isinstance(value, dict) else value


@pytest.mark.parametrize("changes", [{}, UNMEASURED, EXTRAPOLATED, {"label": "Čadca ≈ 1e-5"}, {"threshold": 0.1 + 0.2}])
def test_what_is_written_is_read(changes: dict[str, Any]) -> None:
    """Every file that is written is one that a reader accepts; numbers keep every digit."""
    data = write_operating_point(fields(**changes))
    point = read_untrusted(data)
    document = fields(**changes)
    assert (point.label, point.threshold) == (document["label"], document["threshold"])
    assert write_operating_point(json.loads(data)) == data


def test_numbers_of_numpy_and_read_only_mappings_are_written_plainly() -> None:
    """What a computation gives is as good as what JSON knows, and gives the same bytes."""
    document = fields(threshold=np.float64(0.5), minimum_age=np.int64(14), envelope__modes=("verify", "identify"))
    document["target"] = MappingProxyType(document["target"])
    assert write_operating_point(MappingProxyType(document)) == write_operating_point(fields())


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, Decimal("0.5"), b"0.5", object(), np.float64("nan"), {0.5}, 2]
)
def test_values_that_json_cannot_say_or_the_schema_forbids_are_refused(value: object) -> None:
    """Nothing is written for a number that is none."""
    with pytest.raises(OperatingPointError) as refusal:
        write_operating_point(fields(threshold=value))
    assert refusal.value.code == "operating_point.invalid"
    assert "threshold" in refusal.value.message


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"extra": 1}, "operating_point.invalid"),
        ({"format": "countenance/operating-point/v1"}, "operating_point.old_format"),
        ({"format": "countenance/operating-point/v3"}, "operating_point.invalid"),
        ({"label": "half \ud800"}, "operating_point.not_json"),
        ({"envelope__ages": {"low": 2, "high": 1}}, "operating_point.bounds"),
        ({"expires": "2031-01-01T00:00:00Z"}, "operating_point.dates"),
        ({**EXTRAPOLATED, "label": "bigger than it is"}, "operating_point.bounds"),
    ],
)
def test_a_file_that_nobody_could_use_is_not_written(changes: dict[str, Any], code: str) -> None:
    """The writer refuses whatever a reader would, with the reader's code."""
    with pytest.raises(OperatingPointError) as refusal:
        write_operating_point(fields(**changes))
    assert refusal.value.code == code


def test_a_missing_field_is_refused() -> None:
    """Nothing is filled in for the caller but the format."""
    document = fields()
    del document["estimate"]
    with pytest.raises(OperatingPointError, match="estimate"):
        write_operating_point(document)
