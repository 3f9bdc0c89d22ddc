"""What travels over HTTP about what is kept: subject access, erasure, evidence locks; the same rules as ``schemas``.

A person is named in bodies alone, never in an address: addresses are logged.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from countenance.interfaces.schemas import Answered, Identifier, ReceiptBody, Sent
from countenance.interfaces.schemas_cases import Line
from countenance.terms import ErasureReason, HoldReason

Person = Annotated[
    str,
    Field(
        min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$",
        description="The claim under which the person came, or the person's id in a gallery.",
    ),
]  # fmt: skip


class PersonBody(Sent):
    """Whom something is asked about."""

    person: Person


class SelfieBody(Sent):
    """A photograph of whoever asks; compared in memory and gone with the answer."""

    photograph: str = Field(description="The photograph's file, base64 without line breaks.")


class EraseBody(Sent):
    """An order to erase a person before the clock."""

    person: Person
    reason: ErasureReason = Field(strict=False)


class ErasedBody(Answered):
    """What an order took; the keys are destroyed when this is answered."""

    items: int = Field(description="Sealed items.")
    encounters: int
    references: int = Field(description="References in galleries.")
    commitment: str = Field(description="The order's entry in the record, which names nobody.")


class KeptBody(Answered):
    """One thing that is kept about a person."""

    what: str
    retention: str = Field(description="The charter's class, whose clock governs it.")
    until: str
    content: str = Field(description="Its text; empty for photographs and templates.")
    photograph: str = Field(description="The photograph's file, base64; empty otherwise. Templates are never shown.")
    size: int = Field(description="Bytes.")


class AccessBody(Answered):
    """Everything that is kept about one person."""

    person: str
    encounters: list[str]
    galleries: list[str]
    kept: list[KeptBody]


class PlaceHoldBody(Sent):
    """An order to keep what is left of an encounter beyond its clock."""

    encounter: Identifier
    reason: HoldReason = Field(strict=False)
    named: Line = Field(description="Which human ordered it.")
    days: int = Field(ge=1, le=366, description="From now; there is no hold without an end.")


class HoldBody(Answered):
    """An evidence lock in force."""

    hold: str
    encounter: str
    reason: HoldReason
    named: str
    by: str
    placed_at: str
    until: str
    items: int = Field(description="Items that would go before.")


class ClassBody(Sent):
    """Of which class a person turned out to be."""

    person_class: Line


class ClassChangedBody(Answered):
    """What a class change did: clocks may shorten, none lengthens."""

    shortened: int
    receipt: ReceiptBody
