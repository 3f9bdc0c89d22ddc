"""What a census says: one row for each encounter, and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Mapping
from csv import writer
from dataclasses import dataclass
from io import StringIO


@dataclass(frozen=True, slots=True)
class Row:
    """One encounter, as the record's facts tell it. Nothing in it is about the person."""

    encounter: str
    checkpoint: str
    mode: str
    opened: str
    """RFC 3339; "" where the opening's facts are gone."""
    decided: str
    decision: str
    """match, no_match, not_compared, referred, opted_out; undecided where no answer came before the encounter ended."""
    reason: str
    charter: str
    operating_point: str
    weights: str
    policy: str
    attempts: int
    referrals: int
    case: str
    """Where the last referral stands: waiting, secondary, lapsed, cleared, adverse, contested …; "" without one."""
    settled: str
    """When it came to stand there; "" while nothing was done."""
    custody: str
    """gone (a receipt says so), kept (its clock runs), overdue (neither), unstated (an older record)."""
    kept_until: str
    erased_by: str
    """Id of the erasure after which nothing about the person was left."""
    gaps: tuple[str, ...]
    """What is missing or contradicts the rest, in words."""


@dataclass(frozen=True, slots=True)
class Census:
    """Every encounter in a bundle, and the sums that the rows add up to."""

    rows: tuple[Row, ...]
    by_decision: Mapping[str, int]
    by_case: Mapping[str, int]
    by_custody: Mapping[str, int]
    by_event: Mapping[str, int]
    """Entries whose facts are there, by event."""
    erased: int
    """Entries whose facts are gone; each is vouched for by an erasure's receipt or named as a fault."""
    with_gaps: int


COLUMNS = (
    "encounter", "checkpoint", "mode", "opened", "decided", "decision", "reason", "charter", "operating_point",
    "weights", "policy", "attempts", "referrals", "case", "settled", "custody", "kept_until", "erased_by", "gaps",
)  # fmt: skip
"""The census as a table: the fields of a row, in order."""


def as_csv(census: Census) -> str:
    """Return the census as CSV with a header. A cell that a spreadsheet would take for a formula is quoted."""
    text = StringIO()
    table = writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(_cells(row) for row in census.rows)
    return text.getvalue()


def _cells(row: Row) -> list[str]:
    cells = ["; ".join(row.gaps) if name == "gaps" else str(getattr(row, name)) for name in COLUMNS]
    return [f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell for cell in cells]


def summed(census: Census) -> list[tuple[str, str]]:
    """Return the census in a few lines: what is counted, and how many of each kind."""
    said = [
        ("decisions", census.by_decision), ("cases", census.by_case), ("custody", census.by_custody),
        ("entries", census.by_event),
    ]  # fmt: skip
    lines = [
        (name, ", ".join(f"{count} {kind or 'unnamed'}" for kind, count in counts.items())) for name, counts in said
    ]
    total = f"{len(census.rows)}, {census.with_gaps} with gaps"
    return [("encounters", total), *((name, text or "none") for name, text in lines), ("erased", str(census.erased))]
