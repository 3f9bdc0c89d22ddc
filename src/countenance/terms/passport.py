"""What the chip of a travel document becomes: files, steps with verdicts, and only then a portrait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from countenance.terms.face import Frame


class ChipFile(StrEnum):
    """The files of the eMRTD application (Doc 9303-10 4.6, 4.7), by the names that the standard has for them."""

    COM = "EF.COM"
    SOD = "EF.SOD"
    DG1 = "DG1"
    DG2 = "DG2"
    DG3 = "DG3"
    DG4 = "DG4"
    DG5 = "DG5"
    DG6 = "DG6"
    DG7 = "DG7"
    DG8 = "DG8"
    DG9 = "DG9"
    DG10 = "DG10"
    DG11 = "DG11"
    DG12 = "DG12"
    DG13 = "DG13"
    DG14 = "DG14"
    DG15 = "DG15"
    DG16 = "DG16"

    @property
    def group(self) -> int:
        """The data group's number, 1 to 16; 0 for EF.COM and EF.SOD."""
        return int(self.value[2:]) if self.value.startswith("DG") else 0


@dataclass(frozen=True, slots=True)
class ChipData:
    """What was read from one chip; nothing of it is believed yet."""

    files: Mapping[ChipFile, bytes]
    """Each file whole, from its tag to its last byte."""


class StepVerdict(StrEnum):
    """How one step of a check ended."""

    PASSED = "passed"
    FINDING = "finding"
    """Nothing is broken, but an officer should know."""
    FAILED = "failed"
    NOT_MADE = "not_made"
    """What the step needs was not there, because an earlier step failed or data are missing."""


@dataclass(frozen=True, slots=True)
class ChipStep:
    """One numbered step of the check, made or not."""

    number: int
    name: str
    clause: str
    """Where the step is asked for, such as "Doc 9303-11 5.1.1 (3)"."""
    verdict: StepVerdict
    reason: str
    """A sentence; says nothing about the person."""

    @property
    def holds(self) -> bool:
        """Whether the document may be believed as far as this step goes."""
        return self.verdict in {StepVerdict.PASSED, StepVerdict.FINDING}


class PortraitCoding(StrEnum):
    """How a portrait is compressed, told by its first bytes and never by what a header says."""

    JPEG = "jpeg"
    JPEG_2000 = "jpeg2000"


@dataclass(frozen=True, slots=True)
class Portrait:
    """The face out of DG2, decoded."""

    frame: Frame
    """RGB pixels; ``frame.sha256`` is over the compressed image as the chip holds it."""
    image: bytes
    """A file of it: the JPEG as the chip holds it; of JPEG 2000, which no camera has, the pixels as a PNG."""
    coding: PortraitCoding
    record: str
    """The record it came in: "ISO/IEC 19794-5" or "ISO/IEC 39794-5"."""


@dataclass(frozen=True, slots=True)
class ChipAuthentic:
    """Every step held: what the issuing state signed is unchanged, and the portrait may serve as a reference.

    It says nothing about whether the chip is a copy (Doc 9303-11 6: Active or Chip Authentication needs the chip).
    """

    steps: tuple[ChipStep, ...]
    issuing_state: str
    """As DG1 has it, fillers removed: "D", "UTO"."""
    mrz: tuple[str, ...]
    """The machine readable zone out of DG1, line by line."""
    portrait: Portrait


@dataclass(frozen=True, slots=True)
class ChipNotAuthentic:
    """A step did not hold: nothing from this chip may be used, an officer checks the document by hand."""

    steps: tuple[ChipStep, ...]

    @property
    def broken(self) -> tuple[ChipStep, ...]:
        """The steps that did not hold, failed ones first: the first is the one to tell."""
        return tuple(sorted((step for step in self.steps if not step.holds), key=lambda s: s.verdict.value))


ChipCheck = ChipAuthentic | ChipNotAuthentic
