"""``operating-point sign | check | list``: what a site's thresholds rest on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, SiteFolder, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import points
else:
    points = later("countenance.interfaces.cli.points")

PointFile = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", exists=True, dir_okay=False, readable=True, show_default=False,
        help="An operating point, as 'countenance calibrate' wrote it.",
    ),
]  # fmt: skip
ForSite = Annotated[
    Path | None,
    typer.Option("--site", metavar="SITE", help="Say whether this site trusts it, and which of its charters name it."),
]

Report = Annotated[
    Path | None,
    typer.Option("--report", metavar="FILE", exists=True, dir_okay=False, help="The evaluation's report.json."),
]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    group = typer.Typer(help="Operating points: thresholds with their evidence.", no_args_is_help=True)
    group.command("sign", epilog=example("countenance operating-point sign SITE operating-point.json"))(sign)
    group.command("check", epilog=example("countenance operating-point check operating-point.json --site SITE"))(check)
    group.command("list", epilog=example("countenance operating-point list SITE"))(list_points)
    app.add_typer(group, name="operating-point")


def sign(*, site: SiteFolder, file: PointFile, report: Report = None, as_json: AsJson = False) -> None:
    """Let a site decide with an operating point.

    Signs the file with the site's keys/operating-point and keeps both; the act is recorded. Whoever may read that key
    has the authority, so no API key is asked for. Stop the service first: it reads operating points when it starts.
    A site in production starts only with the evaluation report that the point names (--report).
    """
    finish(points.sign(site, file, report), as_json=as_json)


def check(*, file: PointFile, site: ForSite = None, as_json: AsJson = False) -> None:
    """Tell what an operating point says, whoever wrote it.

    For evaluators, not for officers: it shows the threshold and the error rates. Status 1 when it is not in date, or
    when the site does not trust it.
    """
    finish(points.check(file, site), as_json=as_json)


def list_points(*, site: SiteFolder, as_json: AsJson = False) -> None:
    """List the operating points that a site trusts.

    With the charters that name them. Status 1 when a charter names one that is missing.
    """
    finish(points.list_points(site), as_json=as_json)
