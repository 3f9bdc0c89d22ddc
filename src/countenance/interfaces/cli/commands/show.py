"""``demo`` and ``bench``: what it does, and how fast."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import shows
else:
    shows = later("countenance.interfaces.cli.shows")

Photos = Annotated[
    Path,
    typer.Option(
        metavar="DIR", exists=True, file_okay=False, help="Folder with the photographs 'make photos' fetched."
    ),
]
Page = Annotated[Path, typer.Option(metavar="FILE", dir_okay=False, help="The page to write.")]
Keep = Annotated[
    Path | None, typer.Option(metavar="SITE", help="Leave the demo's site in this folder instead of removing it.")
]
Faces = Annotated[
    Path | None,
    typer.Option(metavar="DIR", exists=True, file_okay=False,
                 help="Folder with lfw/ and london/: measures accuracy too (takes long)."),
]  # fmt: skip
Report = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", dir_okay=False, help="Write a Markdown report too.")
]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    app.command("demo", epilog=example("countenance demo --photos .cache/photos --out demo.html"))(demo)
    app.command("bench", epilog=example("countenance bench --quick"))(bench)


def demo(
    *, photos: Photos = Path(".cache/photos"), out: Page = Path("demo.html"), keep: Keep = None, as_json: AsJson = False
) -> None:
    """Let people cross two checkpoints and audit what it wrote.

    Leaves a self-contained page that shows every crossing: pictures, outcome, rules, receipt.

    Status 0 only if every outcome was the expected one and the audit found nothing.
    """
    finish(shows.demo(photos, out, keep, live=not as_json), as_json=as_json)


def bench(
    *, quick: Annotated[bool, typer.Option("--quick", help="Fewer rounds: done in 40 seconds.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Status 1 when a target is missed.")] = False,
    photos: Photos = Path(".cache/photos"), faces: Faces = None, out: Report = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Measure speed and memory, each figure beside its target.

    Ratios are taken within one run, turn by turn, so that a busy machine slows both sides.
    """
    finish(shows.bench(photos, faces, out, quick=quick, strict=strict, live=not as_json), as_json=as_json)
