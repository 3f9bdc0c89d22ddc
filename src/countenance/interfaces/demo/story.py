"""The demo's story as data: who comes, with which photographs, and what must happen."""

from __future__ import annotations

from dataclasses import dataclass

from countenance.terms import Mode, Outcome
from countenance.terms.staging import TravellerState


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
class Passenger:
    """One person on the flight's manifest."""

    number: int
    """Place in the manifest, from 1: all that the gate calls them by."""
    traveller: str
    """Whom the page calls them."""
    age: int
    portrait: str
    """File name of the photograph that is offered for them, or "": nobody has one, or none is asked for."""
    state: TravellerState
    """Where their reference must stand when the gate opens."""
    aboard: bool
    """Whether they must be aboard when it closes."""


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
CARRIER, FLIGHT, LEAVES, REACHES = "UT", "UT17", "UTA", "UTB"
"""A flight between two ports of ICAO's Utopia."""
LEAVES_IN_MINUTES = 120
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

_STAGED, _POOR = TravellerState.STAGED, TravellerState.POOR
PASSENGERS: tuple[Passenger, ...] = (
    Passenger(1, "traveller A", 46, "person_a_1.jpg", _STAGED, aboard=False),
    Passenger(2, "traveller B", 42, "person_b_1.jpg", _STAGED, aboard=True),
    Passenger(3, "traveller E", 55, "impostor_1.jpg", _STAGED, aboard=True),
    Passenger(4, "traveller G", 38, "impostor_2.jpg", _STAGED, aboard=False),
    Passenger(5, "traveller H", 51, "32bit-lower-half.jpg", _POOR, aboard=False),
    Passenger(6, "traveller I", 12, "", TravellerState.EXCLUDED, aboard=False),
    Passenger(7, "traveller J", 33, "", TravellerState.WANTED, aboard=False),
)
"""The flight's manifest, in its order."""
LATE = 2
"""How many come when the gate has closed."""
FIRST_LISTED = len(PASSENGERS) - 1
"""How many of them the first message lists, although it counts them all: the carrier has to send it again."""
OFFERED_TWICE = 1
"""Whose portrait comes a second time, as when a stream was interrupted and is sent again."""

AIR: tuple[Scene, ...] = (
    _at_gate("traveller B", "Is on the manifest: goes aboard.", age=42, live="person_b_2.jpg", outcome=Outcome.MATCH),
    _at_gate("traveller E", "On the manifest too, on another day.", age=55, live="obama3.jpg", outcome=Outcome.MATCH),
    _at_gate(
        "traveller B", "A second time at the same gate: a person already aboard is referred.",
        age=42, live="person_b_2.jpg", outcome=Outcome.REFERRED, reason="already_boarded",
    ),
    _at_gate(
        "traveller G",
        "Number 4 on the manifest, but the face is traveller C's: no match is no finding, so an officer looks.",
        age=38, live="biden.jpg", person_class="unknown", outcome=Outcome.NO_MATCH,
    ),
    _at_gate(
        "traveller K", "Not on this flight's manifest: nobody in the closed gallery, so an officer looks.",
        age=40, live="astronaut.png", person_class="unknown", outcome=Outcome.NO_MATCH,
    ),
)  # fmt: skip
"""The air gate: everybody expected on one flight, and nobody else."""

_SCENE_FILES = {name for scene in LAND + AIR for name in (scene.portrait, *scene.live) if name}
FILES: tuple[str, ...] = tuple(sorted(_SCENE_FILES | {one.portrait for one in PASSENGERS if one.portrait}))
"""Every photograph the story shows."""
SOURCES: tuple[str, ...] = tuple(sorted((set(FILES) - set(MADE)) | {made.source for made in MADE.values()}))
"""Every photograph that must be in the folder."""
