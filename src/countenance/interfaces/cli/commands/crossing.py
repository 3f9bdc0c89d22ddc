"""``verify``, ``identify``, ``opt-out``: a person crosses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import (
    Age,
    AsJson,
    CheckpointId,
    Claim,
    KeyFile,
    LiveFiles,
    PersonClass,
    ReceiptFile,
    ReferenceYears,
    RefusalOffered,
    SiteFolder,
    example,
)
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import crossings
else:
    crossings = later("countenance.interfaces.cli.crossings")

PortraitFile = Annotated[
    Path | None,
    typer.Option(
        "--portrait", metavar="FILE", exists=True, dir_okay=False, readable=True, show_default=False,
        help="The portrait from the document.",
    ),
]  # fmt: skip
Zone = Annotated[
    str,
    typer.Option("--mrz", metavar="TEXT", help="The document's machine-readable zone, in place of the portrait."),
]
ZoneFile = Annotated[
    Path | None,
    typer.Option(
        "--document",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        readable=True,
        show_default=False,
        help="A text file with the zone, in place of --mrz.",
    ),
]
ClaimZone = Annotated[
    str,
    typer.Option(
        "--mrz", metavar="TEXT", help="The document's machine-readable zone: the claim is made from it, not --claim."
    ),
]
Chip = Annotated[
    Path | None,
    typer.Option(
        "--chip", metavar="FOLDER", exists=True, readable=True, show_default=False,
        help="The files of the document's chip, or a reader's JSON, in place of the portrait.",
    ),
]  # fmt: skip
InGallery = Annotated[
    str, typer.Option("--gallery", metavar="GALLERY", help="The closed gallery to search.", show_default=False)
]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    one_to_one = "countenance verify SITE --checkpoint lane-1 --portrait passport.jpg --live camera.jpg"
    one_to_many = "countenance identify SITE --checkpoint gate-1 --gallery flight-17 --live camera.jpg"
    asked = "--age 34 --reference-years 4 --refusal-offered"
    asked_at_gate = "--age 34 --refusal-offered"
    app.command("verify", epilog=example(one_to_one, asked))(verify)
    app.command("identify", epilog=example(one_to_many, asked_at_gate))(identify)
    app.command("opt-out", epilog=example("countenance opt-out SITE --checkpoint lane-1"))(opt_out)


def verify(
    *, site: SiteFolder, checkpoint: CheckpointId, live: LiveFiles, portrait: PortraitFile = None, mrz: Zone = "",
    document: ZoneFile = None, chip: Chip = None, age: Age = -1, reference_years: ReferenceYears = -1,
    person_class: PersonClass = "unknown", claim: Claim = "", refusal_offered: RefusalOffered = False,
    save_receipt: ReceiptFile = None, key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Compare a live photograph with a document's, 1:1.

    The reference is the file given with --portrait, or the one that zone and chip lead to. Opens an encounter, answers
    it, and records both before it says anything. While the site is served this goes through the service. Status 0 means
    match: proceed. Anything else means: check by hand, and says why.
    """
    opening = crossings.opening(
        checkpoint, person_class, claim, age=age, reference_years=reference_years, refusal_offered=refusal_offered
    )
    shows = crossings.shown(portrait, mrz, document, chip)
    finish(crossings.verify(site, opening, shows, live, key_file=key_file, save=save_receipt), as_json=as_json)


def identify(
    *, site: SiteFolder, checkpoint: CheckpointId, gallery: InGallery, live: LiveFiles, age: Age = -1,
    person_class: PersonClass = "unknown", claim: Claim = "", mrz: ClaimZone = "", document: ZoneFile = None,
    refusal_offered: RefusalOffered = False, save_receipt: ReceiptFile = None, key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Search one closed gallery for a person, 1:N.

    A second match of a person who already boarded is referred to an officer. A document that is shown must be
    one of the person found, else an officer looks.
    """
    opening = crossings.opening(
        checkpoint, person_class, claim, gallery, age=age, reference_years=-1, refusal_offered=refusal_offered
    )
    asked = crossings.claimed(opening, mrz, document)
    finish(crossings.identify(site, asked, live, key_file=key_file, save=save_receipt), as_json=as_json)


def opt_out(
    *, site: SiteFolder, checkpoint: CheckpointId, age: Age = -1, person_class: PersonClass = "unknown",
    claim: Claim = "", mrz: ClaimZone = "", document: ZoneFile = None,
    gallery: Annotated[str, typer.Option(help="The gallery, where there is one.")] = "",
    save_receipt: ReceiptFile = None, key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Note a refusal: no reason, no flag, no camera.

    An ordinary manual check follows. Refusing has no other consequence.
    """
    opening = crossings.opening(
        checkpoint, person_class, claim, gallery, age=age, reference_years=-1, refusal_offered=True
    )
    asked = crossings.claimed(opening, mrz, document)
    finish(crossings.opt_out(site, asked, key_file=key_file, save=save_receipt), as_json=as_json)
