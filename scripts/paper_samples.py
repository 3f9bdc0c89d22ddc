"""Made-up papers for measuring and fuzzing: a zone of ICAO's Utopia, manifests of any length in every format.

Nobody in them exists: names are numbered, and documents are of Utopia (UTO).
"""

from __future__ import annotations

import json
from datetime import date

TODAY = date(2026, 11, 25)
"""The day around which two-digit years turn in measurements and fuzzing."""

ZONES = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<",
    "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\nD23145890<UTO3407127M95071227349<<<8",
    "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<",
    "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<L8988901C4XXX4009078F9612109<<<<<<<<",
)
"""Specimens printed in ICAO 9303-4 to 9303-7."""


def _letters(number: int) -> str:
    """Return a number in letters, so that each made-up name is another."""
    return "".join(chr(ord("A") + int(digit)) for digit in str(number))


def paxlst(people: int, *, separators: str = ":+.? '", envelope: bool = True) -> str:
    """Return a PAXLST D.05B interchange of a flight with ``people`` passengers, twelve segments each."""
    component, element, _, _, _, end = separators
    person = (
        "NAD+FL+++{name}:ADA:M", "ATT+2++F", "DTM+329:850412", "MEA+CT++:1", "FTX+BAG+++UT123456", "LOC+22+UTB",
        "LOC+178+UTA", "LOC+179+UTB", "NAT+2+UTO", "RFF+AVF:R{number}", "DOC+P:110:111+X{number:08d}",
        "DTM+36:310208", "LOC+91+UTO",
    )  # fmt: skip
    head = [
        "UNB+UNOA:4+UT1:ZZ+GATE:ZZ+261125:0600+17++APIS", "UNG+PAXLST+UT1:ZZ+GATE:ZZ+261125:0600+3+UN+D:05B",
        "UNH+9+PAXLST:D:05B:UN:IATA+UT100/261125/1100+01:F", "BGM+745", "NAD+MS+++DESK", "COM+000:TE",
        "TDT+20+UT100+++UT", "LOC+125+UTA", "DTM+189:2611251100:201", "LOC+87+UTB", "DTM+232:2611251300:201",
    ]  # fmt: skip
    body = [line.format(number=one, name=f"SPECIMEN{_letters(one)}") for one in range(people) for line in person]
    tail = [f"CNT+42:{people}", f"UNT+{len(body) + 11}+9", "UNE+1+3", "UNZ+1+17"]
    marks = str.maketrans({":": component, "+": element})
    text = "".join(line.translate(marks) + end for line in (*head, *body, *tail))
    return f"UNA{separators}{text}" if envelope else text


_COLUMNS = (
    "carrier,flight,departure_port,departure_time,arrival_port,arrival_time,kind,surname,given_names,birth_date,"
    "nationality,document_kind,document_number,document_issuer,document_expiry,seat"
)


def table(people: int) -> str:
    """Return the same flight as CSV, with one column that no gallery needs."""
    rows = [
        f"UT,UT100,UTA,2026-11-25T11:00,UTB,2026-11-25T13:00,passenger,SPECIMEN{_letters(one)},ADA,1985-04-12,UTO,P,"
        f"X{one:08d},UTO,2031-02-08,1A"
        for one in range(people)
    ]
    return "\n".join([_COLUMNS, *rows, ""])


def objects(people: int) -> str:
    """Return the same flight as JSON, with one key that no gallery needs."""
    leg = {
        "flight": "UT100", "departure_port": "UTA", "departure_time": "2026-11-25T11:00", "arrival_port": "UTB",
        "arrival_time": "2026-11-25T13:00",
    }  # fmt: skip
    travellers = [
        {
            "kind": "passenger", "surname": f"SPECIMEN{_letters(one)}", "given_names": "ADA",
            "birth_date": "1985-04-12", "nationality": "UTO", "seat": "1A",
            "documents": [{"kind": "P", "number": f"X{one:08d}", "issuer": "UTO", "expiry_date": "2031-02-08"}],
        }
        for one in range(people)
    ]  # fmt: skip
    return json.dumps({"carrier": "UT", "count": people, "legs": [leg], "travellers": travellers})
