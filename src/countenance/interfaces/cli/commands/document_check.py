"""``document check``: is a chip's data what the issuing state signed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import document_check
else:
    document_check = later("countenance.interfaces.cli.document_check")

ChipFolder = Annotated[
    Path,
    typer.Argument(
        metavar="FOLDER", exists=True, readable=True, show_default=False,
        help="The chip's files (EF.SOD, DG1, DG2 …) as a reader wrote them, or one file of JSON.",
    ),
]  # fmt: skip
Store = Annotated[
    Path,
    typer.Option(
        "--csca", metavar="STORE", exists=True, readable=True, show_default=False,
        help="Folder with CSCA certificates (.cer, trusted), master lists (.ml) and revocation lists (.crl).",
    ),
]  # fmt: skip
At = Annotated[
    str | None,
    typer.Option("--at", metavar="TIME", help="Check as of this time (2026-06-01T12:00:00Z) instead of now."),
]
WithoutRevocation = Annotated[
    bool,
    typer.Option(
        "--unsafe-without-revocation", help="Let a chip pass though the store has no revocation list of its country."
    ),
]


def add_check_to(group: typer.Typer) -> None:
    """Hang ``check`` on the group of document commands."""
    group.command("check", epilog=example("countenance document check FOLDER --csca STORE"))(check)


def check(
    *, folder: ChipFolder, store: Store, at: At = None, without_revocation: WithoutRevocation = False,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Check that a state signed what a chip says.

    Makes the twelve steps of passive authentication (ICAO Doc 9303-11 5.1) and shows each with its clause. Only when
    all of them hold may the portrait serve as a reference. Shows nothing about the person and keeps nothing.
    Status 1 when a step does not hold.
    """
    finish(document_check.check(folder, store, at=at, without_revocation=without_revocation), as_json=as_json)
