"""A charter file is a valid charter, or refused with a code, the place, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest
from jsonschema import Draft202012Validator

from countenance.authority import notice_sha256, parse_charter, render_profile, schema
from countenance.errors import CharterError
from countenance.terms import Mode, Review, parse_iso
from fakes.papers import PROFILE_VALUES, WEIGHTS

LAND = render_profile("land-pedestrian", PROFILE_VALUES).decode()
GATE = render_profile("air-gate", PROFILE_VALUES).decode()


def swap(old: str, new: str) -> Callable[[str], str]:
    """Return a change of a charter's text; the old text must be there."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


def refusal_of(text: str) -> CharterError:
    """Return the error that parsing gives."""
    with pytest.raises(CharterError) as refusal:
        parse_charter(text.encode())
    assert refusal.value.remedy
    return refusal.value


def test_a_charter_is_read_field_by_field() -> None:
    """What the file states is what the frozen charter holds, in the units the terms promise."""
    charter = parse_charter(GATE.encode())
    assert charter.sha256 == sha256(GATE.encode()).hexdigest()
    assert (charter.charter_id, charter.profile, charter.trial) == ("test-2026", "air-gate", True)
    assert charter.legal_basis == PROFILE_VALUES["legal_basis"]
    assert charter.controller == PROFILE_VALUES["controller"]
    assert charter.contact == PROFILE_VALUES["contact"]
    assert charter.place == PROFILE_VALUES["place"]
    assert charter.purpose.startswith("Check at the gate")
    assert [(item.checkpoint_id, item.notice_id) for item in charter.checkpoints] == [("gate-1", "before-the-camera")]
    assert charter.checkpoints[0].existing_check.startswith("Gate staff")
    assert (charter.mode, charter.attended, charter.capture_class) == (Mode.IDENTIFY, True, "portrait")
    assert [(item.source, [one.person_class for one in item.classes]) for item in charter.eligibility][1] == (
        "90 FR 48604", ["citizen", "noncitizen"],
    )  # fmt: skip
    assert charter.eligibility[0].classes[1].exempts(80)
    assert (charter.version, charter.setting, charter.jurisdiction) == (1, "checkpoint", "us")
    assert (charter.use, charter.conditions, charter.notice_check_days) == ("expected-traveller", (), 90)
    assert charter.public_page == PROFILE_VALUES["public_page"]
    assert {item.retention_class: item.seconds for item in charter.retention} == {
        "probe": 0, "reference": 43_200, "referred": 43_200, "personal": 43_200, "facts": 315_360_000, "reply": 600,
    }  # fmt: skip
    assert (charter.weights, charter.max_gallery_size, charter.encounter_seconds) == (WEIGHTS, 420, 120)
    assert [item.language for item in charter.notices] == ["en", "es"]
    assert all(item.sha256 == notice_sha256(item.text) for item in charter.notices)
    assert (charter.valid_from, charter.valid_until) == (
        parse_iso("2026-11-21T00:00:00Z"),
        parse_iso("2027-11-21T00:00:00Z"),
    )
    assert charter.review == Review(
        "TEST-1", "2026-11-20", "A privacy officer", "A civil rights officer", "A technology officer"
    )


def test_unattended_is_allowed_as_data() -> None:
    """A charter may state that nobody attends; whether that may start is another question."""
    assert parse_charter(swap("attended: true", "attended: false")(LAND).encode()).attended is False


def test_zones_are_honoured() -> None:
    """A date with another zone names the instant it means."""
    text = swap('valid_from: "2026-11-21T00:00:00Z"', 'valid_from: "2026-11-20T17:00:00-07:00"')(LAND)
    assert parse_charter(text.encode()).valid_from == parse_iso("2026-11-21T00:00:00Z")


