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


def _measured_of_few_people(document: Json) -> None:
    document["groups"]["region"]["values"]["north"]["at"]["1e-4"]["balanced"]["people"] = 19


def _bound_of_everything(document: Json) -> None:
    document["groups"]["region"]["values"]["east"]["at"]["1e-4"]["fnmr"].update(high=1.0, independent=3)


def _bound_by_nobody(document: Json) -> None:
    del document["groups"]["region"]["values"]["east"]["at"]["1e-4"]["fnmr"]["independent"]


def _ratio_of_one_group(document: Json) -> None:
    document["groups"]["region"]["disparity"]["1e-4"] = {
        **document["groups"]["region"]["disparity"]["1e-4"], "fmr_groups": 1,
    }  # fmt: skip


def _threshold_without_errors(document: Json) -> None:
    document["same_group"]["same region"]["at"]["1e-4"]["own_errors"] = 29


def _threshold_without_data(document: Json) -> None:
    document["same_group"]["same region"]["at"]["1e-4"]["own_state"] = "insufficient data"


def _equal_error_without_data(document: Json) -> None:
    document["verification"]["eer_state"] = "insufficient data"


def _no_error_but_a_rate(document: Json) -> None:
    document["verification"]["eer_state"] = "no error"


def _accuracy_without_data(document: Json) -> None:
    document["lfw"]["wrong"].update(state="insufficient data", value=None, low=None, high=None, errors=9)


def _search_without_data(document: Json) -> None:
    document["identification"]["100"]["curve"][3]["fpir_state"] = "insufficient data"


def _search_by_few(document: Json) -> None:
    document["identification"]["100"]["several"]["fnir_people"] = 19


def _search_bounded_with_errors(document: Json) -> None:
    document["identification"]["420"].update(fpir=None, fpir_state="upper bound")


def _curve_without_grounds(document: Json) -> None:
    del document["discard"]["behind"]


BROKEN = [_number_without_data, _bound_with_errors, _measured_below_the_floor, _per_cent, _gallery_of_no_size,
          _no_target, _independent, _field_nobody_knows, _measured_of_few_people, _bound_of_everything,
          _bound_by_nobody, _ratio_of_one_group, _threshold_without_errors, _threshold_without_data,
          _equal_error_without_data, _no_error_but_a_rate, _accuracy_without_data, _search_without_data,
          _search_by_few, _search_bounded_with_errors, _curve_without_grounds]  # fmt: skip


@pytest.mark.parametrize("break_it", BROKEN)
def test_a_report_that_breaks_its_rules_is_refused(break_it: Callable[[Json], None]) -> None:
    """A rate without data, a bound with errors, a fraction above one, a missing target: each is found."""
    document = rich()
    break_it(document)
    assert faults(document)
