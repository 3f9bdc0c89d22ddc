"""Where each field of a machine-readable zone stands, format by format, and how a check digit is counted.

ICAO 9303-5 (TD1), 9303-6 (TD2), 9303-4 (TD3) and 9303-7 (MRV-A, MRV-B). Places here count from 0; what people are told
counts from 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from countenance.terms.documents import MrzFormat

FILLER = "<"
DIGITS = frozenset("0123456789")
LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
ALPHABET = DIGITS | LETTERS | {FILLER}
_WEIGHTS = (7, 3, 1)


def check_digit(text: str) -> int:
    """Return the check digit, 0 to 9, of ``text`` (ICAO 9303-3, 4.9): weights 7, 3, 1, letters from A = 10, filler 0.

    Raises:
        ValueError: ``text`` holds a character outside A to Z, 0 to 9 and ``<``.
    """
    if not ALPHABET.issuperset(text):
        message = "a check digit covers A to Z, 0 to 9 and < only"
        raise ValueError(message)
    return sum(_value(one) * _WEIGHTS[place % 3] for place, one in enumerate(text)) % 10


def _value(one: str) -> int:
    return 0 if one == FILLER else int(one, 36)


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters in one line."""

    line: int
    start: int
    end: int
    """Exclusive."""

    def of(self, lines: tuple[str, ...]) -> str:
        """Return the characters that stand there."""
        return lines[self.line][self.start : self.end]

    def place(self) -> str:
        """Return where the run begins, for people: "line 2, column 10"."""
        return f"line {self.line + 1}, column {self.start + 1}"

    def places(self) -> list[tuple[int, int]]:
        """Return (line, column) of each character."""
        return [(self.line, column) for column in range(self.start, self.end)]


@dataclass(frozen=True, slots=True)
class Layout:
    """One format's places. Spans that a format lacks are empty tuples, so that nothing is optional."""

    format: MrzFormat
    height: int
    """Lines."""
    width: int
    """Characters in each line."""
    number: Span
    number_digit: Span
    birth: Span
    birth_digit: Span
    expiry: Span
    expiry_digit: Span
    sex: Span
    nationality: Span
    names: Span
    optional: tuple[Span, ...]
    code: Span = field(default=Span(0, 0, 2))
    state: Span = field(default=Span(0, 2, 5))
    overflow: tuple[Span, ...] = ()
    """Where a long document number goes on (TD1, TD2)."""
    optional_digit: tuple[Span, ...] = ()
    """Only TD3 has one; it covers the only optional field and may be a filler where that is empty."""
    composite_digit: tuple[Span, ...] = ()
    composite_over: tuple[Span, ...] = ()

    @property
    def digit_spans(self) -> tuple[tuple[str, Span], ...]:
        """Return each field of digits (and fillers) with its name."""
        digits = [("optional data's check digit", span) for span in self.optional_digit]
        digits += [("composite check digit", span) for span in self.composite_digit]
        return (
            ("birth date", self.birth), ("birth date's check digit", self.birth_digit),
            ("expiry date", self.expiry), ("expiry date's check digit", self.expiry_digit),
            ("document number's check digit", self.number_digit), *digits,
        )  # fmt: skip

    @property
    def letter_spans(self) -> tuple[tuple[str, Span], ...]:
        """Return each field of letters (and fillers) with its name."""
        return (
            ("document code", self.code), ("issuing state", self.state), ("names", self.names),
            ("nationality", self.nationality), ("sex", self.sex),
        )  # fmt: skip


def _two_lines(form: MrzFormat, width: int, *, composite: bool) -> Layout:
    """Return the layout of a format of two lines: they differ in width and in what comes after the expiry date."""
    td3, td2 = form is MrzFormat.TD3, form is MrzFormat.TD2
    last = width - (1 if composite else 0)
    optional = Span(1, 28, last - 1 if td3 else last)
    return Layout(
        form, 2, width,
        number=Span(1, 0, 9), number_digit=Span(1, 9, 10), nationality=Span(1, 10, 13),
        birth=Span(1, 13, 19), birth_digit=Span(1, 19, 20), sex=Span(1, 20, 21),
        expiry=Span(1, 21, 27), expiry_digit=Span(1, 27, 28), names=Span(0, 5, width), optional=(optional,),
        overflow=(optional,) if td2 else (),
        optional_digit=(Span(1, last - 1, last),) if td3 else (),
        composite_digit=(Span(1, last, width),) if composite else (),
        composite_over=(Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, last)) if composite else (),
    )  # fmt: skip


_TD1 = Layout(
    MrzFormat.TD1, 3, 30,
    number=Span(0, 5, 14), number_digit=Span(0, 14, 15), overflow=(Span(0, 15, 30),),
    birth=Span(1, 0, 6), birth_digit=Span(1, 6, 7), sex=Span(1, 7, 8),
    expiry=Span(1, 8, 14), expiry_digit=Span(1, 14, 15), nationality=Span(1, 15, 18),
    optional=(Span(0, 15, 30), Span(1, 18, 29)), names=Span(2, 0, 30),
    composite_digit=(Span(1, 29, 30),),
    composite_over=(Span(0, 5, 30), Span(1, 0, 7), Span(1, 8, 15), Span(1, 18, 29)),
)  # fmt: skip

LAYOUTS: dict[MrzFormat, Layout] = {
    MrzFormat.TD1: _TD1,
    MrzFormat.TD2: _two_lines(MrzFormat.TD2, 36, composite=True),
    MrzFormat.TD3: _two_lines(MrzFormat.TD3, 44, composite=True),
    MrzFormat.MRV_A: _two_lines(MrzFormat.MRV_A, 44, composite=False),
    MrzFormat.MRV_B: _two_lines(MrzFormat.MRV_B, 36, composite=False),
}
"""Every format's places."""
