"""``document`` and ``manifest check``: reading papers without a site; nothing is recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.document_check import add_check_to
from countenance.interfaces.cli.commands.options import AsJson, example
from countenance.interfaces.cli.commands.staging import add_to as add_staging_to
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import document, manifest
else:
    document = later("countenance.interfaces.cli.document")
    manifest = later("countenance.interfaces.cli.manifest")

ZoneFile = Annotated[
    Path | None,
    typer.Argument(metavar="FILE", exists=True, dir_okay=False, allow_dash=True, show_default=False,
                   help="A text file with the machine-readable zone, in lines or in one; - reads standard input."),
]  # fmt: skip
Zone = Annotated[
    str,
    typer.Option(
        "--mrz", metavar="TEXT", help="The zone itself, in place of FILE; other users of this machine can see it."
    ),
]
ManifestFile = Annotated[
    Path,
    typer.Argument(metavar="FILE", exists=True, dir_okay=False, show_default=False, help="PAXLST, CSV or JSON."),
]
Today = Annotated[
    str, typer.Option("--today", metavar="DATE", help="The day that two-digit years turn around; empty means today.")
]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    papers = typer.Typer(help="Documents: what zone and chip say, and is it true.", no_args_is_help=True)
    papers.command("read", epilog=example("countenance document read zone.txt"))(read)
    add_check_to(papers)
    app.add_typer(papers, name="document")
    lists = typer.Typer(help="Manifests: who is announced for a movement, and staging them.", no_args_is_help=True)
    lists.command("check", epilog=example("countenance manifest check flight.edi"))(check)
    add_staging_to(lists)
    app.add_typer(lists, name="manifest")


def read(*, file: ZoneFile = None, mrz: Zone = "", today: Today = "", as_json: AsJson = False) -> None:
    """Read a machine-readable zone and check its digits.

    TD1, TD2, TD3, MRV-A and MRV-B. A wrong zone is refused with the place and the digit that was expected; confused
    characters are repaired where check digits allow one reading only, and each repair is listed. Prints what the
    document says, names included; proves nothing: only a chip's signature does.
    """
    finish(document.read(file, mrz, today), as_json=as_json)


def check(*, file: ManifestFile, today: Today = "", as_json: AsJson = False) -> None:
    """Read a passenger manifest and list what is wrong with it.

    Names no traveller. Says how many people, of which movement, what was dropped because no gallery needs it, and what
    contradicts itself. Status 1 if anything does, or if the file was refused.
    """
    finish(manifest.check(file, today), as_json=as_json)
