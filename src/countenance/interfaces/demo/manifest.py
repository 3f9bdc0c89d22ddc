"""The flight's manifest as a carrier sends it: a PAXLST message (UN/EDIFACT D.05B) about people who do not exist."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from countenance.interfaces.demo.story import CARRIER, FLIGHT, LEAVES, LEAVES_IN_MINUTES, REACHES, Passenger
from countenance.terms import Instant

_FLIGHT_MINUTES = 95
_BIRTHDAY_WAS = timedelta(days=100)
"""How long ago everybody's birthday was, so that nobody turns a year older while the demo runs."""


def message(listed: Sequence[Passenger], counted: int, now: Instant, *, copy: int) -> str:
    """Return an interchange that lists these people, one segment a line, and says that it lists ``counted``.

    The flight leaves LEAVES_IN_MINUTES after ``now``, at a port whose clock is UTC; ``copy`` counts from 1 how often
    the carrier sent it. Names and document numbers are made up, documents are of ICAO's Utopia (UTO).
    """
    sent = datetime.fromtimestamp(now / 1000, UTC)
    leaves = sent + timedelta(minutes=LEAVES_IN_MINUTES)
    lands = leaves + timedelta(minutes=_FLIGHT_MINUTES)
    head = [
        f"UNH+{copy}+PAXLST:D:05B:UN:IATA+{FLIGHT}/{leaves:%y%m%d/%H%M}+01:F", "BGM+745", f"NAD+MS+++{CARRIER} DESK",
        f"TDT+20+{FLIGHT}+++{CARRIER}", f"LOC+125+{LEAVES}", f"DTM+189:{leaves:%y%m%d%H%M}:201",
        f"LOC+87+{REACHES}", f"DTM+232:{lands:%y%m%d%H%M}:201",
    ]  # fmt: skip
    people = [line for one in listed for line in _person(one, sent.date())]
    body = [*head, *people, f"CNT+42:{counted}"]
    whole = [
        "UNA:+.? ", f"UNB+UNOA:4+{CARRIER}1:ZZ+GATE:ZZ+{sent:%y%m%d:%H%M}+{copy}++APIS", *body,
        f"UNT+{len(body) + 1}+{copy}", f"UNZ+1+{copy}",
    ]  # fmt: skip
    return "".join(f"{line}'\n" for line in whole)


def birth_of(age: int, today: date) -> date:
    """Return a birth date of somebody who is ``age`` years old today."""
    return date(today.year - age, today.month, min(today.day, 28)) - _BIRTHDAY_WAS


def _person(one: Passenger, today: date) -> tuple[str, ...]:
    letter = one.traveller[-1]
    return (
        f"NAD+FL+++SAMPLE{letter}:{letter}", f"DTM+329:{birth_of(one.age, today):%y%m%d}", f"LOC+178+{LEAVES}",
        f"LOC+179+{REACHES}", "NAT+2+UTO", f"DOC+P:110:111+D{one.number:08d}",
        f"DTM+36:{today.year + 4 - 2000:02d}0630", "LOC+91+UTO",
    )  # fmt: skip
