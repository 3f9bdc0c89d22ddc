"""``backup`` and ``restore``: a site in one sealed file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, SiteFolder, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import backups
else:
    backups = later("countenance.interfaces.cli.backups")

ToFolder = Annotated[
    Path, typer.Argument(metavar="DIR", file_okay=False, help="Where backups are kept.", show_default=False)
]
Recipient = Annotated[
    str, typer.Option("--to", metavar="RECIPIENT", help="age1…, as 'keys backup' showed it.", show_default=False)
]
BackupFile = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The backup.", show_default=False)
]
NewFolder = Annotated[
    Path, typer.Argument(metavar="NEWSITE", help="A folder that does not exist yet, or is empty.", show_default=False)
]
Identity = Annotated[
    Path,
    typer.Option(metavar="FILE", exists=True, dir_okay=False, help="The secret that opens it.", show_default=False),
]
Erased = Annotated[
    Path | None,
    typer.Option(metavar="FILE", exists=True, dir_okay=False, help="The site's newest erased.jsonl."),
]
WithoutErased = Annotated[
    str, typer.Option(metavar="REASON", help="Why there is no such list any more; recorded.", show_default=False)
]
PublishedLog = Annotated[
    Path | None,
    typer.Option(metavar="LOGFOLDER", exists=True, file_okay=False, help="The site's log as published last."),
]
DiscardNewer = Annotated[
    bool, typer.Option("--discard-newer-keys", help="The site is gone: keys its token made since may go.")
]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    app.command("backup", epilog=example("countenance backup SITE /mnt/backups --to age1…"))(backup)
    app.command(
        "restore",
        epilog=example(
            "countenance restore /mnt/backups/border.age NEWSITE --identity backup-identity.txt",
            "--erased erased.jsonl --log log-mirror",
        ),
    )(restore)


def backup(*, site: SiteFolder, folder: ToFolder, to: Recipient, as_json: AsJson = False) -> None:
    """Write a site's sealed backup, DIR/<site id>.age.

    While a service runs or not. Holds database, keys, charters, policies, operating points and settings; the log's
    files follow from the database. An older backup is replaced once the new one is whole: keep no other copies.
    """
    finish(backups.backup(site, folder, to), as_json=as_json)


def restore(
    *, file: BackupFile, site: NewFolder, identity: Identity, erased: Erased = None, without_erased: WithoutErased = "",
    log: PublishedLog = None, discard_newer_keys: DiscardNewer = False, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Bring a site back from a backup.

    Into an empty folder, which is whole or as it was. What was erased since the backup is erased again before anybody
    is served, so the newest erased.jsonl is asked for. With --log the public log goes on where it was published last.
    """
    told = {"erased": erased, "without_erased": without_erased, "log": log, "discard_newer_keys": discard_newer_keys}
    finish(backups.restore(file, site, identity, **told), as_json=as_json)
