"""``gallery open | enrol | remove | close | list``: closed galleries and who is in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, CheckpointId, GalleryId, KeyFile, SiteFolder, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import galleries
else:
    galleries = later("countenance.interfaces.cli.galleries")

Source = Annotated[
    Path,
    typer.Argument(
        metavar="SOURCE", exists=True, readable=True, show_default=False,
        help="A folder of photographs (the file's name becomes both ids), or a CSV with a header line "
        "'path,reference_id,person_id' (paths count from the CSV's folder) and, where known, 'age,reference_years'.",
    ),
]  # fmt: skip

RowsAge = Annotated[
    int,
    typer.Option(
        "--age", metavar="YEARS", min=-1, max=150, help="Age of everybody whose row states none; -1: unknown."
    ),
]
RowsYears = Annotated[
    int,
    typer.Option(
        "--reference-years", metavar="YEARS", min=-1, max=150,
        help="Years since every photograph was taken whose row does not say so; -1: unknown.",
    ),
]  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    group = typer.Typer(help="Closed galleries: open, fill, look, close.", no_args_is_help=True)
    group.command("open", epilog=example("countenance gallery open SITE flight-17 --checkpoint gate-1"))(open_gallery)
    group.command("enrol", epilog=example("countenance gallery enrol SITE flight-17 passengers.csv"))(enrol)
    group.command("remove", epilog=example("countenance gallery remove SITE flight-17 seat-12a"))(remove)
    group.command("close", epilog=example("countenance gallery close SITE flight-17"))(close)
    group.command("list", epilog=example("countenance gallery list SITE"))(list_galleries)
    app.add_typer(group, name="gallery")


def open_gallery(
    *, site: SiteFolder, gallery: GalleryId, checkpoint: CheckpointId, key_file: KeyFile = None, as_json: AsJson = False
) -> None:
    """Open an empty gallery for one checkpoint.

    The mode of the checkpoint's charter must be 'identify'. Role supervisor or administrator, like filling and closing.
    """
    finish(galleries.open_gallery(site, gallery, checkpoint, key_file), as_json=as_json)


def enrol(
    *, site: SiteFolder, gallery: GalleryId, source: Source, age: RowsAge = -1, reference_years: RowsYears = -1,
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Enrol photographs in bulk, with a verdict for each.

    Photographs are discarded, templates stay; of people outside the operating point's evidence (too young, of unknown
    age) no photograph is even decoded. A verdict is told once its row is on disk. Status 1 if any row was not enrolled.
    """
    done = galleries.enrol(site, gallery, source, key_file, age, reference_years, progress=not as_json)
    finish(done, as_json=as_json)


def remove(
    *, site: SiteFolder, gallery: GalleryId,
    reference: Annotated[str, typer.Argument(metavar="REFERENCE", help="The reference's id.", show_default=False)],
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Destroy one reference.

    Its row, its key and its place in memory; the removal is recorded.
    """
    finish(galleries.remove(site, gallery, reference, key_file), as_json=as_json)


def close(*, site: SiteFolder, gallery: GalleryId, key_file: KeyFile = None, as_json: AsJson = False) -> None:
    """Close a gallery and destroy everything enrolled in it."""
    finish(galleries.close(site, gallery, key_file), as_json=as_json)


def list_galleries(*, site: SiteFolder, key_file: KeyFile = None, as_json: AsJson = False) -> None:
    """List galleries: sizes and states, nobody's identity."""
    finish(galleries.list_galleries(site, key_file), as_json=as_json)
