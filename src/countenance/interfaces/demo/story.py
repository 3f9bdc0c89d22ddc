"""The demo's story as data: who comes, with which photographs, and what must happen."""

from __future__ import annotations

from dataclasses import dataclass

from countenance.terms import EnrolmentVerdict, Mode, Outcome


@dataclass(frozen=True, slots=True)
class Scene:
    """One person at one checkpoint, and the outcome without which the demo fails."""

    traveller: str
    """Whom the page calls them; nobody is named."""
    tells: str
    """What happens, in one sentence."""
    mode: Mode
    portrait: str
    """File name of the document's portrait, or "" (identify, or nobody is captured)."""
    live: tuple[str, ...]
    """File names of the live photographs, one an attempt; empty when nobody is captured."""
    age: int
    reference_years: int
    """Completed years since the document's portrait was taken; part of the story, like the age."""
    person_class: str
    refuses: bool
    outcomes: tuple[Outcome, ...]
    """One an attempt, in order; or the single answer given before any camera."""
    reason: str
    """The last answer's reason, or its beginning."""


@dataclass(frozen=True, slots=True)
class Made:
    """A photograph that the demo makes worse on purpose, from one of the packages'."""

    source: str
    share: float
    """Its size, as a share of the source's."""
    lower_half: bool
    """Only the lower half of it, where no face is."""
    told: str
    """What was done, for the page."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row offered to the gallery before the gate opens."""

    reference_id: str
    traveller: str
    age: int
    reference_years: int
    """Completed years since the photograph was taken."""
    file: str
    """"" where the story has no photograph, because nobody may look at it."""
    expected: EnrolmentVerdict


_AUTHORITY = {
    "legal_basis": "None: a demonstration on published photographs, without effect for anybody",
    "controller": "Demo Border Authority, 1 Bridge Street",
    "contact": "the person who ran the demo",
    "review_reference": "None: a demonstration",
}
PLACES = {
    "land-pedestrian": {**_AUTHORITY, "place": "The demo's land crossing"},
    "air-gate": {**_AUTHORITY, "place": "The demo's airport, gate 1"},
}
"""What the demo writes into its two charters, by profile."""
REFERENCE_YEARS = 5
"""How old every document's portrait is in the story."""
LANE = "lane-1"
EXPIRED = "lane-9"
"""A lane of an older charter, which ended the night before."""
GATE = "gate-1"
GALLERY = "flight-17"
MADE = {
    "obama-reduced.jpg": Made("obama.jpg", 0.12, lower_half=False, told="obama.jpg, reduced by the demo"),
    "32bit-lower-half.jpg": Made("32bit.png", 1.0, lower_half=True, told="the lower half of 32bit.png"),
}
"""Photographs that must be refused, by the name the story uses."""


def _at_lane(  # a lane compares a document's portrait with one live photograph or, after advice, several
    traveller: str, tells: str, *, age: int, outcomes: tuple[Outcome, ...], portrait: str = "",
    live: tuple[str, ...] = (), person_class: str = "citizen", refuses: bool = False, reason: str = "",
) -> Scene:  # fmt: skip
    return Scene(
        traveller, tells, Mode.VERIFY, portrait, live, age, REFERENCE_YEARS, person_class, refuses, outcomes, reason
    )


def _at_gate(  # a gate searches its closed gallery: nobody shows a document to the camera
    traveller: str,
    tells: str,
    *,
    age: int,
    live: str,
    outcome: Outcome,
    person_class: str = "citizen",
    reason: str = "",
) -> Scene:
    return Scene(
        traveller, tells, Mode.IDENTIFY, portrait="", live=(live,), age=age, reference_years=-1,
        person_class=person_class, refuses=False, outcomes=(outcome,), reason=reason,
    )  # fmt: skip


LAND: tuple[Scene, ...] = (
    _at_lane(
        "traveller A", "Years lie between document and camera: still the same person.",
        portrait="person_a_1.jpg", live=("person_a_2.jpg",), age=46, outcomes=(Outcome.MATCH,),
    ),
    _at_lane(
        "traveller B", "Other clothes, another place, other light.",
        portrait="person_b_1.jpg", live=("person_b_2.jpg",), age=42, outcomes=(Outcome.MATCH,),
    ),
    _at_lane(
        "traveller C", "Shows traveller B's document. No match is no finding: an officer looks.",
        portrait="person_b_1.jpg", live=("biden.jpg",), age=42, person_class="unknown", outcomes=(Outcome.NO_MATCH,),
    ),
    _at_lane(
        "traveller D", "Prefers not to be photographed. No reason asked, no camera, no frame.",
        age=30, refuses=True, outcomes=(Outcome.OPTED_OUT,),
    ),
    _at_lane(
        "traveller E", "The first photograph was taken from too far away; the advice helps, the second one counts.",
        portrait="impostor_1.jpg", live=("obama-reduced.jpg", "obama.jpg"), age=55,
        outcomes=(Outcome.RETRY, Outcome.MATCH),
    ),
    _at_lane(
        "traveller F", "Thirteen years old: nobody that young is compared, so no camera is used.",
        age=13, outcomes=(Outcome.NOT_COMPARED,), reason="outside_envelope",
    ),
)  # fmt: skip
"""The land-pedestrian lane: one document, one face."""

ROWS: tuple[Row, ...] = (
    Row("seat-01a", "traveller A", 46, 5, "person_a_1.jpg", EnrolmentVerdict.ENROLLED),
    Row("seat-01b", "traveller B", 42, 5, "person_b_1.jpg", EnrolmentVerdict.ENROLLED),
    Row("seat-02a", "traveller C", 42, 5, "biden.jpg", EnrolmentVerdict.ENROLLED),
    Row("seat-02b", "traveller E", 55, 5, "impostor_1.jpg", EnrolmentVerdict.ENROLLED),
    Row("seat-03a", "traveller G", 38, 5, "impostor_2.jpg", EnrolmentVerdict.ENROLLED),
    Row("seat-03b", "traveller H", 51, 5, "32bit-lower-half.jpg", EnrolmentVerdict.REFUSED),
    Row("seat-01a", "traveller A", 46, 5, "person_a_2.jpg", EnrolmentVerdict.DUPLICATE),
    Row("seat-04a", "traveller I", 12, 1, "", EnrolmentVerdict.REFUSED),
)
"""The manifest's portraits for the air gate's closed gallery."""

AIR: tuple[Scene, ...] = (
    _at_gate("traveller B", "Is on the manifest: goes aboard.", age=42, live="person_b_2.jpg", outcome=Outcome.MATCH),
    _at_gate("traveller E", "On the manifest too, on another day.", age=55, live="obama3.jpg", outcome=Outcome.MATCH),
    _at_gate(
        "traveller B", "A second time at the same gate: a person already aboard is referred.",
        age=42, live="person_b_2.jpg", outcome=Outcome.REFERRED, reason="already_boarded",
    ),
    _at_gate(
        "traveller K", "Not on this flight's manifest: nobody in the closed gallery, so an officer looks.",
        age=40, live="astronaut.png", person_class="unknown", outcome=Outcome.NO_MATCH,
    ),
)  # fmt: skip
"""The air gate: everybody expected on one flight, and nobody else."""

_SCENE_FILES = {name for scene in LAND + AIR for name in (scene.portrait, *scene.live) if name}
FILES: tuple[str, ...] = tuple(sorted(_SCENE_FILES | {row.file for row in ROWS if row.file}))
"""Every photograph the story shows."""
SOURCES: tuple[str, ...] = tuple(sorted((set(FILES) - set(MADE)) | {made.source for made in MADE.values()}))
"""Every photograph that must be in the folder."""
