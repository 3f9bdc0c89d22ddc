"""``staff``, ``partner``: who is trained, who promised to store nothing, and who looked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from countenance.interfaces.cli.commands.options import AsJson, KeyFile, SiteFolder, example
from countenance.interfaces.cli.lazy import later
from countenance.interfaces.cli.said import finish

if TYPE_CHECKING:
    from countenance.interfaces.cli import ledger
else:
    ledger = later("countenance.interfaces.cli.ledger")

Partner = Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's id.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Hang the commands of this file on ``app``."""
    staff = typer.Typer(help="Staff: whose training is in date.", no_args_is_help=True)
    trained = "countenance staff train SITE operator:17 --course 'Lane course 2026' --until 2027-12-01"
    staff.command("train", epilog=example(trained, "--key-file admin.key"))(train)
    staff.command("list", epilog=example("countenance staff list SITE --key-file admin.key"))(trainings)
    app.add_typer(staff, name="staff")
    partner = typer.Typer(help="Partners: who promised to store nothing.", no_args_is_help=True)
    added = "countenance partner add SITE airline-1 --name 'Airline One' --contact ops@airline.example"
    partner.command("add", epilog=example(added, "--obligation FILE-7 --obliged 2026-11-01 --key-file admin.key"))(add)
    audited = "countenance partner audit SITE airline-1 --reference REPORT-3 --key-file auditor.key"
    partner.command("audit", epilog=example(audited))(audit)
    partner.command("list", epilog=example("countenance partner list SITE --key-file auditor.key"))(partners)
    app.add_typer(partner, name="partner")


def train(
    *, site: SiteFolder,
    holder: Annotated[str, typer.Argument(metavar="POST", help="Who did it, like operator:17.", show_default=False)],
    course: Annotated[str, typer.Option(metavar="TEXT", help="What they learnt.")],
    until: Annotated[str, typer.Option(metavar="DATE", help="The day in UTC on which it ends.")],
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Record a training (role administrator).

    From the day on which it ends the operator's or supervisor's key is refused until they did it again. A site in
    production refuses people without any.
    """
    finish(ledger.train(site, holder, course, until, key_file), as_json=as_json)


def trainings(*, site: SiteFolder, key_file: KeyFile = None, as_json: AsJson = False) -> None:
    """Show who is trained, and until when.

    Roles administrator and auditor. Status 1 if somebody's training is over.
    """
    finish(ledger.trainings(site, key_file), as_json=as_json)


def add(
    *, site: SiteFolder, partner: Partner,
    name: Annotated[str, typer.Option(metavar="TEXT", help="What it is called.")],
    contact: Annotated[str, typer.Option(metavar="TEXT", help="Whom to reach there.")],
    obligation: Annotated[str, typer.Option(metavar="TEXT", help="Where its signed obligation is filed.")],
    obliged: Annotated[str, typer.Option(metavar="DATE", help="The day in UTC on which it was signed.")],
    audit_every: Annotated[int, typer.Option(metavar="DAYS", min=1, max=3650, help="How often it is audited.")] = 365,
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Record a partner and its obligation (administrator).

    It has signed that it stores and reuses no photograph. Its devices can be enrolled then, and learn match or no
    match alone.
    """
    bound = ledger.partner_of(partner, name, contact, obligation, obliged, audit_every)
    finish(ledger.add(site, bound, key_file), as_json=as_json)


def audit(
    *, site: SiteFolder, partner: Partner,
    reference: Annotated[str, typer.Option(metavar="TEXT", help="Where the report is filed.")],
    failed: Annotated[bool, typer.Option("--failed", help="The audit found the promise broken.")] = False,
    key_file: KeyFile = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Note an audit of a partner (role auditor).

    The next one is due so many days after the last that was passed.
    """
    finish(ledger.audit(site, partner, reference, key_file, passed=not failed), as_json=as_json)


def partners(*, site: SiteFolder, key_file: KeyFile = None, as_json: AsJson = False) -> None:
    """Show the ledger of partners and overdue audits.

    Roles administrator and auditor. Status 1 if an audit is overdue.
    """
    finish(ledger.partners(site, key_file), as_json=as_json)
