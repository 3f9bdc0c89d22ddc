"""The published schema: it describes every field, and takes reports that keep their own rules only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import pytest

from countenance.evaluate.report import schema
from sample_report import HOSTILE, hostile, poor, rich

Json = dict[str, Any]


def faults(document: Json) -> list[str]:
    """Return what the schema has against a document."""
    return [error.message for error in jsonschema.Draft202012Validator(schema()).iter_errors(document)]


@pytest.mark.parametrize("document", [rich(), poor(), *map(hostile, HOSTILE)])
def test_reports_satisfy_the_schema(document: Json) -> None:
    """A report with enough data, one with hardly any, and one full of hostile names are all of the published form."""
    assert faults(document) == []


def properties(part: Any) -> Iterator[tuple[str, Json]]:
    """Yield every property that a schema names anywhere."""
    if isinstance(part, dict):
        if "if" not in part and "const" not in part:
            yield from part.get("properties", {}).items()
        for key, value in part.items():
            if key not in {"if", "then"}:
                yield from properties(value)
    elif isinstance(part, list):
        for value in part:
            yield from properties(value)


def test_every_field_is_described() -> None:
    """Whoever reads the schema finds a sentence for each field, and the schema itself is a valid one."""
    jsonschema.Draft202012Validator.check_schema(schema())
    definitions = schema()["$defs"]

    def told(one: Json) -> bool:
        reference = one.get("$ref", "").rpartition("/")[2]
        return bool(one.get("description") or definitions.get(reference, {}).get("description"))

    assert [name for name, one in properties(schema()) if not told(one)] == []


def _number_without_data(document: Json) -> None:
    document["verification"]["fnmr_at_fmr"]["1e-4"]["state"] = "insufficient data"


def _bound_with_errors(document: Json) -> None:
    document["groups"]["region"]["values"]["east"]["at"]["1e-4"]["fnmr"]["errors"] = 3


def _measured_below_the_floor(document: Json) -> None:
    document["groups"]["region"]["values"]["north"]["at"]["1e-4"]["fnmr"]["errors"] = 29


def _per_cent(document: Json) -> None:
    document["identification"]["100"]["fnir"] = 1.5


def _gallery_of_no_size(document: Json) -> None:
    document["identification"]["many"] = document["identification"]["100"]


def _no_target(document: Json) -> None:
    del document["verification"]["fnmr_at_fmr"]["1e-6"]


def _independent(document: Json) -> None:
    document["kind"] = "independent evaluation"


def _field_nobody_knows(document: Json) -> None:
    document["identification"]["100"]["several"]["surprise"] = 1


BROKEN = [_number_without_data, _bound_with_errors, _measured_below_the_floor, _per_cent, _gallery_of_no_size,
          _no_target, _independent, _field_nobody_knows]  # fmt: skip


@pytest.mark.parametrize("break_it", BROKEN)
def test_a_report_that_breaks_its_rules_is_refused(break_it: Callable[[Json], None]) -> None:
    """A rate without data, a bound with errors, a fraction above one, a missing target: each is found."""
    document = rich()
    break_it(document)
    assert faults(document)
