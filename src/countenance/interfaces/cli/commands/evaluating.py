"""``evaluate`` and ``calibrate``: is it good enough, and at which threshold."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import calibrations, evaluations
else:
    calibrations = later("countenance.interfaces.cli.calibrations")
    evaluations = later("countenance.interfaces.cli.evaluations")


class Protocol(StrEnum):
    """What is measured beside the pairs themselves."""

    VERIFICATION = "verification"
    IDENTIFICATION = "identification"
    LFW = "lfw"


ManifestFile = Annotated[
    Path, typer.Argument(metavar="MANIFEST", exists=True, dir_okay=False, show_default=False,
                         help="CSV with path,person and optionally age, captured_on, capture_class, group:NAME …."),
]  # fmt: skip
OutFolder = Annotated[
    Path, typer.Option("--out", metavar="DIR", file_okay=False, show_default=False,
                       help="Where report.json, report.html and the templates computed so far go."),
]  # fmt: skip
PairsFile = Annotated[
    Path | None, typer.Option("--pairs", metavar="PAIRS", exists=True, dir_okay=False,
                              help="CSV with a,b,mated and optionally fold; without it every pair is compared."),
]  # fmt: skip
Protocols = Annotated[
    list[Protocol] | None,
    typer.Option("--protocol", help="Repeatable. Default: verification, and identification of random galleries. "
                                    "'lfw' judges each fold of --pairs by the others."),
]  # fmt: skip
Rates = Annotated[
    list[float] | None, typer.Option("--fmr", metavar="RATE", help="A further false match rate to state.")
]
Sizes = Annotated[list[int] | None, typer.Option("--gallery-size", metavar="N", help="A further gallery to search.")]
Thresholds = Annotated[
    list[float] | None,
    typer.Option("--threshold", metavar="COSINE", help="A threshold chosen on other people, to certify on these."),
]
Title = Annotated[str, typer.Option("--title", metavar="TEXT", help="What the report calls the data.")]
Thumbnails = Annotated[
    bool,
    typer.Option("--thumbnails/--no-thumbnails", help="Show the worst pairs' faces; switch off to share the page."),
]
Resamples = Annotated[int, typer.Option("--resamples", min=50, max=100_000, help="Draws of people for intervals.")]
CertifyFile = Annotated[
    Path | None,
    typer.Option("--certify", metavar="REPORT", exists=True, dir_okay=False,
                 help="A report on other people, evaluated with --threshold: its rates are stated."),
]  # fmt: skip
MinimumAge = Annotated[int, typer.Option("--minimum-age", metavar="YEARS", help="Nobody younger is compared.")]
Fmr = Annotated[float | None, typer.Option("--fmr", metavar="RATE", help="False matches among strangers.")]
Fpir = Annotated[float | None, typer.Option("--fpir", metavar="RATE", help="Searches that return anybody.")]
Enrolled = Annotated[int, typer.Option("--gallery-size", metavar="N", help="With --fpir: people enrolled.")]
SameGroup = Annotated[
    str, typer.Option("--same-group", metavar="NAME", help="Count only strangers who stated the same: 'sex'.")
]
Floor = Annotated[float, typer.Option("--floor", metavar="COSINE", help="No threshold below this.")]
Extrapolate = Annotated[
    bool, typer.Option("--extrapolate", help="Compute larger galleries than were tested; labelled, trials only.")
]
Days = Annotated[int, typer.Option("--days", min=1, max=1095, help="How long the evidence is good for.")]
Label = Annotated[str, typer.Option("--label", metavar="TEXT", help="What people call the point.")]
PointFile = Annotated[
    Path, typer.Option("--out", metavar="FILE", dir_okay=False, help="The operating point to write, unsigned.")
]
ReportFile = Annotated[
    Path, typer.Argument(metavar="REPORT", exists=True, dir_okay=False, show_default=False, help="A report.json.")
]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    app.command("evaluate", epilog=example("countenance evaluate people.csv --out evaluation/"))(evaluate)
    app.command("calibrate", epilog=example("countenance calibrate evaluation/report.json --fmr 1e-4"))(calibrate)


def evaluate(
    *, manifest: ManifestFile, out: OutFolder, pairs: PairsFile = None, protocol: Protocols = None, fmr: Rates = None,
    gallery_size: Sizes = None, threshold: Thresholds = None, title: Title = "",
    thumbnails: Thumbnails = True, resamples: Resamples = 1000, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Measure error rates on photographs, with intervals.

    Writes report.json and report.html: FNMR at fixed FMR with intervals over people, identification by gallery size,
    groups people stated themselves, quality measures, the worst pairs. A rate without enough data behind it is not
    printed. Opens no site. Interrupt and run again: templates already computed are kept in DIR; delete DIR when done,
    it holds biometric data.
    """
    wanted = {str(one) for one in protocol or ()}
    plan = evaluations.plan(wanted, fmr or (), gallery_size or (), resamples, threshold or (), listed=pairs is not None)
    finish(
        evaluations.evaluate_manifest(
            manifest, out, pairs=pairs, plan=plan, title=title, thumbnails=thumbnails, live=not as_json
        ),
        as_json=as_json,
    )


def calibrate(
    *, report: ReportFile, fmr: Fmr = None, fpir: Fpir = None, gallery_size: Enrolled = 0, same_group: SameGroup = "",
    minimum_age: MinimumAge = 14, floor: Floor = -1.0, extrapolate: Extrapolate = False, days: Days = 1095,
    label: Label = "", certify: CertifyFile = None, out: PointFile = Path("operating-point.json"),
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Make an operating point of a measured error rate.

    It is written unsigned, because an evaluation opens no site: 'countenance operating-point sign' lets a site trust
    it.
    """
    wish = calibrations.wish(
        fmr=fmr, fpir=fpir, gallery_size=gallery_size, same_group=same_group, floor=floor, minimum_age=minimum_age,
        extrapolate=extrapolate,
    )  # fmt: skip
    finish(calibrations.calibrate_report(report, wish, out, certify=certify, label=label, days=days), as_json=as_json)
