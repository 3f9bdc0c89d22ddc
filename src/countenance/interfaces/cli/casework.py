"""``referrals``, ``referral``, ``suspension``: officer, supervisor, and whoever helps a person to contest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.table import Table
from typer import BadParameter

from countenance.interfaces.cli.said import Said
from countenance.interfaces.cli.way import doors
from countenance.procedures import Basis
from countenance.terms import CaseEvent, OfficerReason, SecondFact


def referrals(site: Path, key_file: Path | None) -> Said:
    """List what waits for a human."""
    with doors(site, key_file) as door:
        waiting = door.referrals()
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("referral", min_width=32)
    for name in ("where, since (UTC)", "state, reason", "kept until"):
        table.add_column(name)
    for one in waiting:
        table.add_row(
            one["referral_id"], f"{one['checkpoint']}\n{_minute(one['opened_at'])}",
            f"{one['state']}\n{one['reason']}{_beside(one['earlier'])}", _minute(one["kept_until"]),
        )  # fmt: skip
    return Said(data={"referrals": list(waiting)}, shown=(table if waiting else "Nobody is waiting.",))


def _beside(earlier: str) -> str:
    """Return which referral was open already, in a line of its own."""
    return f"\nbeside {earlier[:8]}…" if earlier else ""


def _minute(moment: str) -> str:
    """Return an ISO time to the minute, for people."""
    return moment[:16].replace("T", " ")


def refer(site: Path, encounter: str, reason: str, words: str, key_file: Path | None) -> Said:
    """Refer somebody whatever was answered, and show the receipt."""
    if reason not in set(OfficerReason):
        raise BadParameter(f"A reason is one of {', '.join(OfficerReason)}.")
    with doors(site, key_file) as door:
        standing = door.refer(encounter, OfficerReason(reason), words)
    return Said(data=standing, shown=("Referred. Give the person this:", "", standing["redress"]["text"]))


def basis_of(second_facts: Sequence[str], named: str, words: str) -> Basis:
    """Return on what somebody acts, or refuse a fact that is none."""
    unknown = [fact for fact in second_facts if fact not in set(SecondFact)]
    if unknown:
        raise BadParameter(f"A second fact is one of {', '.join(SecondFact)}.")
    return Basis(tuple(SecondFact(fact) for fact in second_facts), named, words)


def step(site: Path, reference: str, event: str, basis: Basis, key_file: Path | None) -> Said:
    """Do something with a referral and say where it stands."""
    if event not in set(CaseEvent):
        raise BadParameter(f"What can be done is one of {', '.join(CaseEvent)}.")
    with doors(site, key_file) as door:
        taken = door.take(reference, CaseEvent(event), basis)
    referral = taken["referral"]
    return Said(
        data=taken,
        shown=(
            f"Referral {referral['referral_id']} is {referral['state']}; recorded as {taken['receipt']['commitment']}.",
            taken["redress"]["standing"],
        ),
    )


def receipt(site: Path, reference: str, html: Path | None, key_file: Path | None) -> Said:
    """Show the receipt of a referred person, or write it as a page."""
    with doors(site, key_file) as door:
        told = door.redress(reference)
        if html is not None:
            html.write_text(door.redress_page(reference), "utf-8")
    return Said(data=told, shown=(told["text"] if html is None else f"Written to {html}.",))


def told(site: Path, seen: Sequence[str], key_file: Path | None) -> Said:
    """Acknowledge what is named, then show what supervisors must see."""
    with doors(site, key_file) as door:
        for notification_id in seen:
            door.see(notification_id)
        waiting = door.notifications()
    table = Table("notification", "what", "checkpoint", "about", "when", "tell also", box=None)
    for one in waiting:
        table.add_row(
            one["notification"], one["telling"], one["checkpoint"], one["about"], one["at"], one["contact"] or "nobody"
        )
    return Said(data={"notifications": list(waiting)}, shown=(table if waiting else "Nothing to see.",))


def suspensions(site: Path, key_file: Path | None) -> Said:
    """List charters that stopped."""
    with doors(site, key_file) as door:
        stopped = door.suspensions()
    table = Table("charter", "since", "why", "checks go on", "tell", box=None)
    for one in stopped:
        goes_on = "by staff" if one["staffed_checks"] else "no: ordinary manual check"
        table.add_row(one["charter_id"], one["at"], one["detail"], goes_on, one["contact"])
    return Said(data={"suspensions": list(stopped)}, shown=(table if stopped else "No charter is suspended.",))


def resume(site: Path, charter_id: str, named: str, reason: str, key_file: Path | None) -> Said:
    """Resume a charter."""
    with doors(site, key_file) as door:
        recorded = door.resume(charter_id, named, reason)
    return Said(
        data={"charter_id": charter_id, "receipt": asdict(recorded)},
        shown=(f"Charter {charter_id!r} works again; recorded as {recorded.commitment}.",),
    )
