"""Closed galleries as they travel over HTTP: cards, and the rows that fill them."""

from __future__ import annotations

from pydantic import Field

from countenance.interfaces.schemas import Answered, Identifier, Sent


class GalleryOpenBody(Sent):
    """Opens an empty gallery for one checkpoint."""

    gallery: Identifier = Field(examples=["flight-17"])
    checkpoint: Identifier = Field(examples=["gate-1"])


class GalleryBody(Answered):
    """A gallery's card: sizes and state, nobody's identity."""

    gallery: str
    checkpoint: str
    charter: str = Field(description="SHA-256 of the charter it was opened under.")
    weights: str = Field(description="SHA-256 name of the weights its templates were made with.")
    open: bool
    size: int = Field(description="References in it now.")
    searches: int = Field(description="Searches spent; more than three times the size is refused.")
    opened_at: str


class EnrolmentRow(Sent):
    """One line of a bulk enrolment."""

    reference_id: str = Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")
    person_id: str = Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")
    age: int = Field(-1, ge=-1, le=150, description="The person's completed years; -1 when unknown.")
    reference_years: int = Field(
        -1, ge=-1, le=150, description="Completed years since the photograph was taken; -1 when unknown."
    )
    image: str = Field(
        min_length=1,
        description="The photograph's file, base64; discarded once the template exists. Not even decoded for people "
        "outside the operating point's evidence.",
    )
