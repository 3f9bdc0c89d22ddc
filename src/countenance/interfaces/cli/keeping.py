"""``keys rotate | check | backup``: a site's keys, looked after."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table

from countenance.bootstrap.keeping import create_backup_identity, look_at_keys, rotate_keys
from countenance.interfaces.cli.said import Said
from countenance.terms import iso


def backup(file: Path) -> Said:
    """Make the key pair of backups: the secret in a file, the recipient shown."""
    recipient = create_backup_identity(file)
    return Said(
        data={"identity": str(file), "recipient": recipient},
        shown=(
            f"The identity that opens backups is in {file}: keep it away from the site, twice, and from the backups.",
            "Backups are sealed for:",
            f"  {recipient}",
        ),
    )


def rotate(site: Path) -> Said:
    """Give a site new keys in the old ones' place."""
    done = rotate_keys(site)
    return Said(
        data={"destroyed": list(done.destroyed), "made": list(done.made)},
        shown=(
            f"Every key that wraps is new: {len(done.made)} made, {len(done.destroyed)} old ones destroyed.",
            "Make a backup now: earlier ones hold the old keys (countenance backup).",
        ),
    )


def check(site: Path) -> Said:
    """Say whether keys and database belong together, and which epochs there are."""
    found = look_at_keys(site)
    table = Table("epoch", "ends", "subject keys", box=None, padding=(0, 2, 0, 0))
    for card in found.epochs:
        ends = iso(card.ends_at) if card.ends_at is not None else _without_day(card.epoch)
        table.add_row(card.epoch, ends, str(card.keys))
    left = f"{len(found.left_over)} keys are left over from an interruption: the next start destroys them."
    return Said(
        data={
            "holder": found.holder,
            "epochs": [
                {"epoch": card.epoch, "ends_at": None if card.ends_at is None else iso(card.ends_at),
                 "subject_keys": card.keys} for card in found.epochs
            ],
            "left_over": list(found.left_over),
        },
        shown=(
            f"Keys and database belong together; the keys are held by: {found.holder}.",
            table, *((left,) if found.left_over else ()),
        ),
    )  # fmt: skip


def _without_day(epoch: str) -> str:
    return "with its event" if epoch.startswith("event-") else "never"
