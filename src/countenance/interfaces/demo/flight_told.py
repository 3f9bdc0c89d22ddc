"""The flight in the terminal: its manifest, its portraits, where everybody stands, and its end."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from countenance.interfaces.demo.flight import Flight
from countenance.interfaces.demo.shown import Shown
from countenance.interfaces.demo.words import NO_FINDING, NOTHING_LEFT, STANDS, announced_in_words, minute, numbered

_WRONG = "✗ NOT EXPECTED"


def manifest_told(flight: Flight) -> Iterable[RenderableType]:
    """Yield how the manifest came, and the portraits that it asked for."""
    yield Text("\nA flight is announced by its manifest (PAXLST, UN/EDIFACT D.05B)", style="bold")
    for copy, told in enumerate(flight.announced, start=1):
        yield Text(f"message {copy}: {announced_in_words(told)}")
        yield from (Text(f"  finding: {one.sentence}", style="yellow") for one in told.findings)
    last = flight.announced[-1]
    yield Text(f"{last.movement}; everything of it is gone at {minute(last.closes_at)} at the latest.")
    table = _table("Portraits into the gate's closed gallery, a verdict for each once it was on disk")
    for name in ("number", "whose", "photograph", "verdict", "advice", ""):
        table.add_column(name, overflow="fold")
    for item in flight.portrayed:
        one, verdict = item.passenger, item.verdict
        file = f"{one.portrait} again" if item.again else one.portrait
        table.add_row(
            str(one.number), f"{one.traveller}, {one.age}", file, verdict.verdict, verdict.advice,
            "✓" if item.as_expected else _WRONG,
        )  # fmt: skip
    yield table


def boarding_told(flight: Flight) -> Iterable[RenderableType]:
    """Yield where everybody stands as the gate closes: by number, never by name."""
    table = _table("Boarding as the gate closes: by number, never by name")
    for name in ("number", "age", "document", "reference", "at the gate"):
        table.add_column(name)
    for one in flight.closing.travellers:
        stands = STANDS[one.state]
        table.add_row(
            str(one.number), one.age_band, one.document or "none", f"{stands.mark} {stands.word}",
            Text("✓ aboard", style="green") if one.aboard else Text("missing", style="yellow"),
        )  # fmt: skip
    yield table
    yield Text(f"aboard: {numbered(flight.aboard)}; missing: {numbered(flight.missing)}. {NO_FINDING}")


def end_told(shown: Shown) -> Iterable[RenderableType]:
    """Yield how the gallery ended, and what was refused afterwards."""
    flight = shown.flight
    yield Text("\nThe gate closes, and the gallery with it", style="bold")
    for item in flight.late:
        yield Text.assemble((f"{item.asks}: ", ""), (item.said, "yellow"), f" {item.frames} frames decoded.  ",
                            "✓" if item.as_expected else _WRONG)  # fmt: skip
    if not flight.after.travellers:
        yield Text(NOTHING_LEFT)
    if flight.wrong:
        yield Text(f"{_WRONG}: {', '.join(flight.wrong)}", style="bold red")


def destruction_told(shown: Shown) -> Iterable[Text]:
    """Yield what the auditor finds of the gallery's end."""
    for words, held in destruction_words(shown):
        yield Text.assemble(("  ✓ " if held else "  ✗ ", "green" if held else "bold red"), words)


def destruction_words(shown: Shown) -> tuple[tuple[str, bool], ...]:
    """Return what the record says of the gallery's end, in words, and whether it is so."""
    found = shown.proof.destruction
    gone = sum(found.items.values())
    end = f"The gallery's end is recorded (gallery.closed, {shown.flight.after.gallery_id}): {found.announced} items."
    receipt = f"Its receipt (erasure.receipt, cause event_end) names {gone} items destroyed, and the flight's key."
    key = f"The flight's key ({', '.join(found.epochs) or 'none'}) was there before the gate closed and is no more."
    return (
        (end, found.closed == 1 and found.announced > 0),
        (receipt, found.receipts == 1 and gone == found.announced),
        (key, found.were_there and bool(found.epochs) and not found.still_there),
    )


def _table(title: str) -> Table:
    return Table(title=f"\n{title}", title_justify="left", title_style="bold", pad_edge=False, box=None, padding=(0, 1))
