"""What a message says of itself must fit what it was handed in as."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from countenance.bootstrap import Service
from countenance.errors import GalleryError
from countenance.terms.staging import Announced, EventTerms, Listed
from fakes.world import SUPERVISOR, World, gate_charter

FLIGHT = "ut100"
WHOLE, ADDITIONS, REMOVALS = (EventTerms(listed=one, zone="UTC") for one in Listed)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """Open a site with one gate."""
    with World.at(tmp_path / "site", gate_charter()).open() as service:
        yield service


def interchange(*messages: tuple[str, Sequence[str]]) -> bytes:
    """Return messages of invented people, each from how it begins and whom it names."""
    text = "UNB+UNOA:4+XX+YY+200101:1000+1'"
    for beginning, people in messages:
        body = f"UNH+1+PAXLST:D:12B:UN:IATA'BGM+{beginning}'NAD+MS+++DESK'TDT+20+XX123+++XX'LOC+125+AAA'"
        body += "DTM+189:2612011000:201'LOC+87+BBB'DTM+232:2612011200:201'"
        for one in people:
            body += f"NAD+FL+++{one}:GIVEN'DTM+329:850101'NAT+2+UTO'DOC+P+{one}00001'DTM+36:400101'LOC+91+UTO'"
        text += f"{body}UNT+{body.count(chr(39)) + 1}+1'"
    return f"{text}UNZ+{len(messages)}+1'".encode()


def announce(service: Service, terms: EventTerms, *messages: tuple[str, Sequence[str]]) -> Announced:
    """Announce messages at the gate."""
    return service.announcing.announce(FLIGHT, "gate-1", interchange(*messages), terms, SUPERVISOR)


def refusal(service: Service, terms: EventTerms, *messages: tuple[str, Sequence[str]]) -> str:
    """Return the code with which messages are refused; nobody is gone or new then."""
    before = len(service.boarding.status(FLIGHT, SUPERVISOR).travellers)
    with pytest.raises(GalleryError) as caught:
        announce(service, terms, *messages)
    assert len(service.boarding.status(FLIGHT, SUPERVISOR).travellers) == before
    return caught.value.code


@pytest.mark.parametrize("terms", [WHOLE, ADDITIONS, REMOVALS])
@pytest.mark.parametrize("second", ["745+CP", "745+XR", "745+C", "266", "266+CLNB", "250+CC", "745++3"])
def test_messages_that_contradict_each_other_are_refused(service: Service, terms: EventTerms, second: str) -> None:
    """A whole list and one of another scope in a file are refused in either order: neither hides the other."""
    announce(service, WHOLE, ("745", ("ANN", "BOB")))
    assert refusal(service, terms, ("745", ("ANN",)), (second, ("BOB",))) == "gallery.mixed_manifest"
    assert refusal(service, terms, (second, ("BOB",)), ("745", ("ANN",))) == "gallery.mixed_manifest"


def test_a_file_of_two_whole_lists_is_one(service: Service) -> None:
    """Passengers and crew of a movement come in one file; the crew's word says that they are all of it."""
    assert announce(service, WHOLE, ("745", ("ANN",)), ("250+C", ("BOB",))).expected == 2
    assert announce(service, WHOLE, ("745", ("ANN",)), ("250+C", ("EVE",))).removed == 1


@pytest.mark.parametrize("beginning", ["745", "745+CP", "250+C", "250+CC", "266", "266+CL", "266+CLOB", "745++2"])
def test_whoever_comes_is_not_taken_off(service: Service, beginning: str) -> None:
    """A message whose words say that its people come, or nothing of them, removes nobody."""
    announce(service, WHOLE, ("745", ("ANN", "BOB")))
    assert refusal(service, REMOVALS, (beginning, ("ANN",))) == "gallery.not_leaving"


@pytest.mark.parametrize("beginning", ["745+XR", "266+CLNB", "745++1", "745++3", "655++3"])
def test_whoever_does_not_come_is_taken_off(service: Service, beginning: str) -> None:
    """A cancellation and a closing message of those left behind are removals of the list of passengers, not a list."""
    announce(service, WHOLE, ("745", ("ANN", "BOB")))
    assert announce(service, REMOVALS, (beginning, ("ANN",))).removed == 1
    assert refusal(service, ADDITIONS, (beginning, ("ANN",))) == "gallery.not_coming"


def test_a_part_in_another_format_is_of_the_same_movement(service: Service) -> None:
    """No-shows as CSV, which has no place to name a kind of list, are taken off a roll that PAXLST made."""
    announce(service, WHOLE, ("745", ("ANN", "BOB")))
    row = "flight,departure_port,arrival_port,surname,document_kind,document_number,document_issuer\nXX123,AAA,BBB,"
    for flight, code in (("XX123", ""), ("XX124", "gallery.other_movement")):
        text = f"{row}ANN,P,ANN00001,UTO\n".replace("XX123", flight)
        if code:
            with pytest.raises(GalleryError) as caught:
                service.announcing.announce(FLIGHT, "gate-1", text.encode(), REMOVALS, SUPERVISOR)
            assert caught.value.code == code
        else:
            assert service.announcing.announce(FLIGHT, "gate-1", text.encode(), REMOVALS, SUPERVISOR).removed == 1


@pytest.mark.parametrize("terms", [WHOLE, REMOVALS])
def test_a_carriers_staff_is_no_list_of_a_movement(service: Service, terms: EventTerms) -> None:
    """A master crew list names people who are on no movement: none of them is expected or gone (CBP-1)."""
    announce(service, WHOLE, ("745", ("ANN",)))
    assert refusal(service, terms, ("336+G", ("ANN", "BOB"))) == "gallery.standing_list"
