"""``tally``, ``clearance``, ``drift``: people counted by those who saw them, and what a running site shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, CheckpointId, KeyFile, SiteFolder, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import monitoring
else:
    monitoring = later("countenance.interfaces.cli.monitoring")

REASONS = (
    "camera-outage, wrong-configuration, network-outage, service-outage, lighting, skipped-family, "
    "skipped-wheelchair-user, skipped-other, staffing, short-boarding, no-gallery, no-reference, refused, "
    "answered, other"
)
"""Every reason, for the help text: ``terms`` loads NumPy, which help must not wait for. A test compares the two."""

Day = Annotated[str, typer.Option("--day", metavar="DATE", help="The day in UTC, like 2026-12-01; empty means today.")]
Presented = Annotated[
    int, typer.Option(metavar="N", min=0, help="Everybody who was there; never attempts.", show_default=False)
]
Exempt = Annotated[
    int, typer.Option(metavar="N", min=0, help="Of these, people the charter excludes and no encounter was opened for.")
]
Source = Annotated[
    str, typer.Option(metavar="WHO", help="officer-tally, or boarding-count, which goes before an officer's tally.")
]
Replaces = Annotated[bool, typer.Option("--replaces", help="Correct this day's earlier tallies of this source.")]
Reason = Annotated[str, typer.Option(metavar="REASON", help=f"One of {REASONS}.", show_default=False)]
People = Annotated[int, typer.Option(metavar="N", min=1, help="How many people.")]
EncounterId = Annotated[
    str, typer.Option("--encounter", metavar="ID", help="The encounter this ends, if one was opened.")
]
Words = Annotated[str, typer.Option(metavar="TEXT", help="With the reason 'other' only. No names.")]
Since = Annotated[str, typer.Option(metavar="DATE", help="First day, in UTC; empty means the last 30 days.")]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    app.command("tally", epilog=example("countenance tally SITE --checkpoint gate-1 --presented 418"))(tally)
    cleared = "countenance clearance SITE --checkpoint gate-1 --reason camera-outage --people 12"
    app.command("clearance", epilog=example(cleared))(clearance)
    app.command("drift", epilog=example("countenance drift SITE --since 2026-11-01 --key-file auditor.key"))(drift)


def tally(
    *, site: SiteFolder, checkpoint: CheckpointId, presented: Presented, exempt: Exempt = 0,
    source: Source = "officer-tally", day: Day = "", replaces: Replaces = False,
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Note how many people were presented on a day.

    The honest denominator of every rate: whom nobody led before the camera leaves no attempt. Tallies of a day add up.
    """
    noted = monitoring.tally_of(checkpoint, presented, exempt, source, day, replaces=replaces)
    finish(monitoring.tally(site, noted, key_file), as_json=as_json)


def clearance(
    *, site: SiteFolder, checkpoint: CheckpointId, reason: Reason, people: People = 1, encounter: EncounterId = "",
    words: Words = "", key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Note people cleared by hand, and why.

    With --encounter: 'refused' after an opt-out, 'answered' after an answer other than a match, so that it is known how
    long these people waited. Without: people whom the camera never saw.
    """
    noted = monitoring.clearance_of(checkpoint, reason, people, encounter, words)
    finish(monitoring.clearance(site, noted, key_file), as_json=as_json)


def drift(*, site: SiteFolder, since: Since = "", key_file: KeyFile = None, as_json: AsJson = False) -> None:
    """Show rates, tests and signals (role auditor).

    Captured and matched of the people presented, waits, false matches bounded by the strangers in searches, referrals
    by what documents state. Says 'insufficient data' where a figure would say more than is known. Status 1 if there is
    a signal.
    """
    finish(monitoring.drift(site, since, key_file), as_json=as_json)
