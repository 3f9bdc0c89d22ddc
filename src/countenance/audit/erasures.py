"""What must go went, and its receipt stands in its place: erased entries against the receipts that name them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from .events import Erased, Event
from .findings import Report

RECEIPT = "erasure.receipt"


def receipts_in(events: Sequence[Event]) -> list[Event]:
    """Return the erasures' receipts, oldest first."""
    return sorted((event for event in events if event.kind == RECEIPT), key=lambda event: event.order)


def check_erasures(report: Report, events: Sequence[Event], erased: Sequence[Erased]) -> None:
    """Name entries that are gone without a receipt, and receipts that do not say exactly which entries went.

    A receipt is an entry too, and goes at the record's clock like every other; entries that it accounted for stay
    accounted for as long as entries are gone whose own receipt is there.
    """
    since = report.found
    gone: dict[str, list[Erased]] = {}
    for entry in erased:
        if entry.erased_by:
            gone.setdefault(entry.erased_by, []).append(entry)
        else:
            report.fault("erasure.no_receipt", f"{entry.called} was erased without a receipt.")
    accounted = 0
    for receipt in receipts_in(events):
        entries = gone.pop(receipt.text("erasure"), [])
        accounted += len(entries) if _check_receipt(report, receipt, entries) else 0
    for erasure, entries in sorted(gone.items()):
        if accounted:  # its receipt may be among those that a later one accounts for
            accounted -= 1
        else:
            report.fault(
                "erasure.no_receipt",
                f"{entries[0].called} and {len(entries) - 1} more name erasure {erasure}, which has no receipt.",
            )
    if erased or receipts_in(events):
        report.checked(
            "erasures", f"Each entry whose facts are gone ({len(erased)}) is in an erasure's receipt.", since=since
        )


def _check_receipt(report: Report, receipt: Event, entries: Sequence[Erased]) -> bool:
    """Return whether these are the entries that a receipt says went, naming it where they are not."""
    commitments = sorted(entry.commitment for entry in entries)
    digest = hashlib.sha256(b"".join(commitments)).hexdigest() if commitments else ""
    fits = receipt.number("bodies") == len(entries) and receipt.text("bodies_sha256") == digest
    if not fits:
        report.fault(
            "erasure.bodies",
            f"{receipt.called}, the receipt of erasure {receipt.text('erasure')}, says that the facts of "
            f"{receipt.number('bodies')} entries went; the {len(entries)} in the bundle that name it are not those.",
        )
    return fits
