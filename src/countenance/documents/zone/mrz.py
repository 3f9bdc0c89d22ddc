"""The machine-readable zone of a document: text in, checked fields out, or a refusal that says where and what.

The text comes from a document reader or is typed, in lines or in one piece. Refusals name places from 1 and hold no
name and no number of the document.
"""

from __future__ import annotations

from datetime import date

from countenance.documents.dates import birth_date, expiry_date
from countenance.documents.states import STATES
from countenance.documents.zone.checks import Check, DocumentNumber, checks, document_number
from countenance.documents.zone.layout import ALPHABET, FILLER, LAYOUTS, Layout, Span
from countenance.documents.zone.repair import NotRepairable, by_check_digit, by_place
from countenance.errors import DocumentError
from countenance.terms.documents import DocumentDate, DocumentFinding, MachineReadableZone, MrzFormat, Repair
from countenance.terms.monitoring import Sex

MOST_CHARACTERS = 1_000
"""A zone has 90 at most; the rest is room for line ends and blanks."""

_AGAIN = "Read the document again; if that does not help, type the zone, or examine the document by hand."
_SEXES = {"F": Sex.FEMALE, "M": Sex.MALE, FILLER: Sex.UNSPECIFIED, "X": Sex.UNSPECIFIED}
_USUAL_CODES = {MrzFormat.TD1: "ACI", MrzFormat.TD2: "ACI", MrzFormat.TD3: "P"}
_SIZES = "90 (three lines of 30), 72 (two of 36) or 88 (two of 44)"


def read_mrz(text: str, *, today: date) -> MachineReadableZone:
    """Return the zone that ``text`` holds, every check digit right.

    (1) layout: line ends and blanks go, small letters become capitals, which is a finding; (2) the alphabet; (3) the
    format, by number and length of lines and the first letter; (4) characters of the wrong kind for their place, taken
    for what they look like; (5) the document number, long ones put together; (6) every check digit, one confused
    character exchanged where that alone makes all of them right; (7) dates, around ``today``; (8) names.
    Whether the document is expired, and whose it is, is not asked here.

    Raises:
        DocumentError: ``document.mrz_length``, ``.mrz_alphabet``, ``.mrz_character``, ``.mrz_number``,
            ``.mrz_check_digit``, ``.mrz_date``, ``.mrz_sex``, ``.mrz_names``.
    """
    lines, small = _lines(text)  # (1) (2)
    layout, lines = _layout(lines)  # (3)
    try:
        lines, placed = by_place(layout, lines)  # (4)
    except NotRepairable as no:
        raise DocumentError(
            "document.mrz_character",
            f"The {no.field} has a character at {no.span.place()} that cannot stand there; wanted is {no.wanted}.",
            remedy=_AGAIN,
        ) from no
    lines, number, exchanged = _checked(layout, lines)  # (5) (6)
    return _zone(layout, lines, number, (*placed, *exchanged), today=today, small=small)  # (7) (8)


def _lines(text: str) -> tuple[tuple[str, ...], bool]:
    """Return the lines in capitals without blanks, and whether there were small letters."""
    if len(text) > MOST_CHARACTERS:
        raise DocumentError(
            "document.mrz_length",
            f"The text has {len(text)} characters; a machine-readable zone has {_SIZES}.",
            remedy=_AGAIN,
        )
    small = any("a" <= one <= "z" for one in text)
    lines = [line for raw in text.splitlines() if (line := "".join(one for one in raw if one not in " \t"))]
    capitals = tuple("".join(one.upper() if "a" <= one <= "z" else one for one in line) for line in lines)
    for row, line in enumerate(capitals, 1):
        for column, one in enumerate(line, 1):
            if one not in ALPHABET:
                raise DocumentError(
                    "document.mrz_alphabet",
                    f"At line {row}, column {column} stands the character U+{ord(one):04X}; "
                    "a machine-readable zone has A to Z, 0 to 9 and < only.",
                    remedy=_AGAIN,
                )
    return capitals, small


def _layout(lines: tuple[str, ...]) -> tuple[Layout, tuple[str, ...]]:
    """Return the format's layout and the lines in its shape; a text without line ends is cut."""
    whole = "".join(lines)
    visa = whole.startswith("V")
    by_size = {
        (3, 30): MrzFormat.TD1,
        (2, 36): MrzFormat.MRV_B if visa else MrzFormat.TD2,
        (2, 44): MrzFormat.MRV_A if visa else MrzFormat.TD3,
    }
    for (height, width), form in by_size.items():
        if len(whole) == height * width and (len(lines) == 1 or {len(line) for line in lines} == {width}):
            return LAYOUTS[form], tuple(whole[start : start + width] for start in range(0, len(whole), width))
    shape = " + ".join(str(len(line)) for line in lines) or "no"
    raise DocumentError(
        "document.mrz_length",
        f"The zone has {shape} characters; a machine-readable zone has {_SIZES}. {_odd(lines)}",
        remedy=_AGAIN,
    )


def _odd(lines: tuple[str, ...]) -> str:
    """Return which line is too long or too short for the size that comes nearest."""
    total, big = sum(map(len, lines)), lines[:1] > ("L",)  # passports and visas begin with P and V, cards before that
    sizes = ((2, 44), (2, 36), (3, 30)) if big else ((3, 30), (2, 36), (2, 44))
    height, width = min(sizes, key=lambda size: (len(lines) not in {0, 1, size[0]}, abs(size[0] * size[1] - total)))
    if len(lines) in {0, 1}:
        return f"Nearest are {height * width}: position {min(total, height * width) + 1} is the first amiss."
    row, length = next(((row, len(line)) for row, line in enumerate(lines, 1) if len(line) != width), (len(lines), 0))
    return f"Nearest are {height} lines of {width}: line {row}, column {min(length, width) + 1} is the first amiss."


