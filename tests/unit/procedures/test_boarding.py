"""A manifest becomes a closed gallery and goes again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from countenance.bootstrap import Service
from countenance.errors import AccessError, CountenanceError, GalleryError
from countenance.gallery import InMemoryGalleries
from countenance.terms import Actor, EnrolmentVerdict, ErasureReason, Outcome, Template
from countenance.terms.staging import (
    Announced,
    Boarding,
    EventTerms,
    Listed,
    PortraitRow,
    PortraitVerdict,
    TravellerState,
)
from fakes.extractor import face, template_of
from fakes.flights import manifest, portraits
from fakes.world import ADMINISTRATOR, OPERATOR, SUPERVISOR, World, gate_charter, opened, submission

FLIGHT = "ut100"
PEOPLE = ("ann", "bob", "cid")
TERMS = EventTerms(zone="UTC")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a site with one gate."""
    return World.at(tmp_path / "site", gate_charter())


@pytest.fixture
def service(world: World) -> Iterator[Service]:
    """Open it."""
    with world.open() as service:
        yield service


def announce(
    service: Service, file: bytes, gallery: str = FLIGHT, terms: EventTerms = TERMS, actor: Actor = SUPERVISOR
) -> Announced:
    """Announce a manifest at the gate."""
    return service.announcing.announce(gallery, "gate-1", file, terms, actor)


def stage(service: Service, people: Sequence[str], gallery: str = FLIGHT, **images: Sequence[bytes]) -> Announced:
    """Announce people and offer every portrait that is wanted."""
    told = announce(service, manifest(people, flight=gallery), gallery)
    list(service.boarding.portray(gallery, portraits(people, told.wanted, **images), SUPERVISOR))
    return told


def status(service: Service, gallery: str = FLIGHT) -> Boarding:
    """Return where the gallery stands."""
    return service.boarding.status(gallery, SUPERVISOR)


def events(service: Service) -> list[dict[str, object]]:
    """Return the facts of every entry."""
    with service.transactions.read() as tx:
        return [json.loads(str(body["facts"])) for body in tx.record.bodies()]


def test_each_traveller_gets_a_verdict(service: Service, world: World) -> None:
    """Two references where there are two, a poor portrait is told, none is wanted, under 14 is not asked."""
    people = ("ann", "bob", "cid", "eve")
    told = announce(service, manifest(people, eve="2020-01-01"))
    assert (told.expected, told.added, told.removed, told.excluded, told.wanted) == (4, 4, 0, 1, (1, 2, 3))
    rows = portraits(people, (1, 2), ann=[face("ann", 1), face("ann", 2)], bob=[b"blurred"])
    verdicts = list(service.boarding.portray(FLIGHT, rows, SUPERVISOR))
    assert verdicts[0] == PortraitVerdict(1, 1, EnrolmentVerdict.ENROLLED, "", "")
    assert [(one.number, one.verdict, one.reason) for one in verdicts[1:]] == [
        (1, "enrolled", ""), (2, "refused", "quality.blurred"),
    ]  # fmt: skip
    lines = status(service).travellers
    assert [(one.number, one.state, one.references, one.reason) for one in lines] == [
        (1, "staged", 2, ""), (2, "poor", 0, "quality.blurred"), (3, "wanted", 0, ""),
        (4, "excluded", 0, "outside_envelope.minimum_age"),
    ]  # fmt: skip
    assert [(one.document, one.age_band) for one in lines[2:]] == [("P", "26-50"), ("P", "under 14")]


def test_a_portrait_of_a_child_is_not_decoded(service: Service, world: World) -> None:
    """Whoever is outside the evidence is refused, offered or not, with the photograph undecoded."""
    announce(service, manifest(("eve",), eve="2020-01-01"))
    (verdict,) = service.boarding.portray(FLIGHT, portraits(("eve",), (1,), eve=[b"crash"]), SUPERVISOR)
    assert verdict.reason == "outside_envelope.minimum_age"
    assert world.extractor.frames_decoded == 0
    assert status(service).travellers[0].state is TravellerState.EXCLUDED


def test_the_same_manifest_again_changes_nothing(service: Service) -> None:
    """Announced again, nobody is added, removed or wanted and nothing recorded; offered again, it is a duplicate."""
    stage(service, PEOPLE)
    before, entries = status(service), len(events(service))
    told = announce(service, manifest(PEOPLE, flight=FLIGHT))
    assert (told.added, told.removed, told.wanted) == (0, 0, ())
    assert len(events(service)) == entries
    again = service.boarding.portray(FLIGHT, portraits(PEOPLE, (1,)), SUPERVISOR)
    assert [one.verdict for one in again] == ["duplicate"]
    assert status(service) == before


