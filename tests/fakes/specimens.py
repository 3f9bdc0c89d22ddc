"""Zones that ICAO and the BSI print as specimens: facts of the standards, restated. Nobody in them exists."""

from __future__ import annotations

from datetime import date

TODAY = date(2026, 11, 25)

TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD1_LONG = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
TD2_LONG = "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\nD23145890<UTO3407127M95071227349<<<8"
MRV_A = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<"
MRV_B = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<"
GERMAN = "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<\nC11T002JM4D<<9608122F2310314<<<<<<<<<<<<<<<4"

ALL = {
    "TD3": TD3, "TD1": TD1, "TD1-long": TD1_LONG, "TD2": TD2, "TD2-long": TD2_LONG, "MRV-A": MRV_A, "MRV-B": MRV_B,
    "German": GERMAN,
}  # fmt: skip


def with_character(zone: str, line: int, column: int, character: str) -> str:
    """Return a zone with one character exchanged; line and column count from 1."""
    lines = zone.split("\n")
    text = lines[line - 1]
    lines[line - 1] = text[: column - 1] + character + text[column:]
    return "\n".join(lines)
