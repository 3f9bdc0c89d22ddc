"""``device enrol``, ``key issue``: who may act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, KeyFile, SiteFolder, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import offices
else:
    offices = later("countenance.interfaces.cli.offices")


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    device = typer.Typer(help="Capture devices: who may send photographs.", no_args_is_help=True)
    device.command(
        "enrol",
        epilog=example(
            "countenance device enrol SITE cam-7 --public-key 3f…9a --checkpoint lane-1 --key-file admin.key"
        ),
    )(enrol_device)
    device.callback()(_group)
    app.add_typer(device, name="device")
    key = typer.Typer(help="API keys: who may act.", no_args_is_help=True)
    key.command(
        "issue", epilog=example("countenance key issue SITE --role operator --holder operator:17 --key-file admin.key")
    )(issue_key)
    key.callback()(_group)
    app.add_typer(key, name="key")


def _group() -> None:
    """Make a group of one command stay a group."""


def enrol_device(
    *, site: SiteFolder,
    device: Annotated[str, typer.Argument(metavar="DEVICE", help="The device's id.", show_default=False)],
    public_key: Annotated[str, typer.Option(metavar="HEX", help="Its Ed25519 public key, 64 hex digits.")],
    checkpoint: Annotated[list[str], typer.Option(metavar="ID", help="Where it stands; may be given again.")],
    partner: Annotated[str, typer.Option(help="Who runs it, such as an airline; empty for yourself.")] = "",
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Enrol a capture device's public key (role administrator).

    Photographs that no enrolled device signed are refused. A signature shows which device sent a photograph. It
    does not stop a virtual camera.
    """
    finish(
        offices.enrol_device(site, device, public_key, checkpoint, partner=partner, key_file=key_file), as_json=as_json
    )


def issue_key(
    *, site: SiteFolder,
    role: Annotated[str, typer.Option(metavar="ROLE", help="operator, supervisor, auditor, administrator or device.")],
    holder: Annotated[str, typer.Option(metavar="POST", help="Who holds it: a post, such as 'operator:17'.")],
    device: Annotated[str, typer.Option(help="The device it belongs to, for role 'device'.")] = "",
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Issue an API key (role administrator).

    It is shown once; only its SHA-256 is stored.
    """
    finish(offices.issue_key(site, role, holder, device, key_file), as_json=as_json)
