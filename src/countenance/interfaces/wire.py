"""The other side of ``interfaces.shown``: what travelled over HTTP becomes ``countenance.terms`` again."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from countenance import errors
from countenance.interfaces.durations import day_text
from countenance.procedures import RowVerdict
from countenance.terms import (
    Clearance,
    Enrolment,
    EnrolmentVerdict,
    GalleryInfo,
    Mode,
    NextStep,
    Opened,
    OpenRequest,
    Outcome,
    Papers,
    Receipt,
    Reply,
    Rule,
    StageTime,
    Tally,
    parse_iso,
)
from countenance.terms.staging import PortraitRow, PortraitVerdict

Verdict = TypeVar("Verdict")

_BY_BOUNDARY: Mapping[str, type[errors.CountenanceError]] = {
    "access": errors.AccessError,
    "case": errors.CaseError,
    "charter": errors.CharterError,
    "checkpoint": errors.NotFound,
    "chip": errors.DocumentError,
    "count": errors.CountError,
    "document": errors.DocumentError,
    "encounter": errors.EncounterError,
    "gallery": errors.GalleryError,
    "inference": errors.InferenceError,
    "log": errors.RecordError,
    "manifest": errors.DocumentError,
    "record": errors.RecordError,
    "partner": errors.NotFound,
    "portraits": errors.DocumentError,
    "referral": errors.NotFound,
    "site": errors.SiteError,
    "storage": errors.StorageError,
    "vault": errors.VaultError,
}
_BY_STATUS: Mapping[int, type[errors.CountenanceError]] = {
    401: errors.NotAuthenticated,
    404: errors.NotFound,
    413: errors.RequestTooLarge,
}


def in_path(text: str) -> str:
    """Return a name as one part of an address."""
    return quote(text, safe="")


def capture(mode: Mode, attempt: int, live: bytes, portrait: bytes, papers: Papers) -> dict[str, object]:
    """Return the body of ``POST /verifications`` or ``/identifications``."""
    sent: dict[str, object] = {"attempt": attempt, "live": b64encode(live).decode()}
    if mode is Mode.VERIFY and not papers:
        sent["portrait"] = b64encode(portrait).decode()
    if papers.zone:
        sent["mrz"] = papers.zone
    if papers.chip:
        sent["chip"] = {file.value: b64encode(data).decode() for file, data in papers.chip.items()}
    return sent


def opening(request: OpenRequest) -> dict[str, object]:
    """Return the body of ``POST /encounters``."""
    eligibility = request.eligibility
    return {
        "checkpoint": request.checkpoint_id,
        "eligibility": {
            "person_class": eligibility.person_class, "age": eligibility.age,
            "reference_years": eligibility.reference_years, "refusal_offered": eligibility.refusal_offered,
        },
        "gallery": request.gallery_id,
        "claim": request.claim,
        "mrz": request.zone,
        "stated": {"sex": request.stated.sex, "issuing_state": request.stated.issuing_state},
    }  # fmt: skip


def tally(noted: Tally) -> dict[str, object]:
    """Return the body of ``POST /tallies``."""
    return {
        "checkpoint": noted.checkpoint_id, "day": day_text(noted.day), "presented": noted.presented,
        "exempt": noted.exempt, "source": noted.source, "replaces": noted.replaces,
    }  # fmt: skip


def clearance(noted: Clearance) -> dict[str, object]:
    """Return the body of ``POST /clearances``."""
    return {
        "checkpoint": noted.checkpoint_id, "reason": noted.reason, "people": noted.people,
        "encounter": noted.encounter_id, "words": noted.words,
    }  # fmt: skip


def opened(answer: Mapping[str, Any]) -> Opened:
    """Return an opened encounter."""
    return Opened(
        token=answer["token"], encounter_id=answer["encounter_id"], expires_at=parse_iso(answer["expires_at"]),
        may_refuse=answer["may_refuse"], notice_id=answer["notice_id"], receipt=Receipt(**answer["receipt"]),
    )  # fmt: skip


def reply(answer: Mapping[str, Any], server_timing: str) -> Reply:
    """Return a reply; what stages took comes from the header Server-Timing."""
    return Reply(
        encounter_id=answer["encounter_id"], outcome=Outcome(answer["outcome"]), reason=answer["reason"],
        advice=answer["advice"], next_step=NextStep(answer["next_step"]), attempts_left=answer["attempts_left"],
        reference_id=answer["reference_id"], rules=tuple(Rule(**rule) for rule in answer["rules"]),
        operating_point=answer["operating_point"], receipt=Receipt(**answer["receipt"]),
        millis=tuple(_stages(server_timing)),
    )  # fmt: skip


def _stages(server_timing: str) -> Iterator[StageTime]:
    for part in filter(None, server_timing.split(", ")):
        stage, _, duration = part.partition(";dur=")
        yield StageTime(stage, float(duration))


def enrolment_line(row: Enrolment) -> bytes:
    """Return one line of ``POST /galleries/{gallery}/references``."""
    line = {
        "reference_id": row.reference_id, "person_id": row.person_id, "age": row.age,
        "reference_years": row.reference_years, "image": b64encode(row.image).decode(),
    }  # fmt: skip
    return json.dumps(line).encode() + b"\n"


def portrait_line(row: PortraitRow) -> bytes:
    """Return one line of ``POST /galleries/{gallery}/portraits``."""
    portrait = row.portrait
    image = b64encode(portrait.image).decode()
    line = {"number": row.number, "reference_years": portrait.reference_years, "image": image}
    return json.dumps(line).encode() + b"\n"


def row_verdict(line: Mapping[str, Any], rows_before: int) -> RowVerdict:
    """Return one row's verdict."""
    return RowVerdict(
        line["row"] + rows_before, line["reference_id"], EnrolmentVerdict(line["verdict"]), line["reason"],
        line["advice"],
    )  # fmt: skip


