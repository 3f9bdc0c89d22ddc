"""What travels over HTTP about a gallery that a manifest made: numbers and states, nobody's identity."""

from __future__ import annotations

from pydantic import Field

from countenance.interfaces.schemas import Answered
from countenance.terms import iso, parse_iso
from countenance.terms.staging import Boarding, TravellerLine, TravellerState


class TravellerBody(Answered):
    """Where one traveller stands."""

    number: int = Field(description="Place among the manifest's people, from 1.")
    document: str = Field(description="Kind of the travel document; empty where there is none.")
    age_band: str
    state: TravellerState
    reason: str = Field(description="Why excluded or poor; empty otherwise.")
    references: int
    aboard: bool


class BoardingBody(Answered):
    """Where a staged gallery stands."""

    gallery: str
    movement: str = Field(description="Flight, ports and kind of list; empty once closed.")
    open: bool
    closes_at: str = Field(description="When the gallery is destroyed.")
    travellers: list[TravellerBody] = Field(description="By number; empty once closed.")
    alike: list[list[int]] = Field(description="Travellers whose references match each other.")


def boarding_body(stands: Boarding) -> BoardingBody:
    """Return where a gallery stands as it travels."""
    lines = [
        TravellerBody(
            number=one.number, document=one.document, age_band=one.age_band, state=one.state, reason=one.reason,
            references=one.references, aboard=one.aboard,
        )
        for one in stands.travellers
    ]  # fmt: skip
    return BoardingBody(
        gallery=stands.gallery_id, movement=stands.movement, open=stands.open, closes_at=iso(stands.closes_at),
        travellers=lines, alike=[list(pair) for pair in stands.alike],
    )  # fmt: skip


def boarding_of(body: BoardingBody) -> Boarding:
    """Return what :func:`boarding_body` was made of."""
    lines = tuple(
        TravellerLine(
            one.number, one.document, one.age_band, TravellerState(one.state), one.reason, one.references, one.aboard
        )
        for one in body.travellers
    )
    return Boarding(
        body.gallery,
        body.movement,
        body.open,
        parse_iso(body.closes_at),
        lines,
        tuple((one, other) for one, other in body.alike),
    )
