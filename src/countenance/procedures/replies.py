"""Replies as bytes: exactly what was sent is what is stored, so that an identical resend gets an identical answer."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from countenance.errors import VaultError
from countenance.ports import UnitOfWork
from countenance.terms import Encounter, NextStep, Outcome, Receipt, Reply, Rule, StageTime


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


def outcome_given(tx: UnitOfWork, encounter: Encounter) -> Outcome | None:
    """Return what the encounter's last attempt was answered, while its stored reply lives; None when it is gone."""
    stored = tx.encounters.attempt(encounter.encounter_id, encounter.attempts_used)
    if stored is None:
        return None
    try:
        return decode_reply(tx.vault.open(stored.reply_item)).outcome
    except VaultError:
        return None


def for_partner(reply: Reply) -> Reply:
    """Return what a partner's device may see: match or no match, and what to do about a photograph (CBP-20).

    A second boarding looks like any other no-match; of people who are not compared it is not told why. The receipt
    keeps its commitment and hides its facts, which would tell.
    """
    referred = reply.outcome is Outcome.REFERRED
    outcome = Outcome.NO_MATCH if referred else reply.outcome
    retry = reply.outcome is Outcome.RETRY
    receipt = replace(reply.receipt, facts="", facts_salt="", personal_mac="", signature="")
    return replace(
        reply, outcome=outcome, reason=reply.reason if retry else "", advice=reply.advice if retry else "",
        reference_id="", rules=(), operating_point="", receipt=receipt, millis=(),
    )  # fmt: skip


def for_device(reply: Reply) -> Reply:
    """Return what a device may see: outcome, reason and receipt, never whom (CBP: match or no match only)."""
    return replace(reply, reference_id="")
