"""The redress receipt: what a referred person takes away, in words. No score, no name, no code that needs a manual.

The words of each language are data, in ``receipts.json``; what the charter itself says is told as it stands there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from countenance.cases.referral import kept_until, state_at
from countenance.terms import Case, Charter, Checkpoint, Instant, Redress, iso

_FALLBACK = "en"


@cache
def _words() -> Mapping[str, Any]:
    """Return every language's words."""
    words: Mapping[str, Any] = json.loads((files("countenance.cases") / "receipts.json").read_text("utf-8"))
    return words


def receipt_languages(charter: Charter) -> tuple[str, ...]:
    """Return in which languages a receipt is given: the notices', as far as there are words; else English."""
    known = [one.language.partition("-")[0] for one in charter.notices]
    return tuple(dict.fromkeys(one for one in known if one in _words())) or (_FALLBACK,)


def redress(case: Case, charter: Charter, checkpoint: Checkpoint, now: Instant, language: str = _FALLBACK) -> Redress:
    """Return the receipt of ``case`` as it stands at ``now``; ``charter`` is the one it began under."""
    referral, words = case.referral, _words()[language]
    return Redress(
        language=language,
        reference=referral.referral_id,
        at=referral.opened_at,
        place=charter.place,
        checkpoint=checkpoint.name,
        purpose=charter.purpose,
        charter_id=charter.charter_id,
        charter=referral.charter or charter.sha256,
        legal_basis=charter.legal_basis if referral.charter in {"", charter.sha256} else words["lost"],
        controller=charter.controller,
        contact=charter.contact,
        compared=words["compared"][referral.compared],
        why=words["why"].get(referral.reason, words["why"]["otherwise"]),
        standing=words["standing"][state_at(case, now)],
        kept_until=kept_until(case),
        contest_by=referral.contest_by,
        entry=referral.entry,
    )


def title(receipt: Redress) -> str:
    """Return the receipt's heading."""
    return str(_words()[receipt.language]["title"])


def lines(receipt: Redress) -> tuple[tuple[str, str], ...]:
    """Return the receipt as (heading, sentence) pairs in the order in which people read it."""
    words = _words()[receipt.language]
    told = (
        receipt.reference,
        f"{_minute(receipt.at)}, {receipt.checkpoint}, {receipt.place}",
        receipt.compared,
        receipt.why,
        receipt.standing,
        receipt.purpose,
        words["rules"].format(charter_id=receipt.charter_id, charter=receipt.charter),
        receipt.legal_basis,
        receipt.controller,
        words["kept"].format(kept_until=_minute(receipt.kept_until)),
        words["contest"].format(contest_by=_minute(receipt.contest_by), contact=receipt.contact),
        receipt.entry or words["own_entry"],
    )
    return tuple(zip(words["headings"], told, strict=True))


def as_text(receipt: Redress) -> str:
    """Return the receipt as plain text that can be printed."""
    return f"{title(receipt).upper()}\n\n" + "".join(f"{name}:\n  {said}\n" for name, said in lines(receipt))


def _minute(at: Instant) -> str:
    return iso(at)[:16].replace("T", " ") + " UTC"
