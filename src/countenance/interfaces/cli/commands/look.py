"""``score``, ``weights``, ``charter check``: looking at things without a site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import charters, faces
else:
    charters = later("countenance.interfaces.cli.charters")
    faces = later("countenance.interfaces.cli.faces")
CharterFile = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, show_default=False, help="A charter (YAML).")
]
FirstPhotograph = Annotated[
    Path, typer.Argument(metavar="A", exists=True, dir_okay=False, show_default=False, help="A photograph.")
]
SecondPhotograph = Annotated[
    Path, typer.Argument(metavar="B", exists=True, dir_okay=False, show_default=False, help="Another photograph.")
]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    charter = typer.Typer(help="Charters: what may be done, where, why, until when.", no_args_is_help=True)
    charter.command("check", epilog=example("countenance charter check SITE/charters/land-pedestrian.yaml"))(
        check_charter
    )
    charter.callback()(_group)
    app.add_typer(charter, name="charter")
    app.command("score", epilog=example("countenance score passport.jpg camera.jpg"))(score)
    app.command("weights", epilog=example("countenance weights"))(weights)


def _group() -> None:
    """Make a group of one command stay a group."""


def check_charter(*, file: CharterFile, as_json: AsJson = False) -> None:
    """Check a charter as a starting service would.

    Prints what it allows, where, why, until when.
    """
    finish(charters.check(file), as_json=as_json)


def score(*, a: FirstPhotograph, b: SecondPhotograph, as_json: AsJson = False) -> None:
    """Print the score and quality of two photographs.

    A score is not a decision. Opens no site, records nothing, knows no threshold: use it to understand the engine,
    never to decide about a person.
    """
    finish(faces.score(a, b), as_json=as_json)


def weights(*, as_json: AsJson = False) -> None:
    """Print which networks are used, their hashes and licences.

    Checks them first, like a starting service.
    """
    finish(faces.weights(), as_json=as_json)
