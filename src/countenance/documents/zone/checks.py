"""Which check digits a zone has, what each covers, and which of them are wrong."""

from __future__ import annotations

from dataclasses import dataclass

from countenance.documents.zone.layout import DIGITS, FILLER, Layout, Span, check_digit


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number put together from its field and, where it is longer than nine characters, its overflow."""

    text: str
    """As printed, nine characters or more, fillers included."""
    digit: Span
    """Where its check digit stands."""
    rest: str
    """What follows it in the overflow field; "" where the number does not overflow."""
    overflows: bool


@dataclass(frozen=True, slots=True)
class Check:
    """One check digit, as it stands and as it should."""

    field: str
    digit: Span
    read: str
    expected: str

    @property
    def right(self) -> bool:
        """Return whether the digit is the one that its field asks for."""
        return self.read == self.expected


def document_number(layout: Layout, lines: tuple[str, ...]) -> DocumentNumber | None:
    """Return the document number, or None where it claims to go on in the optional field and does not.

    A filler in the place of the check digit says that the number goes on at the start of the optional field, followed
    by its check digit and a filler (ICAO 9303-5, 4.2.2 note j; 9303-6 likewise).
    """
    first = layout.number.of(lines)
    if layout.number_digit.of(lines) != FILLER or not layout.overflow:
        return DocumentNumber(first, layout.number_digit, "", overflows=False)
    span = layout.overflow[0]
    head, _, rest = span.of(lines).partition(FILLER)
    if len(head) < 2 or FILLER in first or head[-1] not in DIGITS:  # noqa: PLR2004 - a character and its check digit
        return None
    end = span.start + len(head)
    return DocumentNumber(first + head[:-1], Span(span.line, end - 1, end), rest.strip(FILLER), overflows=True)


def checks(layout: Layout, lines: tuple[str, ...], number: DocumentNumber) -> tuple[Check, ...]:
    """Return every check digit of a zone, in the order in which a person would look at them."""
    covered = [
        ("document number", number.digit, number.text),
        ("birth date", layout.birth_digit, layout.birth.of(lines)),
        ("expiry date", layout.expiry_digit, layout.expiry.of(lines)),
    ]
    covered += [("optional data", digit, layout.optional[0].of(lines)) for digit in layout.optional_digit]
    over = "".join(span.of(lines) for span in layout.composite_over)
    covered += [("whole zone", digit, over) for digit in layout.composite_digit]
    return tuple(Check(name, digit, digit.of(lines), _expected(name, digit, text, lines))
                 for name, digit, text in covered)  # fmt: skip


def _expected(name: str, digit: Span, text: str, lines: tuple[str, ...]) -> str:
    """Return what the check digit should be: an empty optional field may have a filler (ICAO 9303-4, 4.2.2.2)."""
    if name == "optional data" and not text.strip(FILLER) and digit.of(lines) == FILLER:
        return FILLER
    return str(check_digit(text))
