"""``keys rotate | check | backup``: who can open what a site keeps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, SiteFolder, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import keeping
else:
    keeping = later("countenance.interfaces.cli.keeping")

NewFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="The file to write; there must be none yet.", show_default=False)
]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    group = typer.Typer(help="The keys that wrap what a site keeps sealed.", no_args_is_help=True)
    group.command("check", epilog=example("countenance keys check SITE"))(check)
    group.command("rotate", epilog=example("countenance keys rotate SITE"))(rotate)
    group.command("backup", epilog=example("countenance keys backup backup-identity.txt"))(backup)
    app.add_typer(group, name="keys")


def check(*, site: SiteFolder, as_json: AsJson = False) -> None:
    """Say whether keys and database belong together.

    Checks what every start checks, while a service runs or not, and touches nothing. Lists the epochs: each has a key
    that wraps the keys of what must be gone by its end, and is destroyed then.
    """
    finish(keeping.check(site), as_json=as_json)


def rotate(*, site: SiteFolder, as_json: AsJson = False) -> None:
    """Give a site new keys in the old ones' place.

    Wraps every subject's key under new epoch keys and destroys the old ones; recorded. Nothing sealed is opened. Stop
    the service first. Whoever copied the old keys cannot open newer copies of the database with them.
    """
    finish(keeping.rotate(site), as_json=as_json)


def backup(*, file: NewFile, as_json: AsJson = False) -> None:
    """Make the key pair that backups are sealed with.

    Writes the identity, the secret that opens them, to FILE (mode 0600), and shows the recipient to seal them for.
    The site needs the recipient alone. It is an age key: 'age -d -i FILE' opens a backup too.
    """
    finish(keeping.backup(file), as_json=as_json)