def portrait_verdict(line: Mapping[str, Any], rows_before: int) -> PortraitVerdict:
    """Return one portrait's verdict."""
    return PortraitVerdict(
        line["row"] + rows_before, line["number"], EnrolmentVerdict(line["verdict"]), line["reason"], line["advice"]
    )


def verdicts(
    lines: Iterable[bytes], rows_before: int, read: Callable[[Mapping[str, Any], int], Verdict]
) -> Iterator[Verdict]:
    """Yield a stream's verdicts, rows counted on from ``rows_before``.

    Raises:
        CountenanceError: the stream ended in a problem; rows without a verdict were not enrolled.
        SiteError: ``site.unreachable``, the stream broke off.
    """
    end: Mapping[str, Any] = {}
    for text in lines:
        line = json.loads(text)
        if "verdict" not in line:
            end = line
            continue
        yield read(line, rows_before)
    if "problem" in end:
        raise error(end["problem"]["status"], json.dumps(end["problem"]).encode())
    if "summary" not in end:
        raise errors.SiteError(
            "site.unreachable", "The service's answer broke off.",
            remedy="Do the same again: what was enrolled stays and comes back as duplicates.",
        )  # fmt: skip


def gallery(card: Mapping[str, Any]) -> GalleryInfo:
    """Return a gallery's card."""
    return GalleryInfo(
        gallery_id=card["gallery"], checkpoint_id=card["checkpoint"], charter=card["charter"], weights=card["weights"],
        open=card["open"], size=card["size"], searches=card["searches"], opened_at=parse_iso(card["opened_at"]),
    )  # fmt: skip


def error(status: int, body: bytes) -> errors.CountenanceError:
    """Return the error that a problem reply names, of the same boundary as where it was raised."""
    try:
        problem = json.loads(body)
        code, detail, remedy = str(problem["code"]), str(problem["detail"]), str(problem["remedy"])
    except (ValueError, KeyError, TypeError):
        code, detail = f"request.http_{status}", f"The service answered with HTTP status {status}."
        remedy = "See whether something else listens at its address."
    kind = _BY_STATUS.get(status) or _BY_BOUNDARY.get(code.partition(".")[0], errors.SiteError)
    return kind(code, detail, remedy=remedy)