def test_a_reissued_manifest_is_a_difference(service: Service, world: World) -> None:
    """Who is gone loses reference and key, with a receipt and a tombstone; who is new is wanted; others stay."""
    stage(service, PEOPLE)
    told = announce(service, manifest(("ann", "cid", "dan"), flight=FLIGHT))
    assert (told.expected, told.added, told.removed, told.wanted) == (3, 1, 1, (3,))
    assert service.galleries.size(FLIGHT) == 2
    receipt = next(one for one in events(service) if one["event"] == "erasure.receipt")
    assert (receipt["cause"], receipt["galleries"], receipt["items"]) == ("removal", [FLIGHT], {"reference": 2})
    assert (world.path / "erased.jsonl").read_text("utf-8").count("\n") >= 1
    found = service.galleries.search(FLIGHT, template_of(face("bob", 5)), 3)
    assert max(one.score for one in found) < 0.5
    assert [one.state for one in status(service).travellers] == ["staged", "staged", "wanted"]


def test_an_incomplete_manifest_takes_nobody_off(service: Service) -> None:
    """Where the sender's count says that people are missing in the file, it is refused and nobody is destroyed."""
    stage(service, PEOPLE)
    short = json.loads(manifest(("ann",), flight=FLIGHT))
    with pytest.raises(GalleryError) as refused:
        announce(service, json.dumps({**short, "count": 3}).encode())
    assert refused.value.code == "gallery.partial_manifest"
    assert len(status(service).travellers) == 3


ADDITIONS, REMOVALS = (EventTerms(listed=listed) for listed in (Listed.ADDITIONS, Listed.REMOVALS))


def paxlst(beginning: str, people: Sequence[str]) -> bytes:
    """Return a passenger list of invented people that begins so."""
    named = "".join(
        f"NAD+FL+++{one}:GIVEN'DTM+329:850101'NAT+2+UTO'DOC+P+{one}00001'DTM+36:400101'LOC+91+UTO'" for one in people
    )
    body = (
        f"UNH+1+PAXLST:D:12B:UN:IATA'BGM+{beginning}'NAD+MS+++DESK'TDT+20+XX123+++XX'LOC+125+AAA'DTM+189:2612011000:201'"
        f"LOC+87+BBB'DTM+232:2612011200:201'{named}CNT+42:{len(people)}'"
    )
    text = f"UNB+UNOA:4+XX+YY+200101:1000+1'{body}UNT+{body.count(chr(39)) + 1}+1'UNZ+1+1'"
    return text.encode()


@pytest.mark.parametrize("beginning", ["745+CP", "745+C", "745++4"])
def test_a_message_about_some_people_takes_nobody_off_as_a_whole_list(service: Service, beginning: str) -> None:
    """A change, or a word that is not known, sent as the whole list, is refused."""
    announce(service, paxlst("745", ("ANN", "BOB")))
    with pytest.raises(GalleryError) as refused:
        announce(service, paxlst(beginning, ("ANN",)))
    assert refused.value.code == "gallery.partial_manifest"
    assert len(status(service).travellers) == 2


@pytest.mark.parametrize("listed", [Listed.WHOLE, Listed.ADDITIONS])
@pytest.mark.parametrize("word", ["XR", "RP", "XF", "CLNB"])
@pytest.mark.parametrize("announced", [True, False])
def test_who_does_not_come_is_expected_nowhere(service: Service, word: str, listed: Listed, *, announced: bool) -> None:
    """A message of people who do not come stages nobody, whatever the caller says it lists; as removals it is taken."""
    if announced:
        announce(service, paxlst("745", ("ANN", "BOB")))
    if announced or listed is Listed.WHOLE:
        with pytest.raises(GalleryError) as refused:
            announce(service, paxlst(f"745+{word}", ("ANN",)), terms=EventTerms(listed=listed))
        assert refused.value.code == "gallery.not_coming"
    if announced:
        assert announce(service, paxlst(f"745+{word}", ("ANN",)), terms=REMOVALS).removed == 1
    else:
        assert service.staging.list_galleries(SUPERVISOR) == ()


