"""Acts on what a site may do: charters and policies signed or withdrawn, posted notices looked at; each is recorded.

They happen while no service runs, as whoever may read ``keys/charter``: that key is the authority (decision 0012).
"""

from __future__ import annotations

from countenance.ports import UnitOfWork
from countenance.procedures.recording import Recorder
from countenance.terms import Charter, Instant, JsonObject, NoticeCheck, iso


def record_charter(tx: UnitOfWork, recorder: Recorder, charter: Charter, key: bytes, now: Instant) -> None:
    """Record that the site's key for charters (``key``, 32 bytes, public) signs ``charter``, whose clock it uses."""
    facts: JsonObject = {
        "event": "charter.signed", "charter": charter.sha256, "charter_id": charter.charter_id,
        "version": charter.version, "review": charter.review.reference, "review_signed_on": charter.review.signed_on,
        "key": key.hex(),
    }  # fmt: skip
    _record(tx, recorder, charter, facts, now)


def record_policy(  # noqa: PLR0917 - one act's whole context
    tx: UnitOfWork, recorder: Recorder, charter: Charter, policy: str, key: bytes, now: Instant
) -> None:
    """Record that the key signs a policy text, by its SHA-256; ``charter`` lends its record clock."""
    facts: JsonObject = {"event": "policy.signed", "policy_text": policy, "key": key.hex()}
    _record(tx, recorder, charter, facts, now)


def record_notice_check(tx: UnitOfWork, recorder: Recorder, charter: Charter, check: NoticeCheck, now: Instant) -> None:
    """Record that somebody saw a checkpoint's notice where people see it (CBP-19)."""
    facts: JsonObject = {
        "event": "notice.checked", "checkpoint": check.checkpoint_id, "charter": charter.sha256,
        "notices": list(check.notices), "checked_at": iso(check.checked_at), "by": check.by,
        "photograph": check.photograph,
    }  # fmt: skip
    _record(tx, recorder, charter, facts, now)


def record_withdrawal(  # noqa: PLR0917 - one act's whole context
    tx: UnitOfWork, recorder: Recorder, charter: Charter, policy: str, reason: str, now: Instant
) -> None:
    """Record that a policy text, by its SHA-256, holds no longer, and why."""
    facts: JsonObject = {"event": "policy.withdrawn", "policy_text": policy, "reason": reason}
    _record(tx, recorder, charter, facts, now)


def _record(tx: UnitOfWork, recorder: Recorder, charter: Charter, facts: JsonObject, now: Instant) -> None:
    recorder.append_site_event(tx, charter, facts, {}, now=now)
