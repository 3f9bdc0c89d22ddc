"""A reader with a document on it, simulated: the port that PC/SC with BAC or PACE will implement."""

from __future__ import annotations

from countenance.errors import DocumentError
from countenance.terms import ChipData, ChipFile


class SimulatedReader:
    """Gives the files of one chip; ``guarded`` ones it keeps; after ``answers`` files the chip is taken away."""

    def __init__(self, chip: ChipData, *, guarded: frozenset[ChipFile] = frozenset(), answers: int = 99) -> None:
        self.chip, self.guarded, self.answers = chip, guarded, answers
        self.asked: list[ChipFile] = []

    def read(self, file: ChipFile) -> bytes | None:
        """Return one file, or None when the chip does not have or give it."""
        self.asked.append(file)
        if len(self.asked) > self.answers:
            raise DocumentError(
                "chip.reader", "The chip does not answer.", remedy="Put the document on the reader again."
            )
        return None if file in self.guarded else self.chip.files.get(file)