def test_late_additions_can_come_alone(service: Service) -> None:
    """Who is new is wanted under the next numbers, whoever is on the roll stays as they are, also if listed again."""
    stage(service, PEOPLE)
    told = announce(service, manifest(("bob", "dan", "eli"), flight=FLIGHT), terms=ADDITIONS)
    assert (told.expected, told.added, told.removed, told.wanted, told.offset) == (5, 2, 0, (5, 6), 3)
    list(service.boarding.portray(FLIGHT, portraits((*PEOPLE, "bob", "dan", "eli"), told.wanted), SUPERVISOR))
    assert [(one.number, one.state) for one in status(service).travellers] == [
        (number, "staged") for number in (1, 2, 3, 5, 6)
    ]
    assert cross(service, face("dan", 3)) == Outcome.MATCH
    whole = announce(service, manifest((*PEOPLE, "dan", "eli"), flight=FLIGHT))
    assert (whole.added, whole.removed, whole.wanted) == (0, 0, ())


def test_no_shows_can_come_alone(service: Service) -> None:
    """Whoever is listed as not coming loses reference and key; a stranger on the list changes nothing."""
    stage(service, PEOPLE)
    told = announce(service, manifest(("bob", "zoe"), flight=FLIGHT), terms=REMOVALS)
    assert (told.expected, told.added, told.removed, told.wanted) == (2, 0, 1, ())
    assert [one.number for one in status(service).travellers] == [1, 3]
    assert cross(service, face("bob", 3)) == Outcome.NO_MATCH


@pytest.mark.parametrize("terms", [ADDITIONS, REMOVALS])
def test_a_part_needs_a_whole_before_it(service: Service, terms: EventTerms) -> None:
    """Additions or removals open no gallery, and change none that no manifest made."""
    with pytest.raises(GalleryError) as refused:
        announce(service, manifest(PEOPLE), terms=terms)
    assert refused.value.code == "gallery.no_manifest"
    assert service.staging.list_galleries(SUPERVISOR) == ()


def test_another_flights_manifest_is_refused(service: Service) -> None:
    """A manifest of another movement empties no gallery."""
    stage(service, PEOPLE)
    with pytest.raises(GalleryError) as refused:
        announce(service, manifest(("zoe",), flight="UT999"))
    assert refused.value.code == "gallery.other_movement"
    assert service.galleries.size(FLIGHT) == 3


def test_people_who_cannot_be_told_apart_are_found(service: Service) -> None:
    """Two travellers whose references match each other are a finding, by number; it goes when one of them does."""
    stage(service, PEOPLE, cid=[face("ann", 7)])
    assert status(service).alike == ((1, 3),)
    announce(service, manifest(("ann", "bob"), flight=FLIGHT))
    assert status(service).alike == ()


