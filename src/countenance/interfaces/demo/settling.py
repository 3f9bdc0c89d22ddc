"""A referral from its receipt to its end: the officer cannot wave it through, and another human looks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.text import Text

from countenance.errors import CountenanceError
from countenance.interfaces.demo.markup import Html, tag
from countenance.interfaces.doors import Doors
from countenance.procedures import Basis
from countenance.terms import CaseEvent, CaseState, Receipt

TITLE = "A referral: traveller C's receipt, and how it went on"
NOTHING = Basis((), "", "")


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one referral."""

    receipt_text: str
    """What the person was given at once."""
    refused: str
    """What the officer at the lane read who tried to clear it."""
    refused_code: str
    state: str
    """Where it stands after the supervisor looked."""
    receipts: tuple[Receipt, ...]

    @property
    def as_expected(self) -> bool:
        """Whether nobody overrode the no-match, and a second human settled it."""
        return (self.refused_code, self.state) == ("case.no_override", CaseState.CLEARED)


def settle(officer: Doors, supervisor: Doors, encounter_id: str) -> Settled:
    """Give the receipt, let the officer try to clear, and let the supervisor do it."""
    given = officer.redress(encounter_id)["text"]
    refused = refused_code = ""
    try:
        officer.take(encounter_id, CaseEvent.CLEAR, NOTHING)
    except CountenanceError as error:
        refused, refused_code = error.message, error.code
    done = supervisor.take(encounter_id, CaseEvent.CLEAR, NOTHING)
    return Settled(given, refused, refused_code, done["referral"]["state"], (Receipt(**done["receipt"]),))


def told(settled: Settled) -> Iterable[Text]:
    """Yield what the terminal shows."""
    mark = "✓" if settled.as_expected else "✗ NOT EXPECTED"
    yield Text(f"\n{TITLE}", style="bold")
    for line in settled.receipt_text.splitlines()[2:]:
        yield Text(f"  {line}")
    yield Text(f"The officer at the lane tries to clear it: {settled.refused}")
    yield Text(f"A supervisor looks at the document: {settled.state}.  {mark}")


def section(settled: Settled) -> Html:
    """Return what the page shows."""
    return tag(
        "section",
        tag("h2", TITLE),
        tag("p", "Most people who are referred are who they say they are. So nobody is decided against on a face "
            "alone, another human looks, and the person leaves with this:"),
        tag("pre", settled.receipt_text.strip()),
        tag("p", "The officer at the lane tried to clear it and read: ", tag("strong", settled.refused or "NOTHING"),
            " Then a supervisor looked at the document: ", tag("strong", settled.state), "."),
    )  # fmt: skip