def _checked(layout: Layout, lines: tuple[str, ...]) -> tuple[tuple[str, ...], DocumentNumber, tuple[Repair, ...]]:
    """Return lines and document number with every check digit right, and what was exchanged for that."""
    number = document_number(layout, lines)
    wrong = [] if number is None else [check for check in checks(layout, lines, number) if not check.right]
    if number is not None and not wrong:
        return lines, number, ()
    exchanged = by_check_digit(layout, lines)
    if exchanged is not None:
        return exchanged
    if number is None:
        place = Span(layout.overflow[0].line, layout.overflow[0].start, layout.overflow[0].start + 1).place()
        raise DocumentError(
            "document.mrz_number",
            f"The document number's check digit is a filler, so the number must go on at {place} "
            "with its own check digit behind it, and does not.",
            remedy=_AGAIN,
        )
    raise DocumentError("document.mrz_check_digit", f"{_wrong(wrong)}.", remedy=_AGAIN)


def _wrong(wrong: list[Check]) -> str:
    """Return a clause for each wrong check digit: where it stands, what it is, what it should be."""
    clauses = [
        f"the check digit of the {check.field} at {check.digit.place()} is {check.read}, expected is {check.expected}"
        for check in wrong
    ]
    whole = "; ".join(clauses)
    return whole[0].upper() + whole[1:]


def _date(layout: Layout, lines: tuple[str, ...], name: str, today: date) -> DocumentDate:
    span, reader = (layout.birth, birth_date) if name == "birth date" else (layout.expiry, expiry_date)
    try:
        return reader(span.of(lines), today)
    except ValueError as no:
        raise DocumentError(
            "document.mrz_date", f"The {name} at {span.place()} is no day of the calendar.", remedy=_AGAIN
        ) from no


def _names(layout: Layout, lines: tuple[str, ...]) -> tuple[str, str, bool]:
    """Return surname, given names, and whether they may have been cut (ICAO 9303-3, 4.6)."""
    text = layout.names.of(lines)
    parts = text.rstrip(FILLER).split(FILLER * 2)
    if len(parts) > 2 or any(not part or part.startswith(FILLER) for part in parts):  # noqa: PLR2004 - primary, secondary
        raise DocumentError(
            "document.mrz_names",
            f"The names from {layout.names.place()} are not one surname and given names: two fillers part the two, "
            "one filler stands between words, and there is a surname.",
            remedy=_AGAIN,
        )
    surname, given = (part.replace(FILLER, " ") for part in (*parts, "")[:2])
    return surname, given, text[-1] != FILLER


def _zone(
    layout: Layout, lines: tuple[str, ...], number: DocumentNumber, repairs: tuple[Repair, ...], *, today: date,
    small: bool,
) -> MachineReadableZone:  # fmt: skip
    """Return the zone's fields; its check digits are right already."""
    if (sex := layout.sex.of(lines)) not in _SEXES:
        raise DocumentError(
            "document.mrz_sex", f"The sex at {layout.sex.place()} is none of F, M, X and <.", remedy=_AGAIN
        )
    surname, given, cut = _names(layout, lines)
    birth, expiry = (_date(layout, lines, name, today) for name in ("birth date", "expiry date"))
    dates = (layout.birth, layout.birth_digit, layout.expiry, layout.expiry_digit)
    optional = [span.of(lines).rstrip(FILLER) for span in layout.optional]
    optional[0] = number.rest if number.overflows else optional[0]
    return MachineReadableZone(
        format=layout.format, lines=lines, document_code=layout.code.of(lines).rstrip(FILLER),
        issuing_state=layout.state.of(lines).rstrip(FILLER), document_number=number.text.rstrip(FILLER),
        surname=surname, given_names=given, name_cut=cut, nationality=layout.nationality.of(lines).rstrip(FILLER),
        birth_date=birth, sex=_SEXES[sex], expiry_date=expiry, optional=tuple(optional),
        access_information=number.text + number.digit.of(lines) + "".join(span.of(lines) for span in dates),
        repairs=repairs, findings=_findings(layout, lines, small=small, cut=cut),
    )  # fmt: skip


def _findings(layout: Layout, lines: tuple[str, ...], *, small: bool, cut: bool) -> tuple[DocumentFinding, ...]:
    """Return what a reader should know and no refusal is made of."""
    usual = _USUAL_CODES.get(layout.format, "V")
    told = [
        (small, "small_letters", "Small letters were taken for capitals."),
        (cut, "names_cut", "The names fill their field: they may have been cut, so compare with the printed page."),
        (layout.code.of(lines)[0] not in usual, "document_code", f"A {layout.format} seldom begins so; read the page."),
        (layout.state.of(lines).rstrip(FILLER) not in STATES, "state_unknown", "The issuing state's code is unknown."),
        (
            layout.nationality.of(lines).rstrip(FILLER) not in STATES,
            "nationality_unknown", "The nationality's code is unknown.",
        ),
    ]  # fmt: skip
    return tuple(DocumentFinding(code, sentence) for holds, code, sentence in told if holds)
