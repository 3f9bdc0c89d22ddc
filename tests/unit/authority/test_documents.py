"""``docs/charters.md`` names every field of a charter and every reason for which one is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from countenance.authority import profile_fields, profiles, schema

ROOT = Path(__file__).parents[3]
DOC = (ROOT / "docs" / "charters.md").read_text("utf-8")
SOURCES = sorted((ROOT / "src" / "countenance" / "authority").glob("*.py"))


def properties() -> list[str]:
    """Return every field's name as the document writes it: nested ones with their parent."""
    root = schema()
    names = list(root["properties"])
    names += [f"retention.{name}" for name in root["properties"]["retention"]["properties"]]
    names += [f"checkpoints[].{name}" for name in root["$defs"]["checkpoint"]["properties"]]
    names += [f"notices[].{name}" for name in root["$defs"]["notice"]["properties"]]
    names += [f"eligibility[].{name}" for name in root["$defs"]["eligibility"]["properties"]]
    names += [f"eligibility[].classes[].{name}" for name in root["$defs"]["class"]["properties"]]
    names += [f"retention_by_class.*.{name}" for name in root["$defs"]["clocks"]["properties"]]
    names += [f"review_signed_by.{name}" for name in root["properties"]["review_signed_by"]["properties"]]
    names += [f"statement.{name}" for name in root["$defs"]["statement"]["properties"]]
    return names


@pytest.mark.parametrize("name", properties())
def test_every_field_has_a_row(name: str) -> None:
    """Each field of the schema has its row in the field table."""
    assert f"| `{name}` |" in DOC


def test_no_row_names_a_field_that_is_gone() -> None:
    """The field table holds nothing that the schema does not."""
    table = DOC.split("## Every field")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)) == set(properties())


def test_every_refusal_is_explained() -> None:
    """Each error code that the authority can raise is in the document, and no other."""
    code = re.compile(r'"((?:charter|operating_point|encounter)\.[a-z_]+)"')
    raised = {found for path in SOURCES for found in code.findall(path.read_text("utf-8")) if not found.endswith(".py")}
    assert set(re.findall(r"^\| `((?:charter|operating_point|encounter)\.[a-z_]+)` \|", DOC, re.MULTILINE)) == raised


@pytest.mark.parametrize("name", profiles())
def test_every_profile_and_its_values_are_named(name: str) -> None:
    """Each shipped profile is described, and so is each value that it asks for."""
    assert f"`{name}`" in DOC
    for value in profile_fields(name):
        assert f"`{value}`" in DOC
