"""One flight at the gate: announced by its manifest, staged, boarded, closed, and nothing of it left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from countenance.bootstrap import Service
from countenance.errors import CountenanceError
from countenance.interfaces.demo import story
from countenance.interfaces.demo.manifest import message
from countenance.interfaces.demo.play import Crossed, cross
from countenance.interfaces.demo.story import Passenger
from countenance.interfaces.doors import Doors
from countenance.ports import Extractor
from countenance.terms import Actor, Eligibility, EnrolmentVerdict, Mode, Opened, OpenRequest, Receipt
from countenance.terms.staging import (
    Announced,
    Boarding,
    EventTerms,
    PortraitRow,
    PortraitVerdict,
    SourcePortrait,
    TravellerState,
)

_CLOSED = "gallery.closed"
_LATE = Eligibility("citizen", 46, -1, refusal_offered=True)


@dataclass(frozen=True, slots=True)
class Portrayed:
    """One portrait offered for a passenger, and its verdict."""

    passenger: Passenger
    verdict: PortraitVerdict
    again: bool
    """Whether it was offered before."""

    @property
    def as_expected(self) -> bool:
        """Whether the verdict is the story's."""
        usable = EnrolmentVerdict.DUPLICATE if self.again else EnrolmentVerdict.ENROLLED
        return self.verdict.verdict is (
            usable if self.passenger.state is TravellerState.STAGED else EnrolmentVerdict.REFUSED
        )


@dataclass(frozen=True, slots=True)
class Late:
    """What was asked of the gallery after it was closed, and the refusal."""

    asks: str
    code: str
    """"" means that it was allowed, which is a fault of the demo."""
    said: str
    frames: int
    """Frames decoded for it: none."""

    @property
    def as_expected(self) -> bool:
        """Whether it was refused because the gallery is closed, before any frame."""
        return (self.code, self.frames) == (_CLOSED, 0)


@dataclass(frozen=True, slots=True)
class Flight:
    """A flight from its manifest to its end."""

    messages: tuple[str, ...]
    """The manifest as the carrier sent it, and sent it again."""
    announced: tuple[Announced, ...]
    """What each of them changed."""
    portrayed: tuple[Portrayed, ...]
    opening: Boarding
    """Where everybody stands as the gate opens."""
    closing: Boarding
    """Where everybody stands just before it closes."""
    after: Boarding
    """What the site can still say afterwards: nothing."""
    numbers: Mapping[str, int]
    """Whose reference matched, by reference."""
    receipts: tuple[Receipt, ...]
    """Of the person whom the end of the flight overtook, and of the end itself."""
    late: tuple[Late, ...]
    keys_before: frozenset[str]
    """Epochs whose keys were there just before the end."""
    keys_after: frozenset[str]

    @property
    def closed(self) -> Receipt:
        """The receipt of the gallery's end."""
        return self.receipts[-1]

    @property
    def aboard(self) -> tuple[int, ...]:
        """Numbers of those who were aboard."""
        return tuple(one.number for one in self.closing.travellers if one.aboard)

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of those who were not: staff call for them, the camera has not seen them."""
        return tuple(one.number for one in self.closing.travellers if not one.aboard)

    @property
    def wrong(self) -> tuple[str, ...]:
        """Parts that did not go as the story says."""
        people = story.PASSENGERS
        found = tuple((tuple(slip.code for slip in one.findings), one.added) for one in self.announced)
        parts = {
            "manifest": found == ((("people_count",), story.FIRST_LISTED), ((), len(people) - story.FIRST_LISTED)),
            "portraits": all(item.as_expected for item in self.portrayed),
            "gate opens": _places(self.opening) == [(one.number, one.state, False) for one in people],
            "boarding": _places(self.closing) == [(one.number, one.state, one.aboard) for one in people],
            "end": not self.after.open and not self.after.travellers,
            "late": len(self.late) == story.LATE and all(item.as_expected for item in self.late),
        }
        return tuple(name for name, held in parts.items() if not held)

    @property
    def as_expected(self) -> bool:
        """Whether manifest, portraits, boarding and end are the story's."""
        return not self.wrong


def _places(boarding: Boarding) -> list[tuple[int, TravellerState, bool]]:
    return [(one.number, one.state, one.aboard) for one in boarding.travellers]


