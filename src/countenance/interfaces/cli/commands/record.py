"""``audit`` and ``record export``: what outsiders and auditors do with the record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, KeyFile, SiteFolder, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import auditing, offices
else:
    auditing = later("countenance.interfaces.cli.auditing")
    offices = later("countenance.interfaces.cli.offices")

LogFolder = Annotated[
    Path,
    typer.Argument(
        metavar="SITE", exists=True, file_okay=False, show_default=False,
        help="A site's folder (only its log/ is read) or a copy of a log folder.",
    ),
]  # fmt: skip
PublicKey = Annotated[
    Path,
    typer.Option(
        "--key", metavar="PUB", exists=True, dir_okay=False, show_default=False,
        help="The log's public key, from somewhere you trust (the site keeps its own as keys/log.pub).",
    ),
]  # fmt: skip
Bundle = Annotated[
    Path | None,
    typer.Option(metavar="BUNDLE", exists=True, dir_okay=False, help="An auditor's bundle from 'record export'."),
]
Receipts = Annotated[
    list[Path] | None,
    typer.Option("--receipt", metavar="FILE", exists=True, dir_okay=False, show_default=False,
                 help="A receipt to look for in the log; may be given again."),
]  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    app.command("audit", epilog=example("countenance audit SITE --key log.pub --receipt receipt.json"))(audit)
    group = typer.Typer(help="The auditor's view of the record.", no_args_is_help=True)
    group.command("export", epilog=example("countenance record export SITE --out bundle.json --key-file auditor.key"))(
        export
    )
    group.callback()(_group)
    app.add_typer(group, name="record")


def _group() -> None:
    """Make a group of one command stay a group."""


def audit(
    *,
    site: LogFolder,
    key: PublicKey,
    bodies: Bundle = None,
    receipt: Receipts = None,
    as_json: AsJson = False,
) -> None:
    """Check a public log without trusting whoever keeps it.

    Checks every byte and names every fault; status 1 if there is one. Reads nothing but log/ and the files you
    name. Needs no site, no database, no service, no network.
    """
    finish(auditing.audit(site, key, bodies, receipt or []), as_json=as_json)


def export(
    *, site: SiteFolder,
    out: Annotated[Path, typer.Option(metavar="BUNDLE", dir_okay=False, help="The file to write.", show_default=False)],
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Write the entries' bodies to a file (role auditor).

    For 'audit --bodies'. The export itself is recorded.
    """
    finish(offices.export_record(site, out, key_file), as_json=as_json)
