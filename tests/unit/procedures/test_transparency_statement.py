"""Counting again from an auditor's bundle: every difference is named, and what nobody can count any more is said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from countenance.errors import ConfigurationError
from countenance.procedures.transparency import reconcile


def told(*runs: tuple[str, str, int], kind: str = "matches") -> dict[str, Any]:
    """Return a document with these runs of one series."""
    listed = [{"since": since, "until": until, "number": number} for since, until, number in runs]
    return {"site": "x", "counts": {"series": [{"checkpoint": "lane-1", "kind": kind, "told": listed}]}}


def bundle(days: dict[str, int], *, gone: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a bundle with so many matches on each day, and entries whose facts are gone."""
    facts = [
        json.dumps({"event": "attempt.answered", "decision": "match", "checkpoint": "lane-1", "time": f"{day}T08:00Z"})
        for day, number in days.items() for _ in range(number)
    ]  # fmt: skip
    lost: list[dict[str, str]] = [{"include_by": f"{day}T09:00:00.000Z"} for day in gone]
    return {"entries": [*({"include_by": "2026-12-09T00:00:00Z", "facts": one} for one in facts), *lost]}


def test_numbers_that_agree_are_counted() -> None:
    """A run's number is the sum of its days' entries, first and last day included."""
    found = reconcile(
        told(("2026-12-01", "2026-12-01", 10), ("2026-12-02", "2026-12-06", 11)),
        bundle({"2026-12-01": 10, "2026-12-02": 5, "2026-12-06": 6, "2026-12-07": 3}),
    )
    assert (found.counted_again, found.too_old, found.faults) == (2, 0, ())


@pytest.mark.parametrize("number", [11, 13])
def test_one_too_many_or_too_few_is_named(number: int) -> None:
    """A number that the record does not have is a fault that says both."""
    found = reconcile(told(("2026-12-01", "2026-12-01", number)), bundle({"2026-12-01": 12}))
    assert found.faults == (f"matches at lane-1, 2026-12-01 to 2026-12-01: told {number}, the record has 12.",)
    assert found.counted_again == 0


def test_what_should_not_have_been_told_is_named() -> None:
    """Fewer than ten, and two runs that share a day, are faults though the record agrees."""
    small = reconcile(told(("2026-12-01", "2026-12-01", 9)), bundle({"2026-12-01": 9}))
    assert [fault.rpartition(": ")[2] for fault in small.faults] == ["9 is fewer than 10."]
    shared = told(("2026-12-01", "2026-12-03", 20), ("2026-12-03", "2026-12-03", 10))
    found = reconcile(shared, bundle({"2026-12-01": 10, "2026-12-03": 10}))
    assert [fault.rpartition(": ")[2] for fault in found.faults] == ["shares days with the next."]


def test_days_whose_facts_are_gone_are_not_counted_again() -> None:
    """A run that may lack an entry's facts is said to be too old, and is no fault; later ones are counted."""
    document = told(("2026-11-01", "2026-11-01", 50), ("2026-12-01", "2026-12-01", 12))
    found = reconcile(document, bundle({"2026-12-01": 12}, gone=("2026-11-02",)))
    assert (found.counted_again, found.too_old, found.faults) == (1, 1, ())


@pytest.mark.parametrize("broken", [{}, {"entries": [1]}, {"entries": [{"facts": "x"}]}, {"entries": 3}])
def test_what_is_no_bundle_is_refused(broken: dict[str, Any]) -> None:
    """Whatever is not a bundle is refused with one error."""
    with pytest.raises(ConfigurationError) as caught:
        reconcile(told(), broken)
    assert caught.value.code == "transparency.unreadable"
