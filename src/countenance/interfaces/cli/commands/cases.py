"""``referrals``, ``referral``, ``suspension``: what waits for a human, and what stopped by itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, KeyFile, SiteFolder, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import casework
else:
    casework = later("countenance.interfaces.cli.casework")

EVENTS = "clear, send_on, find, contest, uphold, correct"
FACTS = "document_fault, statement, biographic_mismatch, independent_record"
REASONS = f"{FACTS}, officers_judgement"
"""Words of ``terms``, for the help text: ``terms`` loads NumPy, which help must not wait for. A test compares them."""

Reference = Annotated[
    str, typer.Argument(metavar="REFERENCE", help="The referral's id, or its encounter's.", show_default=False)
]
Words = Annotated[str, typer.Option(metavar="TEXT", help="Why, in a few words; sealed beside the record's entry.")]
Named = Annotated[str, typer.Option(metavar="NAME", help="Which human decides; sealed beside the record's entry.")]
Charter = Annotated[str, typer.Argument(metavar="CHARTER", help="The charter's id.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    app.command("referrals", epilog=example("countenance referrals SITE"))(referrals)
    referral = typer.Typer(help="Referrals: refer, decide, contest, review.", no_args_is_help=True)
    why = "countenance referral refer SITE 89b1…6132 --reason document_fault"
    referral.command("refer", epilog=example(why))(refer)
    clear = "countenance referral step SITE 5c3e…77a0 clear --key-file supervisor.key"
    referral.command("step", epilog=example(clear))(step)
    referral.command("receipt", epilog=example("countenance referral receipt SITE 5c3e…77a0"))(receipt)
    referral.command("told", epilog=example("countenance referral told SITE"))(told)
    app.add_typer(referral, name="referral")
    suspension = typer.Typer(help="Charters that stopped at a limit.", no_args_is_help=True)
    suspension.command("list", epilog=example("countenance suspension list SITE"))(suspensions)
    resumed = "countenance suspension resume SITE land-2026 --named 'R. Ortiz' --reason 'camera 2 replaced'"
    suspension.command("resume", epilog=example(resumed))(resume)
    app.add_typer(suspension, name="suspension")


def referrals(*, site: SiteFolder, key_file: KeyFile = None, as_json: AsJson = False) -> None:
    """List what waits for a human, the most urgent first.

    Role supervisor. Shows no faces and no scores.
    """
    finish(casework.referrals(site, key_file), as_json=as_json)


def refer(
    *, site: SiteFolder,
    encounter: Annotated[str, typer.Argument(metavar="ENCOUNTER", help="The answer's encounter.", show_default=False)],
    reason: Annotated[str, typer.Option(metavar="REASON", help=f"One of {REASONS}.")] = "officers_judgement",
    words: Words = "", key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Refer somebody, whatever was answered.

    A match never binds an officer. Prints the receipt to give to the person.
    """
    finish(casework.refer(site, encounter, reason, words, key_file), as_json=as_json)


def step(
    *, site: SiteFolder, reference: Reference,
    event: Annotated[str, typer.Argument(metavar="EVENT", help=f"One of {EVENTS}.", show_default=False)],
    second_fact: Annotated[
        list[str] | None, typer.Option(metavar="FACT", help=f"For 'find', at least one of {FACTS}.")
    ] = None,
    named: Named = "", words: Words = "", key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Clear, send on, decide, contest or review.

    The officer at the checkpoint cannot clear a no-match of somebody of 14 or over. An adverse outcome needs a fact
    that is independent of looks, and a named person. A contest freezes what is kept until somebody else reviewed it.
    """
    taken = casework.basis_of(second_fact or [], named, words)
    finish(casework.step(site, reference, event, taken, key_file), as_json=as_json)


def receipt(
    *, site: SiteFolder, reference: Reference,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", dir_okay=False, help="Write it there as a page to print.")
    ] = None,
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Print the receipt of a referred person.

    What was compared, under which charter, where and until when to contest. No score, no name.
    """
    finish(casework.receipt(site, reference, html, key_file), as_json=as_json)


def told(
    *, site: SiteFolder,
    seen: Annotated[list[str] | None, typer.Option(metavar="ID", help="Acknowledge this one; may be repeated.")] = None,
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show what supervisors must see.

    No-matches, refused overrides, contests, suspensions. Each stays until somebody acknowledges it.
    """
    finish(casework.told(site, seen or [], key_file), as_json=as_json)


def suspensions(*, site: SiteFolder, key_file: KeyFile = None, as_json: AsJson = False) -> None:
    """List charters that stopped, and whom to tell.

    Nothing is compared under them. Where the check is a legal duty, staff do it.
    """
    finish(casework.suspensions(site, key_file), as_json=as_json)


def resume(
    *, site: SiteFolder, charter: Charter, named: Named,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="What was found and changed.")],
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Resume a charter (role supervisor).

    By a named supervisor and for a reason, both recorded. The test of the limit begins anew.
    """
    finish(casework.resume(site, charter, named, reason, key_file), as_json=as_json)
