"""``docs/operating-points.md`` names every field, every rule and every reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import make_docs
from countenance.decision import operating_point_schema, rules
from countenance.terms import Rule

ROOT = Path(__file__).parents[3]
DOC = (ROOT / "docs" / "operating-points.md").read_text("utf-8")
SOURCE = ROOT / "src" / "countenance" / "decision"


def properties() -> list[str]:
    """Return every field's name as the document writes it, those of parts with the part's name."""
    fields = operating_point_schema()["properties"]
    names = list(fields)
    for part in ("target", "estimate", "envelope"):
        names += [f"{part}.{name}" for name in fields[part]["properties"]]
    names += [f"extrapolated.{name}" for name in fields["extrapolated"]["oneOf"][1]["properties"]]
    return names + [f"groups[].{name}" for name in fields["groups"]["items"]["properties"]]


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
    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == {
        *known,
        "quality-refused",
        "chip-not-authentic",
    }


def test_every_reason_is_listed() -> None:
    """Each reason code of a decision that the source can give stands in the document."""
    source = "".join((SOURCE / name).read_text("utf-8") for name in ("admit.py", "decide.py"))
    reasons = set(re.findall(r'"((?:[a-z_]+\.[a-z_]+)|ambiguous|already_boarded)"', source))
    assert len(reasons) > 12
    for reason in reasons:
        assert f"`{reason}`" in DOC


def test_every_refusal_is_explained() -> None:
    """Each error code of an operating point stands in this page or, when a charter meets it at start, in charters."""
    code = re.compile(r'"(operating_point\.[a-z_]+)"')
    package = SOURCE.parent
    events = {"operating_point.signed"}
    raised = {found for path in package.rglob("*.py") for found in code.findall(path.read_text("utf-8"))} - events
    decided = {"operating_point.not_the_charters", "operating_point.not_in_date"}
    charters = (ROOT / "docs" / "charters.md").read_text("utf-8")
    assert len(raised) > 18
    assert [name for name in sorted(raised - decided) if f"| `{name}` |" not in DOC + charters] == []


def test_the_packaged_points_are_listed() -> None:
    """The table is what ships (``make docs`` writes it)."""
    assert make_docs.operating_points() == DOC