def announce(service: Service, actor: Actor) -> Iterator[tuple[str, Announced]]:
    """Stage the manifest as it came first, then as the carrier sent it again; yield text and change of each."""
    everybody = story.PASSENGERS
    now = service.clock.now()
    for copy, listed in enumerate((everybody[: story.FIRST_LISTED], everybody), start=1):
        text = message(listed, len(everybody), now, copy=copy)
        terms = EventTerms(port=story.LEAVES)
        yield text, service.announcing.announce(story.GALLERY, story.GATE, text.encode(), terms, actor)


def portray(
    service: Service, actor: Actor, wanted: Iterable[int], photos: Mapping[str, bytes]
) -> Iterator[Portrayed]:  # fmt: skip
    """Offer the portraits that are wanted and there, then one of them again; yield each with its verdict."""
    by_number = {one.number: one for one in story.PASSENGERS}
    there = [by_number[number] for number in wanted if by_number[number].portrait]
    for again, people in ((False, there), (True, [by_number[story.OFFERED_TWICE]])):
        rows = [PortraitRow(one.number, SourcePortrait(photos[one.portrait], story.REFERENCE_YEARS)) for one in people]
        for verdict in service.boarding.portray(story.GALLERY, rows, actor):
            yield Portrayed(by_number[verdict.number], verdict, again)


def board(
    door: Doors, staff: Doors, counter: Extractor, photos: Mapping[str, bytes]
) -> Iterator[tuple[Crossed, Mapping[str, int]]]:
    """Let everybody of the story cross; yield each with the matched reference's number, where somebody went aboard."""
    before = _aboard(staff)
    for scene in story.AIR:
        crossed = cross(door, counter, scene, story.GATE, gallery_id=story.GALLERY, photos=photos)
        now_aboard = _aboard(staff)
        new = now_aboard - before
        yield crossed, {crossed.reply.reference_id: max(new)} if new else {}
        before = now_aboard


def close(
    door: Doors, staff: Doors, counter: Extractor, photos: Mapping[str, bytes]
) -> tuple[tuple[Receipt, ...], tuple[Late, ...]]:
    """Close the gate while somebody stands before it; return the receipts, and what was refused afterwards."""
    request = OpenRequest(story.GATE, _LATE, story.GALLERY, "traveller-A")
    opened = door.open_encounter(request)
    assert isinstance(opened, Opened)  # noqa: S101 - nothing keeps an adult of known age from the camera here
    receipt = staff.close_gallery(story.GALLERY)

    def search() -> object:
        return door.answer(Mode.IDENTIFY, opened.token, 1, photos["person_a_2.jpg"], b"")

    late = (
        _late("Traveller A, 46, whose encounter was open as the gate closed", search, counter),
        _late("Somebody who comes after that", lambda: door.open_encounter(request), counter),
    )
    return (opened.receipt, receipt), late


def fly(
    service: Service, door: Doors, staff: Doors, actor: Actor, photos: Mapping[str, bytes]
) -> tuple[Flight, tuple[Crossed, ...]]:
    """Play the flight from its manifest to its end; return it with the people who crossed."""
    announced = [*announce(service, actor)]
    portrayed = tuple(portray(service, actor, announced[-1][1].wanted, photos))
    opening = staff.boarding(story.GALLERY)
    crossings, numbers = [], dict[str, int]()
    for crossed, new in board(door, staff, service.extractor, photos):
        crossings.append(crossed)
        numbers |= new
    closing = staff.boarding(story.GALLERY)
    holder = service.staging.erasures.keys
    before = holder.epochs()
    receipts, late = close(door, staff, service.extractor, photos)
    flight = Flight(
        messages=tuple(text for text, _ in announced), announced=tuple(told for _, told in announced),
        portrayed=portrayed, opening=opening, closing=closing, after=staff.boarding(story.GALLERY), numbers=numbers,
        receipts=receipts, late=late, keys_before=before, keys_after=holder.epochs(),
    )  # fmt: skip
    return flight, tuple(crossings)


def _aboard(staff: Doors) -> set[int]:
    return {one.number for one in staff.boarding(story.GALLERY).travellers if one.aboard}


def _late(asks: str, ask: Callable[[], object], counter: Extractor) -> Late:
    decoded = counter.frames_decoded
    try:
        ask()
    except CountenanceError as error:
        return Late(asks, error.code, error.diagnostics(), counter.frames_decoded - decoded)
    return Late(asks, "", "This was allowed.", counter.frames_decoded - decoded)
