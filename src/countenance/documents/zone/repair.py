"""Characters that readers and people confuse, taken for what they must be; every one is reported.

Two kinds, and no third:

* **by place**: a letter where only a digit can stand becomes the one digit it looks like (a date, a check digit), a
  digit where only a letter can stand becomes the one letter it looks like (a name, a state). Check digits must then
  come out right, or the zone is refused; names and states have none, so those repairs are reported as unconfirmed.
* **by check digit**: in a document number or a TD3's optional data both kinds may stand. One character at most is
  exchanged there, only if it is the odd one among its neighbours (the O in ``89O2``), only if every check digit of the
  zone is right afterwards, and only if no other exchange would do as well.

The neighbours matter because the composite digit tells nothing new of these fields: it weighs them as their own digit
does, so a wrong exchange that satisfies one satisfies both. Without that rule one in four random errors in a document
number was "repaired" into another number (measured on the specimens).

Check digits count modulo 10, so they cannot tell 6 from G or Q, nor 1 from L (values 16, 26 and 21): such a confusion
in a document number passes unseen, here as with every reader of these zones.
"""

from __future__ import annotations

from collections.abc import Iterator

from countenance.documents.states import STATES
from countenance.documents.zone.checks import DocumentNumber, checks, document_number
from countenance.documents.zone.layout import DIGITS, FILLER, LETTERS, Layout, Span
from countenance.terms.documents import Repair

DIGIT_FOR = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8"}
"""The digit that a letter is taken for where only a digit can stand."""
LETTER_FOR = {"0": "O", "1": "I", "2": "Z", "5": "S", "6": "G", "8": "B"}
"""The letter that a digit is taken for where only a letter can stand."""
_EXCHANGES = {
    **{letter: (digit,) for letter, digit in DIGIT_FOR.items()},
    **{digit: tuple(letter for letter, own in DIGIT_FOR.items() if own == digit) for digit in LETTER_FOR},
}
_MOST_BY_PLACE = 12
"""Repairs by place in one zone; more of them mean that this is no zone, or not this format's."""


class NotRepairable(Exception):
    """A character can stand for nothing at its place."""

    def __init__(self, span: Span, field: str, wanted: str) -> None:
        """Say where, in which field, and what would have to stand there."""
        super().__init__(f"{field} at {span.place()}")
        self.span = span
        self.field = field
        self.wanted = wanted


def by_place(layout: Layout, lines: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[Repair, ...]]:
    """Return the lines with every character of the right kind for its place, and the repairs that took.

    Raises:
        NotRepairable: a character is of the wrong kind and looks like none of the right kind.
    """
    repairs: list[Repair] = []
    for field, span in (*layout.letter_spans, *layout.digit_spans):
        for line, column in span.places():
            one = Span(line, column, column + 1)
            taken = _taken(lines, one, field, span)
            if taken != one.of(lines):
                confirmed = taken in DIGITS
                repairs.append(Repair(line + 1, column + 1, field, one.of(lines), taken, confirmed))
                lines = _with(lines, one, taken)
    if len(repairs) > _MOST_BY_PLACE:
        first = repairs[0]
        span = Span(first.line - 1, first.column - 1, first.column)
        raise NotRepairable(span, first.field, f"a zone with fewer than {len(repairs)} characters of the wrong kind")
    return lines, tuple(repairs)


def _taken(lines: tuple[str, ...], one: Span, field: str, around: Span) -> str:
    """Return the character of the right kind that the one in ``one``, of the field ``around`` it, is taken for."""
    read = one.of(lines)
    digits = field.endswith(("date", "digit"))
    if read == FILLER or read in (DIGITS if digits else LETTERS):
        return read
    if field in {"issuing state", "nationality"}:
        taken = _state_letter(lines, one, around)
    else:
        taken = (DIGIT_FOR if digits else LETTER_FOR).get(read, "")
    if not taken:
        raise NotRepairable(one, field, "a digit" if digits else "a letter")
    return taken


def _state_letter(lines: tuple[str, ...], one: Span, code: Span) -> str:
    """Return the letter that makes ``code`` a known code, or "" if none or several do: 0 is D, O or Q."""
    known = [
        letter
        for letter in _EXCHANGES.get(one.of(lines), ())
        if code.of(_with(lines, one, letter)).rstrip(FILLER) in STATES
    ]
    return known[0] if len(known) == 1 else ""


def by_check_digit(
    layout: Layout, lines: tuple[str, ...]
) -> tuple[tuple[str, ...], DocumentNumber, tuple[Repair, ...]] | None:
    """Return the lines after the one exchange that makes every check digit right, or None if none or several do."""
    found = []
    for field, span in _exchangeable(layout, lines):
        read = span.of(lines)
        for taken in _EXCHANGES.get(read, ()):
            changed = _with(lines, span, taken)
            number = document_number(layout, changed)
            if number is not None and all(check.right for check in checks(layout, changed, number)):
                repair = Repair(span.line + 1, span.start + 1, field, read, taken, confirmed=True)
                found.append((changed, number, (repair,)))
    return found[0] if len(found) == 1 else None


def _exchangeable(layout: Layout, lines: tuple[str, ...]) -> Iterator[tuple[str, Span]]:
    """Yield each odd one among the characters that may be letter or digit and have a check digit, with its field."""
    number = layout.number.places()
    if layout.overflow and layout.number_digit.of(lines) == FILLER:
        over = layout.overflow[0]
        number += over.places()[: len(over.of(lines).partition(FILLER)[0])]
    runs = [("document number", number)]
    runs += [("optional data", layout.optional[0].places()) for _ in layout.optional_digit]
    for field, places in runs:
        text = "".join(lines[line][column] for line, column in places)
        for at, (line, column) in enumerate(places):
            if _odd_one(text, at):
                yield field, Span(line, column, column + 1)


def _odd_one(text: str, at: int) -> bool:
    """Return whether a character follows one of the other kind and has none of its own kind behind it."""
    own, other = (DIGITS, LETTERS) if text[at] in DIGITS else (LETTERS, DIGITS)
    return at > 0 and text[at - 1] in other and text[at + 1 : at + 2] not in own


def _with(lines: tuple[str, ...], span: Span, taken: str) -> tuple[str, ...]:
    """Return the lines with ``taken`` in place of what stands in ``span``."""
    line = lines[span.line]
    return (*lines[: span.line], line[: span.start] + taken + line[span.end :], *lines[span.line + 1 :])
