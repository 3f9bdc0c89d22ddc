"""What can be typed: names, options and help. Nothing here computes; each command hands over to a module beside it."""

from __future__ import annotations

import typer

from countenance.interfaces.cli.commands import (
    backups,
    cases,
    charters,
    crossing,
    custody,
    desk,
    documents,
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
    transparency,
)

__all__ = ["add_commands"]


def add_commands(app: typer.Typer) -> None:
    """Hang every command on ``app``, in the order in which help lists them."""
    for part in (
        show, site, crossing, cases, gallery, custody, desk, ledger, monitoring, record, transparency, charters,
        keeping, backups, look, documents, evaluating, points,
    ):  # fmt: skip
        part.add_to(app)
