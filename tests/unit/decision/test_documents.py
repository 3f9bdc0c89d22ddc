"""``docs/operating-points.md`` names every field, every rule and every reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from countenance.decision import PACKAGED_SHA256, operating_point_schema, rules
from countenance.terms import Rule

ROOT = Path(__file__).parents[3]
DOC = (ROOT / "docs" / "operating-points.md").read_text("utf-8")
SOURCE = ROOT / "src" / "countenance" / "decision"


def properties() -> list[str]:
    """Return every field's name as the document writes it."""
    fields = operating_point_schema()["properties"]
    return [*fields, *(f"envelope.{name}" for name in fields["envelope"]["properties"])]


@pytest.mark.parametrize("name", properties())
def test_every_field_has_a_row(name: str) -> None:
    """Each field of the schema has its row in the field table."""
    assert f"| `{name}` |" in DOC


def test_no_row_names_a_field_that_is_gone() -> None:
    """The field table holds nothing that the schema does not."""
    table = DOC.split("## Every field")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)) == set(properties())


def test_every_rule_and_sentence_is_listed() -> None:
    """Each rule stands there with exactly the sentence that people read, and no other rule does."""
    known = {rule.rule_id: rule.sentence for rule in vars(rules).values() if isinstance(rule, Rule)}
    for rule_id, sentence in known.items():
        assert re.search(rf"^\| `{rule_id}` \|.*{re.escape(sentence)}", DOC, re.MULTILINE), rule_id
    table = DOC.split("## Every rule")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == {*known, "quality-refused"}


def test_every_reason_is_listed() -> None:
    """Each reason code of a decision that the source can give stands in the document."""
    source = "".join((SOURCE / name).read_text("utf-8") for name in ("admit.py", "decide.py"))
    reasons = set(re.findall(r'"((?:[a-z_]+\.[a-z_]+)|ambiguous|already_boarded)"', source))
    assert len(reasons) > 12
    for reason in reasons:
        assert f"`{reason}`" in DOC


def test_every_refusal_is_explained() -> None:
    """Each error code that an operating point file can cause is in the document, and so is the packaged hash."""
    source = (SOURCE / "operating_point.py").read_text("utf-8")
    for code in set(re.findall(r'"(operating_point\.[a-z_]+)"', source)) - {"operating_point.schema"}:
        assert f"| `{code}` |" in DOC
    assert PACKAGED_SHA256 in DOC
