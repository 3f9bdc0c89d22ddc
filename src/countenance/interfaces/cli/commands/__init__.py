"""What can be typed: names, options and help. Nothing here computes; each command hands over to a module beside it."""

from __future__ import annotations

import typer

from countenance.interfaces.cli.commands import (
    backups,
    cases,
    charters,
    crossing,
    desk,
    evaluating,
    gallery,
    keeping,
    ledger,
    look,
    monitoring,
    points,
    record,
    show,
    site,
)

__all__ = ["add_commands"]


def add_commands(app: typer.Typer) -> None:
    """Hang every command on ``app``, in the order in which help lists them."""
    for part in (
        show, site, crossing, cases, gallery, desk, ledger, monitoring, record, charters, keeping, backups, look,
        evaluating, points,
    ):  # fmt: skip
        part.add_to(app)
