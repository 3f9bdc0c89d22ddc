"""The redress receipt: what a referred person takes away, in words. No score, no name, no code that needs a manual."""

from __future__ import annotations

from collections.abc import Mapping

from countenance.cases.referral import kept_until, state_at
from countenance.terms import Case, CaseState, Charter, Checkpoint, Compared, Instant, Redress, iso

_COMPARED: Mapping[Compared, str] = {
    Compared.PORTRAIT: "A photograph of you with the portrait in the document you showed, and with nothing else.",
    Compared.GALLERY: "A photograph of you with references of the people expected here, and with nobody else.",
    Compared.NOTHING: "Nothing: no comparison of your face was made or used.",
}
_WHY: Mapping[str, str] = {
    "no_match": "The comparison did not show that it is you. That happens to people who are who they say they are.",
    "ambiguous": "More than one expected person resembles the photograph.",
    "already_boarded": "Somebody who resembles you, or you yourself, went through here before.",
    "earlier_referral": "An earlier referral of you was still open. Nothing was compared anew.",
    "document_fault": "An officer had a question about the document.",
    "statement": "An officer had a question about what was said.",
    "biographic_mismatch": "Details in the document and in the booking or register differ.",
    "independent_record": "An officer had a question because of a record that was made without your face.",
    "officers_judgement": "An officer wanted a colleague to look too.",
}
_OTHERWISE = "A human had to look."
_LOST = "The law that this charter names; its text is not here any more. Ask whoever answers for it."
"""Rather than another version's law."""
_STANDING: Mapping[CaseState, str] = {
    CaseState.WAITING: "An officer looks at your document now. Nothing was decided against you.",
    CaseState.SECONDARY: "Another officer looks at your document now. Nothing was decided against you.",
    CaseState.CLEARED: "You were cleared.",
    CaseState.ADVERSE: "An officer decided against you, on a fact that has nothing to do with your looks.",
    CaseState.LAPSED: "The matter ended without a decision. Nothing was decided against you.",
    CaseState.CONTESTED: "You contested. Somebody who had no part in it reviews it.",
    CaseState.UPHELD: "Your contest was reviewed; the decision stands.",
    CaseState.CORRECTED: "Your contest was reviewed; you were right, and the record says so.",
}


def redress(case: Case, charter: Charter, checkpoint: Checkpoint, now: Instant) -> Redress:
    """Return the receipt of ``case`` as it stands at ``now``; ``charter`` is the one it began under."""
    referral = case.referral
    return Redress(
        reference=referral.referral_id,
        at=referral.opened_at,
        place=charter.place,
        checkpoint=checkpoint.name,
        purpose=charter.purpose,
        charter_id=charter.charter_id,
        charter=referral.charter or charter.sha256,
        legal_basis=charter.legal_basis if referral.charter in {"", charter.sha256} else _LOST,
        controller=charter.controller,
        contact=charter.contact,
        compared=_COMPARED[referral.compared],
        why=_WHY.get(referral.reason, _OTHERWISE),
        standing=_STANDING[state_at(case, now)],
        kept_until=kept_until(case),
        contest_by=referral.contest_by,
        entry=referral.entry,
    )


def lines(receipt: Redress) -> tuple[tuple[str, str], ...]:
    """Return the receipt as (heading, sentence) pairs in the order in which people read it."""
    kept = (
        f"Pictures and your pseudonym at most until {_minute(receipt.kept_until)}. If you contest before, they are "
        "kept until the review ends, so that it can look at them, and not longer than its clock."
    )
    contest = (
        f"Until {_minute(receipt.contest_by)}: {receipt.contact}. Give the reference; no reason is needed. Somebody "
        "who had no part in it reviews it."
    )
    return (
        ("Reference", receipt.reference),
        ("When and where", f"{_minute(receipt.at)}, {receipt.checkpoint}, {receipt.place}"),
        ("What was compared", receipt.compared),
        ("Why a human looked", receipt.why),
        ("How it stands", receipt.standing),
        ("For what purpose", receipt.purpose),
        ("Under which rules", f"Charter {receipt.charter_id}, SHA-256 {receipt.charter}"),
        ("By which law", receipt.legal_basis),
        ("Who answers for it", receipt.controller),
        ("What is kept", kept),
        ("How to contest", contest),
        ("In the public log", receipt.entry or "the referral's own entry"),
    )


def as_text(receipt: Redress) -> str:
    """Return the receipt as plain text that can be printed."""
    return "A HUMAN HAD TO LOOK: YOUR RECEIPT\n\n" + "".join(f"{name}:\n  {said}\n" for name, said in lines(receipt))


def _minute(at: Instant) -> str:
    return iso(at)[:16].replace("T", " ") + " UTC"
