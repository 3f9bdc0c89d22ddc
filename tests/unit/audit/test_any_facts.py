"""A keeper may record anything: whatever facts say, and whatever became of a bundle, an audit ends in findings."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countenance.audit import as_csv, audit, summed
from countenance.audit.census import take_census
from countenance.audit.chain import check_chain
from countenance.audit.erasures import check_erasures
from countenance.audit.events import Erased, Event
from countenance.audit.findings import Report
from fakes.record_site import RecordSite
from fakes.stories import Stories

TIMES = ["2026-06-01T00:00:00.000Z", "2026-06-01T00:00:01.000Z", "2026-13-01T00:00:00.000Z", ""]
WORDS = [
    "a", "b", "encounter.opened", "attempt.answered", "encounter.opted_out", "referral.raised", "referral.stepped",
    "erasure.receipt", "match", "no_match", "retry", "opened", "refer_to_officer", "waiting", "secondary", "cleared",
    "clear", "find", "contest", "uphold", "e" * 32, *TIMES,
]  # fmt: skip
FIELDS = [
    "event", "time", "encounter", "decision", "attempt", "next_step", "by", "referral", "step", "state", "kept_until",
    "erasure", "encounters", "bodies", "bodies_sha256", "prev", "charter", "policy", "mode", "reason", "checkpoint",
]  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers(-5, 2**53) | st.sampled_from(WORDS) | st.text(max_size=8)
FACTS = st.dictionaries(st.sampled_from(FIELDS), SCALARS | st.lists(SCALARS, max_size=3), max_size=12)
LIKELY = st.fixed_dictionaries(
    {"event": st.sampled_from(WORDS[2:8]), "time": st.sampled_from(TIMES[:2]), "encounter": st.sampled_from("ab")},
    optional=dict.fromkeys(FIELDS[3:], SCALARS),
)


@settings(max_examples=300)
@given(st.lists(FACTS | LIKELY, max_size=8), st.lists(st.sampled_from(["", "e" * 32]), max_size=3))
def test_any_facts_are_counted_or_named(facts: list[dict[str, Any]], gone: list[str]) -> None:
    """No facts make the census raise; every encounter that is named has exactly one row, and the sums are the rows'."""
    events = [Event(f"Body {at}", bytes([at]) * 32, at, one, bytes([at]) * 32) for at, one in enumerate(facts)]
    erased = [Erased(f"Body {at + 99}", bytes([99 + at]) * 32, at, by) for at, by in enumerate(gone)]
    report = Report()
    check_chain(report, bytes(64), events, erased, 0)
    check_erasures(report, events, erased)
    census = take_census(report, events, erased, 1_780_000_000_000)
    told = [event for event in events if event.kind and event.time("time") >= 0]
    assert {row.encounter for row in census.rows} == {event.text("encounter") for event in told} - {""}
    assert len(census.rows) == sum(census.by_decision.values()) == sum(census.by_custody.values())
    assert sum(census.by_event.values()) == len(events)
    assert as_csv(census).count("\n") >= len(census.rows) + 1
    assert summed(census)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, dict[str, Any], int]:
    """Return a log, its key and a good bundle with something in it of every kind."""
    stories = Stories(RecordSite(tmp_path_factory.mktemp("held")))
    gone = stories.opened("gone")
    stories.opened("a")
    stories.answered("a", "no_match")
    stories.referred("a")
    stories.erased(gone, encounters=("gone",))
    bundle = stories.bundle()
    return stories.site.logs, stories.site.vkey, bundle, stories.now


PATHS = st.lists(st.integers(0, 40), min_size=1, max_size=4)


def edited(bundle: dict[str, Any], path: list[int], value: object) -> dict[str, Any]:
    """Return a bundle with one value in it replaced, or an entry dropped where ``value`` is None."""
    changed = copy.deepcopy(bundle)
    at: Any = changed
    for step in path[:-1]:
        keys = list(at) if isinstance(at, dict) else range(len(at)) if isinstance(at, list) else []
        below = at[keys[step % len(keys)]] if keys else None
        if not isinstance(below, dict | list):
            break
        at = below
    keys = list(at) if isinstance(at, dict) else range(len(at))
    key = keys[path[-1] % len(keys)]
    if value is None:
        del at[key]
    else:
        at[key] = value
    return changed


@settings(max_examples=200)
@given(PATHS, SCALARS)
def test_any_edit_of_a_bundle_is_found(
    held: tuple[Path, str, dict[str, Any], int], path: list[int], value: object
) -> None:
    """Whatever one replaces or drops in a bundle, however deep, the audit names a fault and does not raise."""
    log, vkey, bundle, now = held
    changed = edited(bundle, path, value)
    if changed == bundle:
        return
    findings = audit(log, vkey, bodies=json.dumps(changed).encode(), now_ms=now)
    if findings.ok:  # an export may be dated a little earlier than it was: nothing else may pass
        assert {name for name in bundle if changed.get(name) != bundle[name]} <= {"exported_at", "entries"}
        assert include_by_only(bundle, changed)


def include_by_only(bundle: dict[str, Any], changed: dict[str, Any]) -> bool:
    """Return whether at most the promised times differ, which the tree has already kept."""

    def rest(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{name: value for name, value in body.items() if name != "include_by"} for body in entries]

    return rest(bundle["entries"]) == rest(changed["entries"])
