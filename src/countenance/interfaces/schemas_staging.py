"""What travels over HTTP about a gallery that a manifest made: numbers and states, nobody's identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from pydantic import Field

from countenance.interfaces.schemas import Answered, Sent
from countenance.terms import iso, parse_iso
from countenance.terms.documents import Manifest, ManifestFinding, TravellerKind
from countenance.terms.staging import Announced, Boarding, TravellerLine, TravellerState


class FindingBody(Answered):
    """Something in a manifest that contradicts itself or could not be read, and stopped nothing."""

    code: str = Field(description="A stable word; docs/documents.md has them all.")
    place: int = Field(description="Number of the segment, row or item, from 1; 0 for the whole file.")
    position: int = Field(description="Characters before it in the file, from 1; 0 where the format knows none.")
    sentence: str = Field(description="For the operator; holds no name.")


class PortCallBody(Answered):
    """A port, and when a carrier leaves or reaches it by the port's own clock."""

    port: str
    local_time: str


class LegBody(Answered):
    """One movement from a port to the next."""

    flight: str
    departure: PortCallBody
    arrival: PortCallBody


class ManifestBody(Answered):
    """What a manifest says of its movement; nobody's name, document or birth date."""

    source: str = Field(description="The format: PAXLST with its version, CSV or JSON.")
    list_kind: str
    function: str = Field(description="The sender's word for what to do with it; empty where there is none.")
    carrier: str
    legs: list[LegBody]
    people: dict[str, int] = Field(description="How many of each kind.")
    dropped: dict[str, int] = Field(description="What no gallery needs and was not read in, and how often it came.")
    findings: list[FindingBody]


class AnnouncedBody(Answered):
    """What a manifest changed, and whose portraits are needed now."""

    gallery: str
    movement: str
    closes_at: str = Field(description="When the gallery is destroyed.")
    expected: int = Field(description="People on the roll now.")
    added: int
    removed: int
    excluded: int = Field(description="Outside the evidence by age: no portrait is asked for.")
    wanted: list[int] = Field(description="Numbers of the travellers without a usable reference.")
    offset: int = Field(description="The number before that of the file's first person; 0 but for additions alone.")
    findings: list[FindingBody]


class PortraitLine(Sent):
    """One line of a manifest's portraits; those of one traveller come one after the other."""

    number: int = Field(ge=1, le=1_000_000, description="The traveller's, as `wanted` has it.", examples=[1])
    reference_years: int = Field(
        -1, ge=-1, le=150, description="Completed years since the photograph was taken; -1 when unknown."
    )
    image: str = Field(
        min_length=1,
        description="The photograph's file, base64; discarded once the template exists.",
        examples=["/9j/4AAQSkZJRgABAQ=="],
    )


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


class FollowedBody(Answered):
    """The counts of a manifest's gallery, as its events carry them."""

    gallery: str
    open: bool
    closes_at: str
    expected: int
    references: int
    aboard: int
    states: dict[TravellerState, int] = Field(description="How many travellers stand where.")


def followed_body(stands: Boarding, states: Mapping[TravellerState, int]) -> FollowedBody:
    """Return a gallery's counts as they travel."""
    return FollowedBody(
        gallery=stands.gallery_id, open=stands.open, closes_at=iso(stands.closes_at), expected=len(stands.travellers),
        references=sum(one.references for one in stands.travellers),
        aboard=sum(one.aboard for one in stands.travellers),
        states={state: states.get(state, 0) for state in TravellerState},
    )  # fmt: skip


def manifest_body(found: Manifest) -> ManifestBody:
    """Return what a manifest says of its movement as it travels."""
    kinds = [one.kind for one in found.travellers]
    return ManifestBody(
        source=found.source, list_kind=found.list_kind, function=found.function, carrier=found.carrier,
        legs=[LegBody(**asdict(leg)) for leg in found.legs],
        people={kind.value: kinds.count(kind) for kind in TravellerKind},
        dropped={one.what: one.count for one in found.dropped}, findings=_findings(found.findings),
    )  # fmt: skip


def announced_body(told: Announced) -> AnnouncedBody:
    """Return what a manifest changed as it travels."""
    return AnnouncedBody(
        gallery=told.gallery_id, movement=told.movement, closes_at=iso(told.closes_at), expected=told.expected,
        added=told.added, removed=told.removed, excluded=told.excluded, wanted=list(told.wanted), offset=told.offset,
        findings=_findings(told.findings),
    )  # fmt: skip


def announced_of(body: AnnouncedBody) -> Announced:
    """Return what :func:`announced_body` was made of."""
    return Announced(
        gallery_id=body.gallery, movement=body.movement, closes_at=parse_iso(body.closes_at), expected=body.expected,
        added=body.added, removed=body.removed, excluded=body.excluded, wanted=tuple(body.wanted), offset=body.offset,
        findings=tuple(ManifestFinding(one.code, one.place, one.position, one.sentence) for one in body.findings),
    )  # fmt: skip


def _findings(found: tuple[ManifestFinding, ...]) -> list[FindingBody]:
    return [FindingBody(**asdict(one)) for one in found]


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
