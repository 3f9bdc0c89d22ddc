"""What travels over HTTP about cases and about who may act; the same rules as ``schemas``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from countenance.interfaces.schemas import Answered, Identifier, ReceiptBody, Sent
from countenance.terms import CaseEvent, CaseState, Compared, OfficerReason, Role, SecondFact, Telling

Words = Annotated[str, Field(max_length=400, pattern=r"^[^\x00-\x1f\x7f]*$")]
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Day = Annotated[str, Field(pattern="^20[0-9]{2}-[0-9]{2}-[0-9]{2}$", description="A day in UTC.")]


class StepBody(Answered):
    """One thing that somebody did with a referral."""

    event: CaseEvent
    state: CaseState = Field(description="Where the case stood from then on.")
    by: str = Field(description="The post that acted; the named person is sealed in the record.")
    role: Role
    at: str
    second_facts: list[SecondFact]
    until: str = Field(description="A contest's clock: review is due, and the freeze ends; empty with other events.")


class ReferralBody(Answered):
    """What waits for a human; it says why, and holds no score."""

    referral_id: str = Field(description="Also the reference on the person's redress receipt.")
    encounter_id: str
    checkpoint: str
    reason: str
    earlier: str = Field(description="The same person's referral that was in secondary inspection already, or empty.")
    compared: Compared = Field(description="What the photograph was compared with.")
    state: CaseState
    opened_at: str
    expires_at: str = Field(description="When it and its photographs will be gone, unless it is contested.")
    kept_until: str = Field(description="The same, a contest's freeze counted in.")
    contest_by: str
    steps: list[StepBody]


class OpenedReferralBody(ReferralBody):
    """A referral with its photographs; who opened it was recorded."""

    probe: str = Field(description="The live photograph's file, base64; empty when none was kept, or it is gone.")
    reference: str = Field(description="The document portrait's file, base64; empty when there was none.")


class RedressBody(Answered):
    """What a referred person is given. No score, no name."""

    reference: str
    at: str
    place: str
    checkpoint: str
    purpose: str
    charter_id: str
    charter: str = Field(description="SHA-256 of the charter it happened under.")
    legal_basis: str
    controller: str
    contact: str = Field(description="Where to contest.")
    compared: str
    why: str
    standing: str
    kept_until: str
    contest_by: str
    entry: str = Field(description="The commitment in the public log; empty where the referral has only its own entry.")
    text: str = Field(description="All of it as plain text to print.")


class ReferBody(Sent):
    """Refers the person of an encounter, whatever was answered."""

    encounter: str = Field(pattern="^[0-9a-f]{32}$", description="The answer's encounter_id.")
    reason: Annotated[OfficerReason, Field(strict=False)]
    words: Words = Field("", description="Sealed with the entry's personal part. No names of the person.")


class TakeBody(Sent):
    """Does something with a referral."""

    event: Annotated[CaseEvent, Field(strict=False)]
    second_facts: list[Annotated[SecondFact, Field(strict=False)]] = Field(
        default_factory=list, max_length=4, description="For `find`: at least one. Nobody is decided against on a face."
    )
    named: Words = Field("", description="For `find`: which human decides. Sealed.")
    words: Words = Field("", description="Why. Sealed.")


class StandingBody(Answered):
    """A case as it stands, and the person's receipt."""

    referral: ReferralBody
    redress: RedressBody


class SteppedBody(StandingBody):
    """Done and recorded."""

    receipt: ReceiptBody


class NotificationBody(Answered):
    """Something a supervisor must see."""

    notification: str
    at: str
    telling: Telling
    checkpoint: str
    about: str = Field(description="A referral's or a charter's id.")
    contact: str = Field(description="Whom to tell outside this system; empty where nobody.")


class SuspensionBody(Answered):
    """A charter under which nothing is compared."""

    charter_id: str
    checkpoint: str
    at: str
    detail: str
    contact: str = Field(description="Whom to tell.")
    staffed_checks: bool = Field(description="Whether the check is a legal duty and goes on by staff.")


class ResumeBody(Sent):
    """Resumes a charter."""

    named: Line = Field(description="Which supervisor resumes. Sealed.")
    reason: Line = Field(description="What was found and changed. Sealed.")


class TrainingSentBody(Sent):
    """Records a training."""

    holder: Line = Field(examples=["operator:17"], description="Who did it: the post that holds the key.")
    course: Line
    until: Day = Field(description="The day on which it ends.")


class TrainingBody(Answered):
    """Somebody's newest training."""

    holder: str
    course: str
    completed_at: str
    valid_until: str
    recorded_by: str
    in_date: bool


class PartnerSentBody(Sent):
    """Records a partner that runs capture devices."""

    partner: Identifier = Field(examples=["airline-1"])
    name: Line
    contact: Line
    obligation: Line = Field(description="Where the signed obligation to store and reuse no photograph is filed.")
    obliged: Day = Field(description="When it was signed.")
    audit_every_days: int = Field(365, ge=1, le=3650)


class AuditSentBody(Sent):
    """Notes an audit of a partner."""

    passed: bool
    reference: Line = Field(description="Where its report is filed.")


class AuditBody(Answered):
    """One audit."""

    at: str
    by: str
    passed: bool
    reference: str


class PartnerBody(Answered):
    """A partner's line in the ledger."""

    partner: str
    name: str
    contact: str
    obligation: str
    obliged_at: str
    audit_every_days: int
    devices: list[str]
    audits: list[AuditBody] = Field(description="Oldest first.")
    due_at: str = Field(description="When the next audit is due.")
    overdue: bool