REFUSED: list[tuple[Callable[[str], str], str, str]] = [
    (swap("attended: true", "atended: true"), "charter.unknown_field", "'attended'"),
    (swap("    existing_check:", "    existing_checks:"), "charter.unknown_field", "checkpoints[0]"),
    (swap("  probe:", "  prob:"), "charter.unknown_field", "'probe'"),
    (swap("mode: verify", "<<: {mode: verify}"), "charter.unknown_field", "'<<'"),
    (swap("mode: verify", "mode: verify\nzzzz: 1"), "charter.unknown_field", "'zzzz' is no field"),
    (swap("attended: true\n", ""), "charter.missing_field", "'attended'"),
    (swap("  facts: 10 years\n", ""), "charter.missing_field", "retention"),
    (swap("    notice: before-the-camera\n", ""), "charter.missing_field", "checkpoints[0]"),
    (swap("format: countenance/charter/v2", "format: countenance/charter/v3"), "charter.invalid_field", "format"),
    (swap("format: countenance/charter/v2", "format: countenance/charter/v1"), "charter.old_format", "0.1.0"),
    (swap("version: 1", "version: 0"), "charter.invalid_field", "version"),
    (swap("jurisdiction: us", "jurisdiction: USA"), "charter.invalid_field", "jurisdiction"),
    (swap("conditions: {}", "conditions: {a-condition: 1}"), "charter.invalid_field", "conditions.a-condition"),
    (swap("conditions: {}", "conditions: {A: true}"), "charter.invalid_field", "conditions"),
    (swap("use: document-holder", "use: attendance"), "charter.forbidden_use", "attendance"),
    (swap("loyalty, other-premises, training", "loyalty, other-premises"), "charter.use_not_forbidden", "training"),
    (swap("https://", "http://"), "charter.invalid_field", "public_page"),
    (swap("    biometric: true\n", ""), "charter.missing_field", "checkpoints[0]"),
    (swap("by_class: {}", "by_class: {citizen: {probe: 1 hour}}"), "charter.unknown_field", "probe"),
    (swap("retention_by_class: {}", "retention_by_class: {citizen: {}}"), "charter.invalid_field", "citizen"),
    (swap("retention_by_class: {}", "retention_by_class: {citizn: {personal: 1 hours}}"),
     "charter.unknown_class", "'citizen'"),
    (swap("      - class: citizen", "      - class: citizn"), "charter.unknown_class", "'citizn'"),
    (swap("notice_check_days: 90", "notice_check_days: 0"), "charter.invalid_field", "notice_check_days"),
    (swap('review_signed_on: "2026-11-20"', 'review_signed_on: "2026-02-30"'), "charter.invalid_field", "no day"),
    (swap("  oversight:", "  oversite:"), "charter.unknown_field", "'oversight'"),
    (swap("exempt_over: 79", "exempt_older: 79"), "charter.unknown_field", "'exempt_over'"),
    (swap("      - class: noncitizen", "      - class: citizen"), "charter.duplicate_id", "'citizen'"),
    (swap('"2025-12-26T00:00:00-05:00"', '"2019-12-26T00:00:00-05:00"'), "charter.eligibility_order", "2019"),
    (swap('"2020-01-01T00:00:00-05:00"', '"2025-12-26T00:00:00-05:00"'), "charter.eligibility_order", "2025"),
    (swap('charter_id: "test-2026"', "charter_id: Test 2026"), "charter.invalid_field", "charter_id"),
    (swap('charter_id: "test-2026"', 'charter_id: "test\\n"'), "charter.invalid_field", "charter_id"),
    (swap("trial: true", "trial: 'true'"), "charter.invalid_field", "trial"),
    (swap("trial: true", "trial: 1"), "charter.invalid_field", "trial"),
    (swap("attended: true", "attended: yes"), "charter.invalid_field", "attended"),
    (swap("mode: verify", "mode: watch"), "charter.invalid_field", "mode"),
    (swap("max_gallery_size: 1", "max_gallery_size: 2"), "charter.invalid_field", "max_gallery_size"),
    (swap("max_gallery_size: 1", "max_gallery_size: 0"), "charter.invalid_field", "max_gallery_size"),
    (swap("limit_seconds: 60", "limit_seconds: 4"), "charter.invalid_field", "refusal_wait_limit_seconds"),
    (swap("limit_seconds: 60", "limit_seconds: 3601"), "charter.invalid_field", "refusal_wait_limit_seconds"),
    (swap("encounter_seconds: 120", "encounter_seconds: 9"), "charter.invalid_field", "encounter_seconds"),
    (swap("encounter_seconds: 120", "encounter_seconds: 3601"), "charter.invalid_field", "encounter_seconds"),
    (swap("encounter_seconds: 120", "encounter_seconds: 60.5"), "charter.invalid_field", "encounter_seconds"),
    (swap("probe: 0 seconds", "probe: 0"), "charter.invalid_field", "retention.probe"),
    (swap("probe: 0 seconds", "probe: -1 seconds"), "charter.invalid_field", "retention.probe"),
    (swap("probe: 0 seconds", "probe: 1 fortnight"), "charter.invalid_field", "retention.probe"),
    (swap("facts: 10 years", "facts: 101 years"), "charter.invalid_field", "100 years"),
    (swap("facts: 10 years", "facts: forever"), "charter.invalid_field", "retention.facts"),
    (swap(WEIGHTS, WEIGHTS.upper()), "charter.invalid_field", "weights"),
    (swap(WEIGHTS, WEIGHTS + "\\n"), "charter.invalid_field", "weights"),
    (swap('review_reference: "TEST-1"', 'review_reference: ""'), "charter.invalid_field", "review"),
    (swap('review_reference: "TEST-1"', 'review_reference: "one\\ntwo"'), "charter.invalid_field", "one line"),
    (swap("language: en", "language: English!"), "charter.invalid_field", "BCP 47"),
    (swap('"2026-11-21T00:00:00Z"', '"2026-11-21"'), "charter.invalid_field", "valid_from"),
    (swap('"2026-11-21T00:00:00Z"', '"2026-11-21T00:00:00"'), "charter.invalid_field", "valid_from"),
    (swap('"2026-11-21T00:00:00Z"', '"2026-02-30T00:00:00Z"'), "charter.invalid_field", "valid_from"),
    (swap('"2027-11-21T00:00:00Z"', '"2026-11-21T00:00:00Z"'), "charter.dates", "before it begins"),
    (swap('"2027-11-21T00:00:00Z"', '"2026-11-20T00:00:00Z"'), "charter.dates", "before it begins"),
    (swap("  - id: lane-2", "  - id: lane-1"), "charter.duplicate_id", "lane-1"),
    (swap("language: es", "language: en"), "charter.duplicate_id", "before-the-camera"),
    (swap("    notice: before-the-camera", "    notice: on-the-wall"), "charter.unknown_notice", "on-the-wall"),
    (swap("may refuse, and", "may not refuse, and"), "charter.notice_hash", "(en)"),
    (swap("12 horas", "12 años"), "charter.notice_hash", "(es)"),
    (swap('place: "Test', 'place: "FILL IN Test'), "charter.not_filled_in", "place"),
    (swap("purpose: Check", "purpose: Check\npurpose: Check"), "charter.duplicate_field", "purpose"),
    (lambda _: "[]", "charter.invalid_field", "the charter"),
    (lambda _: "", "charter.invalid_field", "the charter"),
    (lambda _: "{}", "charter.missing_field", "more)"),
]  # fmt: skip


