"""Acts on what a site may do: a charter or policy signed, a posted notice looked at. Each is recorded; none is undone.

They happen while no service runs, as whoever may read ``keys/charter``: that key is the authority (decision 0012).
"""

from __future__ import annotations

from countenance.ports import Transactions
from countenance.procedures.recording import Recorder
from countenance.terms import Charter, Instant, JsonObject, NoticeCheck, iso


def record_charter(transactions: Transactions, recorder: Recorder, charter: Charter, key: bytes, now: Instant) -> None:
    """Record that the site's key for charters (``key``, 32 bytes, public) signs ``charter``, whose clock it uses."""
    facts: JsonObject = {
        "event": "charter.signed", "charter": charter.sha256, "charter_id": charter.charter_id,
        "version": charter.version, "review": charter.review.reference, "review_signed_on": charter.review.signed_on,
        "key": key.hex(),
    }  # fmt: skip
    _record(transactions, recorder, charter, facts, now)


def record_policy(  # noqa: PLR0917 - one act's whole context
    transactions: Transactions, recorder: Recorder, charter: Charter, policy: str, key: bytes, now: Instant
) -> None:
    """Record that the key signs a policy text, by its SHA-256; ``charter`` lends its record clock."""
    facts: JsonObject = {"event": "policy.signed", "policy_text": policy, "key": key.hex()}
    _record(transactions, recorder, charter, facts, now)


def record_notice_check(
    transactions: Transactions, recorder: Recorder, charter: Charter, check: NoticeCheck, now: Instant
) -> None:
    """Record that somebody saw a checkpoint's notice where people see it (CBP-19)."""
    facts: JsonObject = {
        "event": "notice.checked", "checkpoint": check.checkpoint_id, "charter": charter.sha256,
        "notices": list(check.notices), "checked_at": iso(check.checked_at), "by": check.by,
        "photograph": check.photograph,
    }  # fmt: skip
    _record(transactions, recorder, charter, facts, now)


def _record(transactions: Transactions, recorder: Recorder, charter: Charter, facts: JsonObject, now: Instant) -> None:
    with transactions.write() as tx:
        recorder.append_site_event(tx, charter, facts, {}, now=now)
        tx.commit()
