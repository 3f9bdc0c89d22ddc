"""Arguments and options that several commands share, each worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def example(*lines: str) -> str:
    """Return the end of a command's help: an example that can be typed, its further lines indented."""
    shown = " \\\n      ".join(line.strip() for line in lines)
    return f"\b\nExample:\n  {shown}"


SiteFolder = Annotated[Path, typer.Argument(metavar="SITE", help="The site's folder.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
CheckpointId = Annotated[
    str,
    typer.Option("--checkpoint", metavar="ID", help="Where this happens; the charter names them.", show_default=False),
]
GalleryId = Annotated[str, typer.Argument(metavar="GALLERY", help="The gallery's id.", show_default=False)]
LiveFiles = Annotated[
    list[Path],
    typer.Option(
        "--live", metavar="FILE", exists=True, dir_okay=False, readable=True, show_default=False,
        help="The live photograph. Give it up to three times: the next is used only if quality refuses the one before.",
    ),
]  # fmt: skip
Age = Annotated[
    int, typer.Option("--age", metavar="YEARS", help="Completed years, from the document; -1 when it does not say.")
]
ReferenceYears = Annotated[
    int,
    typer.Option(
        "--reference-years", metavar="YEARS",
        help="Completed years since the document's portrait was taken (its date of issue); -1 when unknown.",
    ),
]  # fmt: skip
PersonClass = Annotated[
    str, typer.Option("--person-class", metavar="CLASS", help="A class the charter knows; 'unknown' may always refuse.")
]
Claim = Annotated[
    str, typer.Option("--claim", metavar="PSEUDONYM", help="Whom the person claims to be; a pseudonym, never a name.")
]
RefusalOffered = Annotated[
    bool, typer.Option("--refusal-offered", help="State that the person was told they may refuse. You must ask first.")
]
ReceiptFile = Annotated[
    Path | None,
    typer.Option(
        "--save-receipt", metavar="FILE", dir_okay=False, help="Write the receipt there, for 'audit --receipt'."
    ),
]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key-file", metavar="FILE", dir_okay=False, exists=True, allow_dash=True,
        help="File with the API key to act with ('-': standard input); default: the site's keys/cli.key.",
    ),
]  # fmt: skip
