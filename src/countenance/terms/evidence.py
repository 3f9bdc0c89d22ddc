"""Operating points: a threshold, the error rate that it stands for, and how and on whom that was measured."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from countenance.terms.authority import Mode
from countenance.terms.time import Instant


@dataclass(frozen=True, slots=True)
class Bounds:
    """A measured range, both ends included."""

    low: int
    high: int

    def hold(self, value: int) -> bool:
        """Return whether ``value`` lies in [low, high]."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """Nobody measured this; only charters marked ``trial`` accept it."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The conditions under which an operating point's error rate was measured. Outside it nothing is compared."""

    ages: Bounds | Unmeasured
    """Completed years."""
    reference_years: Bounds | Unmeasured
    """Completed years between the capture of the reference and that of the probe."""
    capture_classes: tuple[str, ...] | Unmeasured
    modes: tuple[Mode, ...]
    largest_gallery: int | Unmeasured
    """References in the largest gallery tested; where the point is extrapolated, in the largest one that it is for."""


class ErrorRate(StrEnum):
    """Which error rate a threshold was chosen for (ISO/IEC 19795-1)."""

    FMR = "fmr"
    """False matches among 1:1 comparisons of strangers."""
    FPIR = "fpir"
    """Searches of a gallery by somebody who is not in it that return somebody all the same."""


class Pairs(StrEnum):
    """Whom the strangers of a measured rate were compared with."""

    ALL = "all"
    SAME_GROUP = "same-group"


@dataclass(frozen=True, slots=True)
class Target:
    """The error rate that a threshold was chosen for."""

    rate: ErrorRate
    value: float
    """A fraction, such as 1e-5."""
    gallery_size: int
    """References in the gallery it holds for (``fpir``); 0 for ``fmr``."""
    pairs: Pairs


@dataclass(frozen=True, slots=True)
class Estimate:
    """What was measured at the threshold. Rates are fractions; None says that the data do not suffice for a number."""

    fmr: float | None
    fmr_upper: float | None
    """The interval's upper bound: what can be relied on."""
    fnmr: float | None
    fnmr_upper: float | None
    fpir: float | None
    fpir_upper: float | None
    persons: int
    mated_pairs: int
    non_mated_pairs: int
    sentence: str
    """The same for people."""


@dataclass(frozen=True, slots=True)
class GroupEstimate:
    """What was measured at the same threshold for one group that people named themselves (invariant 12)."""

    group: str
    persons: int
    fmr: float | None
    fmr_upper: float | None
    fnmr: float | None
    fnmr_upper: float | None


@dataclass(frozen=True, slots=True)
class Extrapolated:
    """The point is for larger galleries than were tested; only charters marked ``trial`` accept it (N-6)."""

    measured_gallery: int
    """References in the largest gallery tested."""
    method: str
    """How the rate was carried on from there."""


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A threshold with its evidence. ``score >= threshold`` is a match."""

    sha256: str
    """Of the file's bytes: the name by which charters and entries refer to it."""
    label: str
    """For people: "LFW FMR ≈ 1e-5, from published measurement"."""
    weights: str
    """SHA-256 name of networks, alignment and pipeline it was measured on; every template carries the same name."""
    recogniser: str
    """SHA-256 of the recogniser's file alone; told, not compared: ``weights`` covers it."""
    preprocessing: str
    """The rest of what ``weights`` names, in words; told, not compared."""
    threshold: float
    """Cosine in (-1, 1]."""
    target: Target
    estimate: Estimate
    minimum_age: int
    """Nobody younger is compared, measured or not (0 = no such rule)."""
    envelope: Envelope
    extrapolated: Extrapolated | None
    """None: for no larger galleries than were tested."""
    groups: tuple[GroupEstimate, ...]
    data: str
    """SHA-256 of the evaluation's data, or "" where no evaluation of this project stands behind it."""
    report: str
    """SHA-256 of the evaluation's ``report.json``, or ""."""
    code: str
    """Version of the code that measured."""
    issued_at: Instant
    expires_at: Instant
    source: str

    def in_date(self, now: Instant) -> bool:
        """Return whether ``now`` lies in [issued_at, expires_at)."""
        return self.issued_at <= now < self.expires_at

    def unmeasured(self, mode: Mode) -> tuple[str, ...]:
        """Return what matters in ``mode`` and nobody measured, by field name: a verification has no gallery.

        The upper bound of the rate of false matches counts: without it nobody knows how often strangers match.
        """
        envelope, searches = self.envelope, mode is not Mode.VERIFY
        bounds: dict[str, object] = {
            "ages": envelope.ages,
            "reference_years": envelope.reference_years,
            "capture_classes": envelope.capture_classes,
        }
        if searches:
            bounds["largest_gallery"] = envelope.largest_gallery
        missing = [name for name, bound in bounds.items() if isinstance(bound, Unmeasured)]
        rate = ("fpir_upper", self.estimate.fpir_upper) if searches else ("fmr_upper", self.estimate.fmr_upper)
        return (*missing, *([rate[0]] if rate[1] is None else []))

    def covers_gallery(self, size: int) -> bool:
        """Return whether a gallery of ``size`` references lies inside the evidence.

        What was tested must be at least nine tenths of it (N-6: NIST SP 800-63, draft), and so must the gallery that an
        FPIR is a target for. Beyond an extrapolated size there is no such allowance. An unmeasured size covers all:
        trials only.
        """
        tested = [] if isinstance(self.envelope.largest_gallery, Unmeasured) else [self.envelope.largest_gallery]
        if self.target.rate is ErrorRate.FPIR:
            tested.append(self.target.gallery_size)
        if self.extrapolated is not None:
            return all(size <= largest for largest in tested)
        return all(9 * size <= 10 * largest for largest in tested)