def test_later_portraits_are_compared_with_earlier_ones_alone(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each stream searches what it brought and nothing else again, and what was found before stays found."""
    told = announce(service, manifest(PEOPLE))
    rows = list(portraits(PEOPLE, told.wanted, bob=[face("ann", 5)], cid=[face("ann", 7)]))
    searched: list[str] = []
    reaching = InMemoryGalleries.reaching

    def counted(self: InMemoryGalleries, gallery_id: str, template: Template, threshold: float) -> object:
        searched.append(gallery_id)
        return reaching(self, gallery_id, template, threshold)

    monkeypatch.setattr(InMemoryGalleries, "reaching", counted)
    list(service.boarding.portray(FLIGHT, rows[:2], SUPERVISOR))
    assert (len(searched), status(service).alike) == (2, ((1, 2),))
    list(service.boarding.portray(FLIGHT, rows[2:], SUPERVISOR))
    assert (len(searched), status(service).alike) == (3, ((1, 2), (1, 3), (2, 3)))
    list(service.boarding.portray(FLIGHT, rows, SUPERVISOR))
    assert len(searched) == 3


def test_what_an_interruption_left_uncompared_is_compared(service: Service) -> None:
    """References of a stream that broke off before its end are compared at the end of the next one."""
    told = announce(service, manifest(PEOPLE))
    rows = list(portraits(PEOPLE, told.wanted, bob=[face("ann", 5)]))

    def broken() -> Iterator[PortraitRow]:
        yield from rows[:2]
        raise EOFError

    with pytest.raises(EOFError):
        list(service.boarding.portray(FLIGHT, broken(), SUPERVISOR))
    assert service.galleries.size(FLIGHT) == 2
    assert status(service).alike == ()
    list(service.boarding.portray(FLIGHT, rows[2:], SUPERVISOR))
    assert status(service).alike == ((1, 2),)


def test_a_stream_that_ends_does_not_speak_for_one_that_broke_off_beside_it(service: Service) -> None:
    """What a stream left uncompared is compared by the next one, though another ended after it."""
    told = announce(service, manifest(PEOPLE))
    rows = list(portraits(PEOPLE, told.wanted, bob=[face("ann", 5)]))
    list(service.boarding.portray(FLIGHT, rows[:1], SUPERVISOR))

    def broken() -> Iterator[PortraitRow]:
        yield rows[1]
        raise EOFError

    beside = service.boarding.portray(FLIGHT, rows[2:], SUPERVISOR)
    with pytest.raises(EOFError):
        list(service.boarding.portray(FLIGHT, broken(), SUPERVISOR))
    list(beside)
    assert (service.galleries.size(FLIGHT), status(service).alike) == (3, ())
    list(service.boarding.portray(FLIGHT, [], SUPERVISOR))
    assert status(service).alike == ((1, 2),)


def test_who_is_taken_off_in_mid_stream_is_not_staged(service: Service) -> None:
    """A portrait on its way of somebody whom the manifest no longer lists is refused (CBP-1)."""
    told = announce(service, manifest(PEOPLE, flight=FLIGHT))
    rows = portraits(PEOPLE, told.wanted)

    def meanwhile() -> Iterator[PortraitRow]:
        announce(service, manifest(("ann", "cid"), flight=FLIGHT))
        yield from rows

    verdicts = list(service.boarding.portray(FLIGHT, meanwhile(), SUPERVISOR))
    assert [one.verdict for one in verdicts] == ["enrolled", "refused", "enrolled"]
    assert verdicts[1].reason == "gallery.not_expected"
    assert service.galleries.size(FLIGHT) == 2


def test_who_turns_out_a_child_in_mid_stream_is_not_staged(service: Service) -> None:
    """A re-issued manifest with another birth date counts for the portraits on their way, and what it says stays."""
    told = announce(service, manifest(PEOPLE, flight=FLIGHT))
    rows = portraits(PEOPLE, told.wanted)

    def meanwhile() -> Iterator[PortraitRow]:
        announce(service, manifest(PEOPLE, flight=FLIGHT, bob="2020-01-01"))
        yield from rows

    verdicts = list(service.boarding.portray(FLIGHT, meanwhile(), SUPERVISOR))
    assert [one.verdict for one in verdicts] == ["enrolled", "refused", "enrolled"]
    assert status(service).travellers[1].state is TravellerState.EXCLUDED


def cross(service: Service, live: bytes, gallery: str = FLIGHT) -> str:
    """Let somebody step before the gate's camera; return the outcome and its reason."""
    token = opened(service, "gate-1", gallery, claim="").token
    reply = service.crossing.identify(submission(service, token, live), OPERATOR)
    return f"{reply.outcome} {reply.reason}".strip()


def test_boarding_shows_who_is_missing(service: Service) -> None:
    """A match goes aboard, a second match to the same person is referred, a stranger is no match."""
    stage(service, PEOPLE)
    assert cross(service, face("bob", 3)) == Outcome.MATCH
    assert cross(service, face("bob", 4)) == "referred already_boarded"
    assert cross(service, face("zoe")) == Outcome.NO_MATCH
    assert [one.number for one in status(service).travellers if not one.aboard] == [1, 3]


def test_the_gallery_goes_when_its_event_is_over(service: Service, world: World) -> None:
    """At departure and margin: search refused even before the sweep, then rows, roll, epoch key gone with a receipt."""
    told = stage(service, PEOPLE)
    assert told.closes_at - world.clock.instant == 2.5 * 3600 * 1000
    world.clock.advance(2.5 * 3600)
    with pytest.raises(GalleryError) as over:
        opened(service, "gate-1", FLIGHT)
    assert over.value.code == "gallery.closed"
    service.tick()
    (receipt,) = (one for one in events(service) if one["event"] == "erasure.receipt")
    assert (receipt["event"], receipt["cause"], receipt["galleries"]) == ("erasure.receipt", "event_end", [FLIGHT])
    assert receipt["items"] == {"reference": 7}
    assert len(receipt["epochs"]) == 1  # type: ignore[arg-type]
    with service.transactions.read() as tx:
        assert tx.galleries.people(FLIGHT) == ()
        assert tx.vault.of_purpose("roll") == tx.vault.of_purpose("reference") == ()
    assert not status(service).open
    assert not list((world.path / "keys" / "epochs").glob("event-*"))


def test_the_charters_clock_bounds_the_event(service: Service, world: World) -> None:
    """A departure beyond the references' clock, or none stated, keeps the gallery for that clock and no longer."""
    late = announce(service, manifest(PEOPLE, departs="2026-12-03T10:00"))
    unstated = announce(service, manifest(PEOPLE, departs=""), "other")
    assert {told.closes_at - world.clock.instant for told in (late, unstated)} == {12 * 3600 * 1000}


def test_the_charter_says_how_long_a_gallery_outlives_its_event(tmp_path: Path) -> None:
    """The margin is the charter's, not the caller's."""
    text = gate_charter().replace(b"event_margin_minutes: 30", b"event_margin_minutes: 5")
    world = World.at(tmp_path / "site", text)
    with world.open() as service:
        told = announce(service, manifest(PEOPLE))
    assert told.closes_at - world.clock.instant == (2 * 60 + 5) * 60 * 1000


def test_a_delay_moves_the_end(service: Service) -> None:
    """A re-issued manifest with a later time moves the end, and everybody stays staged."""
    first = stage(service, PEOPLE)
    later = announce(service, manifest(PEOPLE, flight=FLIGHT, departs="2026-12-01T11:00"))
    assert later.closes_at - first.closes_at == 3600 * 1000
    assert later.wanted == ()


@pytest.mark.parametrize(
    "file, terms, code",
    [
        (manifest(PEOPLE, departs="2026-12-01T07:00"), TERMS, "gallery.event_over"),
        (manifest(PEOPLE), EventTerms(zone="Nowhere/Town"), "gallery.zone"),
        (manifest(PEOPLE), EventTerms(port="XXX"), "gallery.other_port"),
        (b"{}", TERMS, "manifest.json_shape"),
    ],
)
def test_what_cannot_be_staged_leaves_nothing(service: Service, file: bytes, terms: EventTerms, code: str) -> None:
    """A past event, an unknown zone or port and a damaged manifest open no gallery."""
    with pytest.raises(CountenanceError) as refused:
        announce(service, file, terms=terms)
    assert refused.value.code == code
    assert service.staging.list_galleries(ADMINISTRATOR) == ()


def test_who_may_not_keep_galleries_stages_none(service: Service) -> None:
    """An operator announces no manifest."""
    with pytest.raises(AccessError):
        announce(service, manifest(PEOPLE), actor=OPERATOR)


def test_a_portrait_of_nobody_expected_ends_the_stream(service: Service) -> None:
    """A number that the manifest does not list is refused, as is a gallery that no manifest made (CBP-1)."""
    announce(service, manifest(("ann",)))
    with pytest.raises(GalleryError) as unexpected:
        list(service.boarding.portray(FLIGHT, portraits(("ann", "bob"), (2,)), SUPERVISOR))
    assert unexpected.value.code == "gallery.not_expected"
    service.staging.open_gallery("plain", "gate-1", ADMINISTRATOR)
    with pytest.raises(GalleryError) as none:
        service.boarding.portray("plain", [], SUPERVISOR)
    assert none.value.code == "gallery.no_manifest"


def test_a_traveller_sees_and_erases_what_the_roll_says(service: Service) -> None:
    """A person's rights reach the roll too, with a reference or without."""
    announce(service, manifest(PEOPLE))
    with service.transactions.read() as tx:
        subject = tx.vault.of_purpose("roll")[0].subject
        person = subject.partition("/")[2] or tx.vault.of_purpose("roll")[1].subject.partition("/")[2]
    (kept,) = service.persons.access(person, SUPERVISOR).kept
    assert json.loads(kept.content)["document"] == "P"
    assert service.persons.erase(person, ErasureReason.REQUEST, SUPERVISOR).items == 1
    assert len(status(service).travellers) == 2


def test_no_name_and_no_document_is_stored(service: Service, world: World) -> None:
    """Neither names nor document numbers nor photographs are in any file of the site after staging (CBP-2)."""
    stage(service, ("QUIRKSURNAME",))
    everything = b"".join(path.read_bytes() for path in world.path.rglob("*") if path.is_file())
    assert b"QUIRKSURNAME" not in everything
    assert face("QUIRKSURNAME") not in everything


def test_the_same_traveller_has_another_pseudonym_on_every_flight(service: Service) -> None:
    """Two galleries cannot be linked by who is in them."""
    stage(service, PEOPLE)
    stage(service, PEOPLE, "ut200")
    with service.transactions.read() as tx:
        first, second = ({person for _, person in tx.galleries.people(one)} for one in (FLIGHT, "ut200"))
    assert not first & second
