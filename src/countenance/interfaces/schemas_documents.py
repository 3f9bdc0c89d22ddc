"""What travels over HTTP about a document that is read or checked: what it says, never how anybody looks."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from pydantic import Field

from countenance.interfaces.schemas import Answered, ChipFiles, MrzText, Sent
from countenance.procedures import ChipChecked, ZoneRead
from countenance.terms import ChipAuthentic, ChipStep, Sex, StepVerdict
from countenance.terms.documents import MrzFormat

NOT_PROVED = "Check digits find slips of reading, not forgeries: what a zone claims is proved by the chip alone."

EXPIRED_SINCE = "The document's last day where it lies before today in UTC, else empty."


class ZoneSentBody(Sent):
    """A machine-readable zone as a reader gives it or a person types it."""

    mrz: MrzText = Field(description="The zone, with or without line ends.")


class RepairBody(Answered):
    """One character that was read as another."""

    line: int = Field(description="From 1.")
    column: int = Field(description="From 1.")
    field: str
    read: str
    taken: str
    confirmed: bool = Field(description="Whether a check digit covers it.")


class DocumentFindingBody(Answered):
    """Something to know that is no reason to refuse the document."""

    code: str
    sentence: str


class ZoneBody(Answered):
    """What a zone says; its check digits are right, and nothing is proved."""

    format: MrzFormat
    lines: list[str] = Field(description="As taken, repairs included.")
    document_code: str
    issuing_state: str
    document_number: str
    surname: str
    given_names: str
    name_cut: bool = Field(description="Whether the names may have been cut.")
    nationality: str
    birth_date: str = Field(description="X for what is not stated: 1974-XX-XX.")
    sex: Sex = Field(description="As the document states it.")
    expiry_date: str
    expired_since: str = Field(description=EXPIRED_SINCE)
    optional: list[str]
    access_information: str = Field(description="Number, birth and expiry, as a reader needs them to open the chip.")
    repairs: list[RepairBody]
    findings: list[DocumentFindingBody]
    age: int = Field(description="Completed years today, for `eligibility.age`; -1 when unknown.")
    note: str


class ChipSentBody(Sent):
    """A chip's files."""

    files: ChipFiles = Field(description="Base64, by their names in ICAO 9303: `EF.SOD`, `DG1`, `DG2` …")


class StepBody(Answered):
    """One numbered step of the check."""

    number: int
    name: str
    clause: str = Field(description="Where the step is asked for.")
    verdict: StepVerdict
    reason: str


class ChipBody(Answered):
    """How a chip's check ended; never its portrait."""

    authentic: bool = Field(description="Whether every step holds: then the portrait may serve as a reference.")
    steps: list[StepBody]
    certificates: int = Field(description="CSCA certificates that it was checked against.")
    expired_since: str = Field(description=EXPIRED_SINCE + " Only a chip that holds says it.")


def zone_body(found: ZoneRead) -> ZoneBody:
    """Return a zone as it travels."""
    zone = found.zone
    dates = {"birth_date": str(zone.birth_date), "expiry_date": str(zone.expiry_date)}
    return ZoneBody(
        **{**asdict(zone), **dates, "age": found.age, "note": NOT_PROVED, "expired_since": _day(found.expired_since)}
    )


def chip_body(checked: ChipChecked) -> ChipBody:
    """Return a check as it travels."""
    check = checked.check
    steps = [_step(one) for one in check.steps]
    return ChipBody(
        authentic=isinstance(check, ChipAuthentic), steps=steps, certificates=checked.trusted,
        expired_since=_day(checked.expired_since),
    )  # fmt: skip


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _step(one: ChipStep) -> StepBody:
    return StepBody(number=one.number, name=one.name, clause=one.clause, verdict=one.verdict, reason=one.reason)