@pytest.mark.parametrize("change, code, told", REFUSED)
def test_a_fault_is_refused_with_its_place(change: Callable[[str], str], code: str, told: str) -> None:
    """Each way of getting a charter wrong has its code, names the place, and says what belongs there."""
    error = refusal_of(change(LAND))
    assert error.code == code
    assert told in error.message


def test_the_remedy_for_a_changed_notice_is_its_hash() -> None:
    """Whoever changed a notice on purpose is told the hash to state, and with it the charter is valid."""
    changed = swap("You need not give a reason.", "No reason is needed.")(LAND)
    stated = parse_charter(LAND.encode()).notices[0].sha256
    actual = refusal_of(changed).remedy.split("sha256: ")[1][:64]
    assert parse_charter(changed.replace(stated, actual).encode()).notices[0].sha256 == actual


def test_misspelt_names_come_before_missing_ones() -> None:
    """A misspelt field is told first: the missing one is only its shadow."""
    message = refusal_of(swap("valid_until:", "valid_untill:")(LAND)).message
    assert message.index("nearest known name is 'valid_until'") < message.index("missing")


def test_long_values_are_cut_in_messages() -> None:
    """A refusal stays readable however long the wrong value is."""
    assert len(refusal_of(swap("mode: verify", "mode: " + "x" * 5000)(LAND)).message) < 400


def test_a_dictated_charter_cannot_be_changed() -> None:
    """The parsed charter is frozen."""
    charter = parse_charter(LAND.encode())
    with pytest.raises(AttributeError):
        charter.trial = False  # type: ignore[misc]  # the test is that this fails


def test_the_schema_is_published_as_2020_12() -> None:
    """The schema is valid JSON Schema 2020-12, and each call gives a copy that may be changed."""
    Draft202012Validator.check_schema(schema())
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    schema()["properties"].clear()
    assert schema()["properties"]


def test_every_object_is_closed_and_every_property_described() -> None:
    """No object takes unknown fields, and each property says what it is for."""
    root = schema()
    inner = [root["$defs"][name] for name in ("checkpoint", "notice", "eligibility", "class", "clocks", "statement")]
    may_be_left_out = {
        "refusal_wait_limit_seconds", "exempt_under", "exempt_over", "referral_limit_per_thousand", "legal_duty",
        "contest_days", "event_margin_minutes", "past_encounters",
    }  # fmt: skip
    for node in [root, root["properties"]["retention"], root["properties"]["review_signed_by"], *inner]:
        assert node["additionalProperties"] is False
        if node is not root["$defs"]["clocks"]:
            assert set(node["properties"]) - set(node["required"]) <= may_be_left_out
        for name, property_ in node["properties"].items():
            assert len(property_["description"]) > 15, name


@pytest.mark.parametrize("line, limit", [("refusal_wait_limit_seconds: 90\n", 90), ("", 60)])
def test_the_limit_of_the_refusers_wait_may_be_left_out(line: str, limit: int) -> None:
    """A charter without the limit is as valid as before and has 60 seconds; one that states it has what it states."""
    text = swap("refusal_wait_limit_seconds: 60\n", line)(GATE)
    assert parse_charter(text.encode()).refusal_wait_limit_seconds == limit
