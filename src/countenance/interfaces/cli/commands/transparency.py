"""``transparency``: what a site tells everybody, for whoever sits at it and for auditors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, KeyFile, SiteFolder, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import transparency
else:
    transparency = later("countenance.interfaces.cli.transparency")

_FILE = {"metavar": "FILE", "exists": True, "dir_okay": False, "show_default": False}

Document = Annotated[Path, typer.Argument(help="What GET /transparency answered, as a file.", **_FILE)]
StatementFile = Annotated[Path, typer.Argument(help="An auditor's statement.", **_FILE)]
Log = Annotated[
    Path,
    typer.Option(
        "--log", metavar="FOLDER", exists=True, file_okay=False, show_default=False, help="The log, or a copy of it."
    ),
]
LogKey = Annotated[Path, typer.Option("--log-key", help="The log's public key, from somewhere you trust.", **_FILE)]
Bodies = Annotated[Path, typer.Option("--bodies", help="An auditor's bundle from 'record export'.", **_FILE)]
Key = Annotated[
    Path, typer.Option("--key", help="Your Ed25519 key as PEM (openssl genpkey -algorithm ed25519).", **_FILE)
]
Auditor = Annotated[str, typer.Option("--as", metavar="NAME", show_default=False, help="Whose word it is.")]
Out = Annotated[
    Path, typer.Option("--out", metavar="FILE", dir_okay=False, show_default=False, help="The file to write.")
]
ShownAs = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", dir_okay=False, help="Also write it there; as a page if it ends in .html."),
]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    group = typer.Typer(help="What the site tells everybody, and an auditor's word for it.", no_args_is_help=True)
    group.command("show", epilog=example("countenance transparency show SITE --out transparency.html"))(show)
    stated = (
        "countenance transparency statement transparency.json --log SITE/log --log-key log.pub",
        "--bodies bundle.json --key auditor.pem --as 'A. Auditor' --out statement.json",
    )
    group.command("statement", epilog=example(*stated))(statement)
    verified = "countenance transparency verify statement.json transparency.json"
    group.command("verify", epilog=example(verified))(verify)
    group.command("accept", epilog=example("countenance transparency accept SITE statement.json"))(accept)
    app.add_typer(group, name="transparency")


def show(*, site: SiteFolder, out: ShownAs = None, key_file: KeyFile = None, as_json: AsJson = False) -> None:
    """Show what everybody may read of the site.

    Charters, error rates, counts, and the auditor's word. A served site has the same at
    /transparency (JSON-LD) and /transparency/page.
    """
    finish(transparency.show(site, out, key_file), as_json=as_json)


def statement(
    *, document: Document, log: Log, log_key: LogKey, bodies: Bodies, key: Key, auditor: Auditor, out: Out,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Sign that the told numbers agree with the record.

    For auditors: the numbers are counted again from the bundle's facts. The log is audited
    first. Where anything does not agree nothing is signed, each fault is named, and the status is 1. Needs no
    site and no service.
    """
    said = transparency.statement(document, log, log_key, bodies, key, auditor, out)
    finish(said, as_json=as_json)


def verify(*, statement: StatementFile, document: Document, as_json: AsJson = False) -> None:
    """Check an auditor's statement about told numbers.

    Told numbers never change, so a statement holds for every later document too.
    """
    finish(transparency.verify(statement, document), as_json=as_json)


def accept(*, site: SiteFolder, statement: StatementFile, key_file: KeyFile = None, as_json: AsJson = False) -> None:
    """Let the public page show an auditor's statement.

    One that does not hold is refused, with status 1.
    """
    finish(transparency.accept(site, statement, key_file), as_json=as_json)
