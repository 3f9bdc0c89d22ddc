"""Cases, notifications, suspensions, training and partners as they travel, and the redress receipt as a page."""

from __future__ import annotations

from base64 import b64encode
from html import escape

from countenance.interfaces.schemas_cases import (
    AuditBody,
    NotificationBody,
    OpenedReferralBody,
    PartnerBody,
    RedressBody,
    ReferralBody,
    StandingBody,
    StepBody,
    SteppedBody,
    SuspensionBody,
    TrainingBody,
)
from countenance.interfaces.shown import receipt_body
from countenance.procedures import Lanes, OpenedReferral, Standing
from countenance.terms import CaseStep, LedgerLine, Notification, Receipt, Suspension, Training, iso


def referral_body(standing: Standing) -> ReferralBody:
    """Return a case as it travels in a list: without photographs."""
    referral = standing.case.referral
    return ReferralBody(
        referral_id=referral.referral_id, encounter_id=referral.encounter_id, checkpoint=referral.checkpoint_id,
        reason=referral.reason, earlier=referral.earlier, compared=referral.compared, state=standing.state,
        opened_at=iso(referral.opened_at), expires_at=iso(referral.expires_at),
        kept_until=iso(standing.redress.kept_until), contest_by=iso(referral.contest_by),
        steps=[_step(step) for step in standing.case.steps],
    )  # fmt: skip


def _step(step: CaseStep) -> StepBody:
    return StepBody(
        event=step.event, state=step.state, by=step.by, role=step.role, at=iso(step.at),
        second_facts=list(step.second_facts), until=iso(step.until) if step.until else "",
    )  # fmt: skip


def opened_referral_body(opened: OpenedReferral) -> OpenedReferralBody:
    """Return a case as it travels to the person who reviews it: with photographs, without a score."""
    return OpenedReferralBody(
        **dict(referral_body(opened.standing)),
        probe=b64encode(opened.probe).decode(), reference=b64encode(opened.reference).decode(),
    )  # fmt: skip


def redress_body(standing: Standing) -> RedressBody:
    """Return a redress receipt as it travels."""
    one = standing.redress
    return RedressBody(
        reference=one.reference, at=iso(one.at), place=one.place, checkpoint=one.checkpoint, purpose=one.purpose,
        charter_id=one.charter_id, charter=one.charter, legal_basis=one.legal_basis, controller=one.controller,
        contact=one.contact, compared=one.compared, why=one.why, standing=one.standing, kept_until=iso(one.kept_until),
        contest_by=iso(one.contest_by), entry=one.entry, text=standing.text,
    )  # fmt: skip


def standing_body(standing: Standing) -> StandingBody:
    """Return a case and the person's receipt."""
    return StandingBody(referral=referral_body(standing), redress=redress_body(standing))


def stepped_body(standing: Standing, receipt: Receipt) -> SteppedBody:
    """Return a case, the person's receipt, and the record's."""
    return SteppedBody(referral=referral_body(standing), redress=redress_body(standing), receipt=receipt_body(receipt))


def redress_page(standing: Standing) -> str:
    """Return the redress receipt as one page of HTML that prints as it is: no script, no style, nothing fetched."""
    parts = "".join(_redress_part(page, "h2" if at else "h1") for at, page in enumerate(standing.pages))
    return (
        f'<!doctype html><html lang="{standing.redress.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Your receipt</title></head>'
        f"<body><main>{parts}</main></body></html>\n"
    )


def _redress_part(page: tuple[str, str, tuple[tuple[str, str], ...]], level: str) -> str:
    language, title, lines = page
    rows = "".join(f"<dt><strong>{escape(name)}</strong></dt><dd>{escape(said)}</dd>" for name, said in lines)
    return f'<section lang="{language}"><{level}>{escape(title)}</{level}><dl>{rows}</dl></section>'


def notification_body(told: Notification) -> NotificationBody:
    """Return what a supervisor must see."""
    return NotificationBody(
        notification=told.notification_id, at=iso(told.at), telling=told.telling, checkpoint=told.checkpoint_id,
        about=told.about, contact=told.contact,
    )  # fmt: skip


def suspension_body(suspension: Suspension, lanes: Lanes) -> SuspensionBody:
    """Return a suspension with whom to tell; the charter's text at that time says so."""
    charter = lanes.governing(suspension.checkpoint_id, suspension.charter).charter
    return SuspensionBody(
        charter_id=suspension.charter_id, checkpoint=suspension.checkpoint_id, at=iso(suspension.at),
        detail=suspension.detail, contact=charter.contact, staffed_checks=charter.legal_duty,
    )  # fmt: skip


def training_body(training: Training, *, in_date: bool) -> TrainingBody:
    """Return somebody's training."""
    return TrainingBody(
        holder=training.actor_id, course=training.course, completed_at=iso(training.completed_at),
        valid_until=iso(training.valid_until), recorded_by=training.recorded_by, in_date=in_date,
    )  # fmt: skip


def partner_body(line: LedgerLine) -> PartnerBody:
    """Return a partner's line of the ledger."""
    partner = line.partner
    return PartnerBody(
        partner=partner.partner_id, name=partner.name, contact=partner.contact, obligation=partner.obligation,
        obliged_at=iso(partner.obliged_at), audit_every_days=partner.audit_every_days, devices=list(line.devices),
        audits=[AuditBody(at=iso(one.at), by=one.by, passed=one.passed, reference=one.reference)
                for one in line.audits],
        due_at=iso(line.due_at), overdue=line.overdue,
    )  # fmt: skip
