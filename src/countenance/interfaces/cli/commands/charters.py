"""``charter new | check | sign | diff | publish | poster | placed | forbid | withdraw | explain``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, SiteFolder, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import charters, explanations, publishing
else:
    charters = later("countenance.interfaces.cli.charters")
    explanations = later("countenance.interfaces.cli.explanations")
    publishing = later("countenance.interfaces.cli.publishing")

CharterFile = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, show_default=False, help="A charter (YAML).")
]
LaterFile = Annotated[
    Path, typer.Argument(metavar="LATER", exists=True, dir_okay=False, show_default=False, help="Its later version.")
]
PolicyFile = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, show_default=False, help="Policies (Cedar).")
]
ForSite = Annotated[
    Path | None, typer.Option("--site", metavar="SITE", help="For which site; the one whose charters/ it lies in.")
]
PolicyName = Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="Its file in policies/.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", show_default=False, help="Why; it is recorded.")]
Profile = Annotated[str, typer.Argument(metavar="PROFILE", show_default=False, help="A shipped profile.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", dir_okay=False, show_default=False, help="Where to write.")]
OutFolder = Annotated[Path, typer.Option("--out", metavar="FOLDER", show_default=False, help="A new or empty folder.")]
Values = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="What stands under FILL IN; repeat it. The rest stays to fill in."),
]
Seer = Annotated[str, typer.Option("--by", metavar="POST", show_default=False, help="Who looked: a post, not a name.")]
Photograph = Annotated[
    Path | None, typer.Option("--photo", metavar="FILE", exists=True, dir_okay=False, help="A photograph of the sign.")
]
SiteHere = Annotated[Path, typer.Argument(metavar="[SITE]", help="The site's folder; this one by default.")]
Who = Annotated[str, typer.Option("--as", metavar="ACTOR", show_default=False, help="Who acts, such as operator:17.")]
What = Annotated[str, typer.Option("--action", metavar="ACTION", show_default=False, help="What they do: identify, …")]
Where = Annotated[str, typer.Option("--at", metavar="CHECKPOINT", help="Where; left out for what has no place.")]
When = Annotated[
    str, typer.Option("--on", metavar="DAY", help="A day (its midday, UTC) or a moment with zone; now by default.")
]
ClassOf = Annotated[str, typer.Option("--person-class", metavar="CLASS", help="Also say what holds for such a person.")]
AgeOf = Annotated[int, typer.Option("--age", metavar="YEARS", help="Their age in completed years; -1: unknown.")]
AsIf = Annotated[
    Path | None,
    typer.Option("--charter", metavar="FILE", exists=True, dir_okay=False, help="As if this one were in force then."),
]
PlaceOf = Annotated[str, typer.Option("--checkpoint", metavar="ID", show_default=False, help="Where the sign hangs.")]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    group = typer.Typer(help="Charters: what may be done, where, why, until when.", no_args_is_help=True)
    asked = "countenance charter explain SITE --as operator:17 --action identify"
    for name, command, lines in (
        ("new", new, ("countenance charter new land-pedestrian --out charter.yaml --set place='North bridge'",)),
        ("check", check, ("countenance charter check SITE/charters/land-pedestrian.yaml",)),
        ("sign", sign, ("countenance charter sign SITE charter.yaml",)),
        ("diff", diff, ("countenance charter diff SITE/charters/land-pedestrian.yaml charter.yaml",)),
        ("publish", publish, ("countenance charter publish SITE --out public",)),
        ("poster", poster, ("countenance charter poster charter.yaml --checkpoint lane-1 --out sign.pdf",)),
        ("placed", placed, ("countenance charter placed SITE --checkpoint lane-1 --by supervisor:2",)),
        ("forbid", forbid, ("countenance charter forbid SITE night.cedar",)),
        ("withdraw", withdraw, ("countenance charter withdraw SITE night.cedar --reason 'works are over'",)),
        ("explain", explain, (asked, "--at lane-3 --on 2025-12-26")),
    ):
        group.command(name, epilog=example(*lines))(command)
    app.add_typer(group, name="charter")


def new(*, profile: Profile, out: Out, values: Values = None, as_json: AsJson = False) -> None:
    """Write a charter from a shipped profile.

    Weights and operating point are this machine's unless --set names others. What is not given stays marked FILL IN,
    and a charter with such a mark is refused.
    """
    finish(charters.new(profile, out, values or []), as_json=as_json)


def check(*, file: CharterFile, at: ForSite = None, as_json: AsJson = False) -> None:
    """Check a charter as a starting service would.

    Prints what it allows, where, why, until when, and every reason why it would not start on this machine. Status 1
    when there is one, or it is not in force.
    """
    finish(charters.check(file, at), as_json=as_json)


def sign(*, site: SiteFolder, file: CharterFile, as_json: AsJson = False) -> None:
    """Let a site act under a charter.

    Signs the file with the site's keys/charter and keeps both; the act is recorded. What could not start here is not
    signed, nor a version that is not new. Stop the service first: it reads charters when it starts.
    """
    finish(charters.sign(site, file), as_json=as_json)


def diff(*, file: CharterFile, later_file: LaterFile, as_json: AsJson = False) -> None:
    """Tell what changed between two charters.

    Field by field, and first what takes something from people. Status 1 when anything differs.
    """
    finish(charters.diff(file, later_file), as_json=as_json)


def publish(*, site: SiteFolder, out: OutFolder, as_json: AsJson = False) -> None:
    """Write a site's charters for the public.

    For each: the file, its signature, JSON (JSON-LD), and the printable notices; besides them a page to read, the JSON
    Schema, and the public key. Put the folder where the charters' public_page says.
    """
    finish(publishing.publish(site, out), as_json=as_json)


def poster(*, file: CharterFile, checkpoint: PlaceOf, out: Out, as_json: AsJson = False) -> None:
    """Print the notice of a checkpoint as a PDF.

    One A4 page for each language, with a QR code to the charter's public page.
    """
    finish(publishing.print_notice(file, checkpoint, out), as_json=as_json)


def placed(
    *, site: SiteFolder, checkpoint: PlaceOf, by: Seer, photo: Photograph = None, as_json: AsJson = False
) -> None:
    """Note that somebody saw the notice hang there.

    Whole, readable, current. Recorded; of the photograph only its SHA-256. A service whose last look is older than the
    charter's notice_check_days does not start.
    """
    finish(charters.placed(site, checkpoint, by, photo), as_json=as_json)


def forbid(*, site: SiteFolder, file: PolicyFile, as_json: AsJson = False) -> None:
    """Let a site forbid more than the shipped policies.

    The text is Cedar, holds 'forbid' policies only, and fits the schema. Signed, recorded, read at the next start.
    """
    finish(charters.forbid(site, file), as_json=as_json)


def withdraw(*, site: SiteFolder, name: PolicyName, reason: Reason, as_json: AsJson = False) -> None:
    """Let a prohibition of the site hold no longer.

    Recorded with its reason; read at the next start. A prohibition that leaves policies/ in any other way keeps the
    site from starting.
    """
    finish(charters.withdraw(site, name, reason), as_json=as_json)


def explain(
    *, site: SiteHere = Path(), who: Who, action: What, at: Where = "", on: When = "",
    person_class: ClassOf = "", age: AgeOf = -1, as_if: AsIf = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say why something is or would be allowed.

    Every rule that is asked, in order, with its answer: charter, mode, camera, policies, and what holds for a class of
    people on that day. Where no charter is in force then, the one that begins next is told, and what it would say.
    Nothing is computed or recorded. Status 1 when it is not allowed.
    """
    finish(explanations.explain(site, who, action, at, on, person_class, age, as_if), as_json=as_json)
