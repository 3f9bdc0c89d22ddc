"""``manifest stage | status | close``: what can be typed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, CheckpointId, GalleryId, KeyFile, SiteFolder, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import staging
else:
    staging = later("countenance.interfaces.cli.staging")

StagedFile = Annotated[
    Path,
    typer.Argument(metavar="FILE", exists=True, dir_okay=False, show_default=False, help="PAXLST, CSV or JSON."),
]
Portraits = Annotated[
    str,
    typer.Option("--portraits", metavar="WHERE",
                 help="A folder of NUMBER.jpg, NUMBER-2.jpg … after document numbers, an https address, site for what "
                 "the site's setting names, or past for what it keeps of earlier encounters."),
]  # fmt: skip
Years = Annotated[
    int, typer.Option("--reference-years", metavar="YEARS", min=-1, max=150, help="Age of portraits; -1: unknown.")
]
Zone = Annotated[str, typer.Option("--zone", metavar="ZONE", help="The port's zone: Australia/Adelaide, +10:30.")]
At = Annotated[str, typer.Option("--at", metavar="MOMENT", help="What ends the event: departure or arrival.")]
Port = Annotated[str, typer.Option("--port", metavar="CODE", help="Where the checkpoint stands; empty: everybody.")]
Lists = Annotated[str, typer.Option("--lists", metavar="WHOM", help="Who is in FILE: whole, additions or removals.")]

Follow = Annotated[bool, typer.Option("--follow", help="A line at each change, until the gallery closes.")]


def add_to(lists: typer.Typer) -> None:
    """Hang the commands of this file on ``manifest``."""
    lists.command(
        "stage", epilog=example("countenance manifest stage SITE ut100 flight.edi --checkpoint gate-1",
                                "--portraits portraits/ --zone +10:30"),
    )(stage)  # fmt: skip
    lists.command("status", epilog=example("countenance manifest status SITE ut100"))(status)
    lists.command("close", epilog=example("countenance manifest close SITE ut100"))(close)


def stage(
    *, site: SiteFolder, gallery: GalleryId, file: StagedFile, checkpoint: CheckpointId, portraits: Portraits = "site",
    reference_years: Years = -1, zone: Zone = "UTC", at: At = "departure", port: Port = "",
    lists: Lists = "whole", key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Make a closed gallery of a manifest.

    Or bring one to what a re-issued manifest says: who is new is staged, who is gone is destroyed, others stay.
    Interrupted, give the same command again. Names nobody. A service's token is read from COUNTENANCE_PORTRAITS_TOKEN.
    Status 1 if anybody has no reference or cannot be told apart. Works while the site is served.
    """
    terms = staging.terms_of(zone, at, port, lists)
    done = staging.stage(
        site, gallery, file, checkpoint, portraits, reference_years, terms, key_file, progress=not as_json
    )
    finish(done, as_json=as_json)


def status(
    *, site: SiteFolder, gallery: GalleryId, follow: Follow = False, key_file: KeyFile = None, as_json: AsJson = False
) -> None:
    """Show where a manifest's travellers stand.

    Staged, poor, wanted, aboard; by number, never by name. With --follow a line whenever the counts change, from a site
    that is served, until the gallery is closed or you press Ctrl-C; then the state it ended in.
    """
    finish(staging.status(site, gallery, key_file, follow=follow, as_json=as_json), as_json=as_json)


def close(*, site: SiteFolder, gallery: GalleryId, key_file: KeyFile = None, as_json: AsJson = False) -> None:
    """Destroy a manifest's gallery before its time.

    Its references, its roll and its key go at once.
    """
    finish(staging.close(site, gallery, key_file), as_json=as_json)
