"""``init`` and ``serve``: a site begins and opens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, SiteFolder, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import sites
else:
    sites = later("countenance.interfaces.cli.sites")

NewFolder = Annotated[
    Path, typer.Argument(metavar="SITE", help="A folder that does not exist yet, or is empty.", show_default=False)
]
Profiles = Annotated[
    list[str] | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="A shipped charter template (default: land-pedestrian); give it again for another.",
    ),
]
Places = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", show_default=False,
        help="Fill a place of the charter: 'controller=Port Authority'; PROFILE.KEY=VALUE for one of several.",
    ),
]  # fmt: skip
KeysTo = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", file_okay=False, help="Write each role's API key to FOLDER/ROLE.key (mode 0600) too."
    ),
]
SiteSettings = Annotated[
    list[str] | None,
    typer.Option(
        "--setting", metavar="KEY=VALUE", show_default=False,
        help="Write another value to site.toml: 'key_holder=pkcs11'; may be given again.",
    ),
]  # fmt: skip
Host = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Where to listen, instead of where site.toml says; put TLS before anything but loopback.",
    ),
]
Port = Annotated[
    int | None, typer.Option(metavar="PORT", min=0, max=65535, help="Port, instead of site.toml's; 0 takes a free one.")
]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    two_checkpoints = "countenance init border-site --profile land-pedestrian --profile air-gate"
    app.command("init", epilog=example(two_checkpoints))(init)
    app.command("serve", epilog=example("countenance serve border-site"))(serve)


def init(
    *, site: NewFolder, profile: Profiles = None, places: Places = None, setting: SiteSettings = None,
    save_keys: KeysTo = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Make a site, and show its API keys once.

    A site is one folder: charters, keys, database, public log. The site keeps only hashes of the API keys, so write
    them down. The charter is a trial charter: complete it, have it reviewed, publish it.
    """
    finish(sites.create(site, profile or ["land-pedestrian"], places or [], setting or [], save_keys), as_json=as_json)


def serve(*, site: SiteFolder, host: Host = None, port: Port = None) -> None:
    """Open a site over HTTP until Ctrl-C.

    A clean stop publishes what is pending in the log. One process serves a site; a second one is refused.
    """
    sites.serve(site, host, port)
