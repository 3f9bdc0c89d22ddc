"""Nouns as they travel over HTTP: ``countenance.terms`` in, ``interfaces.schemas`` out. No score passes here."""

from __future__ import annotations

from typing import Literal

from countenance.bootstrap.looking import eligibility_at
from countenance.interfaces.refusing import classes_that_may_refuse
from countenance.interfaces.schemas import (
    CharterBody,
    CheckpointBody,
    ClassRuleBody,
    NoticeBody,
    OpenedBody,
    ProofBody,
    ReceiptBody,
    ReplyBody,
    RuleBody,
    TreeHeadBody,
)
from countenance.interfaces.schemas_galleries import GalleryBody
from countenance.procedures import Lane
from countenance.terms import (
    GalleryInfo,
    InclusionProof,
    Instant,
    Opened,
    Receipt,
    Reply,
    StageTime,
    TreeHead,
    iso,
)


def receipt_body(receipt: Receipt) -> ReceiptBody:
    """Return ``receipt`` as it travels."""
    return ReceiptBody(
        origin=receipt.origin, commitment=receipt.commitment, include_by=receipt.include_by, facts=receipt.facts,
        facts_salt=receipt.facts_salt, personal_mac=receipt.personal_mac, signature=receipt.signature,
    )  # fmt: skip


def reply_body(reply: Reply) -> ReplyBody:
    """Return ``reply`` as it travels; what stages took goes into the header Server-Timing instead."""
    return ReplyBody(
        encounter_id=reply.encounter_id, outcome=reply.outcome, reason=reply.reason, advice=reply.advice,
        next_step=reply.next_step, attempts_left=reply.attempts_left, reference_id=reply.reference_id,
        rules=[RuleBody(rule_id=rule.rule_id, sentence=rule.sentence) for rule in reply.rules],
        operating_point=reply.operating_point, receipt=receipt_body(reply.receipt),
    )  # fmt: skip


def opened_body(opened: Opened) -> OpenedBody:
    """Return an opened encounter as it travels, its token shown this once."""
    return OpenedBody(
        token=opened.token, encounter_id=opened.encounter_id, expires_at=iso(opened.expires_at),
        may_refuse=opened.may_refuse, notice_id=opened.notice_id, receipt=receipt_body(opened.receipt),
    )  # fmt: skip


def gallery_body(info: GalleryInfo) -> GalleryBody:
    """Return a gallery's card as it travels."""
    return GalleryBody(
        gallery=info.gallery_id, checkpoint=info.checkpoint_id, charter=info.charter, weights=info.weights,
        open=info.open, size=info.size, searches=info.searches, opened_at=iso(info.opened_at),
    )  # fmt: skip


def tree_head_body(head: TreeHead) -> TreeHeadBody:
    """Return a tree head as it travels."""
    return TreeHeadBody(size=head.size, root=head.root.hex(), note=head.note)


def proof_body(proof: InclusionProof) -> ProofBody:
    """Return an inclusion proof as it travels."""
    return ProofBody(
        commitment=proof.commitment.hex(), index=proof.index, path=[node.hex() for node in proof.path],
        tree_head=tree_head_body(proof.tree_head),
    )  # fmt: skip


def charter_body(lane: Lane, lanes: list[Lane], now: Instant) -> CharterBody:
    """Return the charter of ``lane`` as people may read it; ``lanes`` are all that it governs."""
    charter = lane.charter
    return CharterBody(
        charter=charter.sha256, charter_id=charter.charter_id, version=charter.version,
        profile=charter.profile, trial=charter.trial,
        purpose=charter.purpose, legal_basis=charter.legal_basis, controller=charter.controller,
        contact=charter.contact, place=charter.place, mode=charter.mode, use=charter.use,
        forbidden_uses=list(charter.forbidden_uses), public_page=charter.public_page,
        may_opt_out=list(classes_that_may_refuse(charter, now)),
        eligibility=[
            ClassRuleBody(
                person_class=rule.person_class, may_refuse=rule.may_refuse, exempt_under=rule.exempt_under,
                exempt_over=rule.exempt_over,
            )
            for rule in eligibility_at(charter, max(now, charter.valid_from)).classes
        ],
        operating_point=lane.point.sha256, evidence=evidence_of(lane),
        checkpoints=[
            CheckpointBody(
                checkpoint=one.checkpoint.checkpoint_id, name=one.checkpoint.name,
                existing_check=one.checkpoint.existing_check, notice_id=one.checkpoint.notice_id,
                biometric=one.checkpoint.biometric,
            )
            for one in lanes
        ],
        notices=[
            NoticeBody(notice_id=one.notice_id, language=one.language, text=one.text, sha256=one.sha256)
            for one in charter.notices
        ],
        valid_from=iso(charter.valid_from), valid_until=iso(charter.valid_until), in_force=charter.in_force(now),
    )  # fmt: skip


def evidence_of(lane: Lane) -> Literal["measured", "unmeasured", "extrapolated"]:
    """Return in one word what stands behind this lane's threshold; no error rate, so that officers may read it."""
    if lane.point.extrapolated is not None:
        return "extrapolated"
    return "unmeasured" if lane.point.unmeasured(lane.charter.mode) else "measured"


def server_timing(millis: tuple[StageTime, ...]) -> str:
    """Return the header Server-Timing (W3C): ``live.decode;dur=3.1, compare;dur=0.2``."""
    return ", ".join(f"{stage.stage};dur={stage.millis:g}" for stage in millis)
