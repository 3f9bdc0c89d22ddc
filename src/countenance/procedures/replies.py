"""Replies as bytes: exactly what was sent is what is stored, so that an identical resend gets an identical answer."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from countenance.terms import NextStep, Outcome, Receipt, Reply, Rule, StageTime


def encode_reply(reply: Reply) -> bytes:
    """Return ``reply`` as JSON in UTF-8. Replies hold no score, so neither does this."""
    return json.dumps(asdict(reply), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def decode_reply(data: bytes) -> Reply:
    """Return the reply that :func:`encode_reply` wrote."""
    fields = json.loads(data)
    return Reply(
        encounter_id=fields["encounter_id"],
        outcome=Outcome(fields["outcome"]),
        reason=fields["reason"],
        advice=fields["advice"],
        next_step=NextStep(fields["next_step"]),
        attempts_left=fields["attempts_left"],
        reference_id=fields["reference_id"],
        rules=tuple(Rule(**rule) for rule in fields["rules"]),
        operating_point=fields["operating_point"],
        receipt=Receipt(**fields["receipt"]),
        millis=tuple(StageTime(**stage) for stage in fields["millis"]),
    )


def for_device(reply: Reply) -> Reply:
    """Return what a device may see: outcome, reason and receipt, never whom (CBP: match or no match only)."""
    return replace(reply, reference_id="")
