"""``staff``, ``partner``: administrators record, auditors look."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from rich.table import Table
from typer import BadParameter

from countenance.interfaces.cli.exits import NOT_AS_EXPECTED, OK
from countenance.interfaces.cli.said import Said
from countenance.interfaces.cli.way import doors
from countenance.interfaces.durations import parse_day
from countenance.terms import DAY_MS, Instant, Partner, Receipt


def train(site: Path, holder: str, course: str, until: str, key_file: Path | None) -> Said:
    """Record a training."""
    day = _day(until)
    with doors(site, key_file) as door:
        receipt = door.record_training(holder, course, day)
    return _recorded(receipt, f"{holder!r} is trained until {until}.")


def trainings(site: Path, key_file: Path | None) -> Said:
    """Show who is trained."""
    with doors(site, key_file) as door:
        found = door.trainings()
    table = Table("who", "course", "until", "in date", box=None)
    for one in found:
        table.add_row(one["holder"], one["course"], one["valid_until"], "yes" if one["in_date"] else "NO")
    return Said(
        data={"trainings": list(found)}, shown=(table if found else "No training is recorded.",),
        status=OK if all(one["in_date"] for one in found) else NOT_AS_EXPECTED,
    )  # fmt: skip


def partner_of(  # noqa: PLR0917 - one partner's fields
    partner_id: str, name: str, contact: str, obligation: str, obliged: str, every: int
) -> Partner:
    """Return the partner that the command line names."""
    return Partner(partner_id, name, contact, obligation, Instant(_day(obliged) * DAY_MS), every)


def add(site: Path, partner: Partner, key_file: Path | None) -> Said:
    """Record a partner."""
    with doors(site, key_file) as door:
        receipt = door.add_partner(partner)
    return _recorded(receipt, f"Partner {partner.partner_id!r} is bound to store nothing.")


def audit(site: Path, partner_id: str, reference: str, key_file: Path | None, *, passed: bool) -> Said:
    """Note an audit."""
    with doors(site, key_file) as door:
        receipt = door.note_audit(partner_id, passed=passed, reference=reference)
    return _recorded(receipt, f"Partner {partner_id!r}: audit {'passed' if passed else 'FAILED'}.")


def partners(site: Path, key_file: Path | None) -> Said:
    """Show the ledger."""
    with doors(site, key_file) as door:
        found = door.partners()
    table = Table("partner", "name", "devices", "last audit", "next audit by", "", box=None)
    for one in found:
        last = one["audits"][-1] if one["audits"] else None
        audited = f"{last['at'][:10]} {'passed' if last['passed'] else 'FAILED'}" if last else "never"
        late = "OVERDUE" if one["overdue"] else ""
        table.add_row(one["partner"], one["name"], ", ".join(one["devices"]), audited, one["due_at"][:10], late)
    return Said(
        data={"partners": list(found)}, shown=(table if found else "There are no partners.",),
        status=NOT_AS_EXPECTED if any(one["overdue"] for one in found) else OK,
    )  # fmt: skip


def _recorded(receipt: Receipt, sentence: str) -> Said:
    return Said(data={"receipt": asdict(receipt)}, shown=(sentence, f"Recorded as {receipt.commitment}."))


def _day(text: str) -> int:
    try:
        return parse_day(text)
    except ValueError as error:
        raise BadParameter("A day is written like 2026-12-01.") from error
