"""``score``, ``weights``: looking at things without a site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import faces
else:
    faces = later("countenance.interfaces.cli.faces")
FirstPhotograph = Annotated[
    Path, typer.Argument(metavar="A", exists=True, dir_okay=False, show_default=False, help="A photograph.")
]
SecondPhotograph = Annotated[
    Path, typer.Argument(metavar="B", exists=True, dir_okay=False, show_default=False, help="Another photograph.")
]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    app.command("score", epilog=example("countenance score passport.jpg camera.jpg"))(score)
    app.command("weights", epilog=example("countenance weights"))(weights)


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
