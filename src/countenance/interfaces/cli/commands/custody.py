"""``erase``, ``person``, ``hold``: a person's rights over what is kept, and clocks that somebody moves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, KeyFile, SiteFolder, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import custody
else:
    custody = later("countenance.interfaces.cli.custody")

ERASURE_REASONS = "request, withdrawn, unlawful, court, minor"
HOLD_REASONS = "legal_claim, investigation, court, complaint"
"""Words of ``terms``, for the help text: ``terms`` loads NumPy, which help must not wait for. A test compares them."""

Encounter = Annotated[str, typer.Argument(metavar="ENCOUNTER", help="The encounter's id.", show_default=False)]
Photos = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", file_okay=False, help="Write the photographs there, readable by you alone."),
]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    app.command("erase", epilog=example("countenance erase SITE --person traveller-81 --reason request"))(erase)
    person = typer.Typer(help="What is kept about a person: show it, correct it.", no_args_is_help=True)
    person.command("show", epilog=example("countenance person show SITE traveller-81 --photos answer/"))(show)
    person.command("find", epilog=example("countenance person find SITE selfie.jpg"))(find)
    person.command("class", epilog=example("countenance person class SITE 89b1…6132 citizen"))(change_class)
    app.add_typer(person, name="person")
    hold = typer.Typer(help="Evidence locks: keep an encounter beyond its clock.", no_args_is_help=True)
    placing = "countenance hold place SITE 89b1…6132 --reason court --named 'Judge R. Ortiz' --days 30"
    hold.command("place", epilog=example(placing))(place)
    hold.command("list", epilog=example("countenance hold list SITE"))(holds)
    hold.command("release", epilog=example("countenance hold release SITE 5c3e…77a0"))(release)
    app.add_typer(hold, name="hold")


def erase(
    *, site: SiteFolder,
    person: Annotated[str, typer.Option(metavar="CLAIM", help="The claim under which they came.", show_default=False)],
    reason: Annotated[str, typer.Option(metavar="REASON", help=f"One of {ERASURE_REASONS}.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False,
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Erase everything kept about a person, before its clock.

    Role supervisor or administrator. Rows, keys, searches and old bytes go at once; the record keeps that it happened,
    not whom. What is under an evidence lock or before a human is not erased.
    """
    finish(custody.erase(site, person, reason, key_file, sure=yes), as_json=as_json)


def show(
    *, site: SiteFolder,
    person: Annotated[str, typer.Argument(metavar="CLAIM", help="The claim under which they came.")],
    photos: Photos = None, key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show everything kept about a person, for that person.

    Establish who asks first. That somebody looked is recorded, not whom at.
    """
    finish(custody.show(site, person, photos, key_file), as_json=as_json)


def find(
    *, site: SiteFolder,
    photograph: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A photograph of whoever asks.")
    ],
    photos: Photos = None, key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show what is kept about whoever is on a photograph.

    It is compared with this site's own open galleries and nothing else, and gone with the answer.
    """
    finish(custody.find(site, photograph, photos, key_file), as_json=as_json)


def change_class(
    *, site: SiteFolder, encounter: Encounter,
    person_class: Annotated[str, typer.Argument(metavar="CLASS", help="A class the charter knows.")],
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Correct a person's class.

    Clocks may shorten by it, none lengthens.
    """
    finish(custody.change_class(site, encounter, person_class, key_file), as_json=as_json)


def place(
    *, site: SiteFolder, encounter: Encounter,
    reason: Annotated[str, typer.Option(metavar="REASON", help=f"One of {HOLD_REASONS}.", show_default=False)],
    named: Annotated[str, typer.Option(metavar="NAME", help="Which human ordered it.", show_default=False)],
    days: Annotated[int, typer.Option(metavar="DAYS", help="From now, 366 at most.", show_default=False)],
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Keep an encounter beyond its clock.

    What is left of it stays as evidence. Needs a reason, the person who ordered it, and an end.
    """
    finish(custody.place_hold(site, encounter, reason, named, days, key_file), as_json=as_json)


def holds(*, site: SiteFolder, key_file: KeyFile = None, as_json: AsJson = False) -> None:
    """List evidence locks in force, the first to end first."""
    finish(custody.holds(site, key_file), as_json=as_json)


def release(
    *, site: SiteFolder,
    hold: Annotated[str, typer.Argument(metavar="HOLD", help="The evidence lock's id.", show_default=False)],
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Release an evidence lock.

    Everything has its own clock again.
    """
    finish(custody.release_hold(site, hold, key_file), as_json=as_json)
