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

AnyLog = Annotated[
    str,
    typer.Argument(
        metavar="LOG", show_default=False,
        help="A site's folder (only its log/ is read), a copy of a log folder, or the address of one on a web server.",
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


Census = Annotated[
    Path | None,
    typer.Option(
        metavar="CSV", dir_okay=False, help="With --bodies: write a row for every encounter there.", show_default=False
    ),
]
Witnesses = Annotated[
    list[str] | None,
    typer.Option("--witness", metavar="VKEY", show_default=False,
                 help="Key of a witness whom you trust, as text; may be given again."),
]  # fmt: skip
Quorum = Annotated[
    int | None,
    typer.Option(metavar="K", min=0, show_default=False, help="How many witnesses must have cosigned; default: all."),
]
State = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", dir_okay=False, show_default=False,
        help="Where the last tree head is remembered, by default in your state folder; 'none' remembers nothing.",
    ),
]  # fmt: skip
StaleAfter = Annotated[
    int,
    typer.Option(metavar="SECONDS", min=0, help="How old a tree head may be that was seen before; 0: of any age."),
]
Commitment = Annotated[
    str, typer.Argument(metavar="COMMITMENT", help="From a receipt: 64 hex digits.", show_default=False)
]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    app.command("audit", epilog=example("countenance audit SITE --key log.pub --receipt receipt.json"))(audit)
    group = typer.Typer(help="The auditor's view of the record.", no_args_is_help=True)
    group.command("export", epilog=example("countenance record export SITE --out bundle.json --key-file auditor.key"))(
        export
    )
    group.command("show", epilog=example("countenance record show SITE 3f…9a --key-file auditor.key"))(show)
    app.add_typer(group, name="record")


def audit(
    *, log: AnyLog, key: PublicKey, bodies: Bundle = None, census: Census = None, receipt: Receipts = None,
    witness: Witnesses = None, quorum: Quorum = None, state: State = None, stale_after: StaleAfter = 86_400,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Check a public log without trusting whoever keeps it.

    Checks every byte and names every fault; status 1 if there is one. Compares with the tree head that you saw last.
    With a bundle, accounts for every encounter. Opens no site, no database, no service; no network but an address.
    """
    given = auditing.Auditing(
        bodies, receipt or (), witness or (), quorum, state, stale_after_s=stale_after, census=census
    )
    finish(auditing.audit(log, key, given), as_json=as_json)


def export(
    *, site: SiteFolder,
    out: Annotated[Path, typer.Option(metavar="BUNDLE", dir_okay=False, help="The file to write.", show_default=False)],
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Write the entries' bodies to a file (role auditor).

    For 'audit --bodies'. The export itself is recorded.
    """
    finish(offices.export_record(site, out, key_file), as_json=as_json)


def show(*, site: SiteFolder, commitment: Commitment, key_file: KeyFile = None, as_json: AsJson = False) -> None:
    """Open one entry of the record (role auditor).

    Opening it is itself recorded.
    """
    finish(offices.show_entry(site, commitment, key_file), as_json=as_json)
