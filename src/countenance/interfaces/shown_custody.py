"""What is kept about a person, and evidence locks, as they travel."""

from __future__ import annotations

from base64 import b64encode

from countenance.interfaces.schemas_custody import AccessBody, ErasedBody, HoldBody, KeptBody
from countenance.terms import Access, Erased, Hold, iso


def access_body(access: Access) -> AccessBody:
    """Return everything kept about a person as it travels to them."""
    kept = [
        KeptBody(
            what=one.what, retention=one.retention, until=iso(one.until), content=one.content,
            photograph=b64encode(one.media).decode(), size=one.size,
        )
        for one in access.kept
    ]  # fmt: skip
    return AccessBody(
        person=access.person, encounters=list(access.encounters), galleries=list(access.galleries), kept=kept
    )


def erased_body(erased: Erased) -> ErasedBody:
    """Return what an order took as it travels."""
    return ErasedBody(
        items=erased.items, encounters=erased.encounters, references=erased.references, commitment=erased.commitment
    )


def hold_body(hold: Hold) -> HoldBody:
    """Return an evidence lock as it travels."""
    return HoldBody(
        hold=hold.hold_id, encounter=hold.encounter_id, reason=hold.reason, named=hold.named, by=hold.by,
        placed_at=iso(hold.placed_at), until=iso(hold.until), items=len(hold.clocks),
    )  # fmt: skip
