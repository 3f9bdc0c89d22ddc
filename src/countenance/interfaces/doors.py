"""What may be asked of a site, and the way that needs no service: the site opened in this process, its lock held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Protocol

from countenance.interfaces.doors_cases import LocalCases
from countenance.interfaces.doors_custody import LocalCustody
from countenance.interfaces.doors_manifests import LocalManifests
from countenance.interfaces.monitored import monitoring_body
from countenance.procedures import Basis, RowVerdict
from countenance.terms import (
    NO_PAPERS,
    Actor,
    CaseEvent,
    Clearance,
    Device,
    Enrolment,
    ErasureReason,
    GalleryInfo,
    HoldReason,
    JsonObject,
    Mode,
    OfficerReason,
    Opened,
    OpenRequest,
    Papers,
    Partner,
    Receipt,
    Reply,
    Submission,
    Tally,
)
from countenance.terms.staging import Announced, Boarding, EventTerms, PortraitRow, PortraitsFrom, PortraitVerdict


class Doors(Protocol):
    """What a command may ask of a site, by either way; the errors are the procedures' own."""

    def open_encounter(self, request: OpenRequest) -> Opened | Reply:
        """Open an encounter, or get the ordinary manual check at once."""
        ...

    def answer(
        self, mode: Mode, token: str, attempt: int, live: bytes, portrait: bytes, *, papers: Papers = NO_PAPERS
    ) -> Reply:
        """Send one attempt, signed by the site's local device; a verification with a portrait or with papers."""
        ...

    def opt_out(self, token: str) -> Reply:
        """Let the person refuse."""
        ...

    def open_gallery(self, gallery_id: str, checkpoint_id: str) -> Receipt:
        """Open an empty gallery."""
        ...

    def enrol(self, gallery_id: str, rows: Iterable[Enrolment]) -> Iterator[RowVerdict]:
        """Enrol rows, a verdict each once it is durable."""
        ...

    def remove_reference(self, gallery_id: str, reference_id: str) -> Receipt:
        """Destroy one reference."""
        ...

    def close_gallery(self, gallery_id: str) -> Receipt:
        """Close a gallery and destroy its references."""
        ...

    def galleries(self) -> tuple[GalleryInfo, ...]:
        """Return every gallery's card."""
        ...

    def announce(self, gallery_id: str, checkpoint_id: str, file: bytes, terms: EventTerms) -> Announced:
        """Open a gallery for a manifest's event, or bring it to what a re-issued manifest says."""
        ...

    def portray(self, gallery_id: str, rows: Iterable[PortraitRow]) -> Iterator[PortraitVerdict]:
        """Stage portraits of expected travellers, a verdict each once it is durable."""
        ...

    def fill(  # noqa: PLR0917 - one event's whole context
        self, gallery_id: str, checkpoint_id: str, file: bytes, terms: EventTerms, source: PortraitsFrom, years: int
    ) -> tuple[Announced, Iterator[PortraitVerdict]]:  # fmt: skip
        """Announce a manifest and stage whoever is wanted with portraits of the site's own."""
        ...

    def boarding(self, gallery_id: str) -> Boarding:
        """Return where a manifest's travellers stand."""
        ...

    def follow(self, gallery_id: str) -> Iterator[Mapping[str, Any]]:
        """Yield a manifest's counts as they travel, ``FollowedBody``, until the gallery is closed; a service alone."""
        ...

    def referrals(self) -> Sequence[Mapping[str, Any]]:
        """Return what waits for a human as it travels: ``interfaces.schemas_cases.ReferralBody``."""
        ...

    def refer(self, encounter_id: str, reason: OfficerReason, words: str) -> Mapping[str, Any]:
        """Refer somebody whatever was answered; as ``StandingBody`` travels."""
        ...

    def take(self, reference: str, event: CaseEvent, basis: Basis) -> Mapping[str, Any]:
        """Do something with a referral; as ``SteppedBody`` travels."""
        ...

    def redress(self, reference: str) -> Mapping[str, Any]:
        """Return the person's receipt as ``RedressBody`` travels."""
        ...

    def redress_page(self, reference: str) -> str:
        """Return the person's receipt as a page of HTML."""
        ...

    def notifications(self) -> Sequence[Mapping[str, Any]]:
        """Return what supervisors were told, as ``NotificationBody`` travels."""
        ...

    def see(self, notification_id: str) -> Receipt:
        """Acknowledge."""
        ...

    def suspensions(self) -> Sequence[Mapping[str, Any]]:
        """Return charters that stopped, as ``SuspensionBody`` travels."""
        ...

    def resume(self, charter_id: str, named: str, reason: str) -> Receipt:
        """Resume a charter."""
        ...

    def record_training(self, holder: str, course: str, until: int) -> Receipt:
        """Record a training that ends on a day (days since 1970)."""
        ...

    def trainings(self) -> Sequence[Mapping[str, Any]]:
        """Return who is trained, as ``TrainingBody`` travels."""
        ...

    def add_partner(self, partner: Partner) -> Receipt:
        """Record a partner."""
        ...

    def note_audit(self, partner_id: str, *, passed: bool, reference: str) -> Receipt:
        """Note an audit of a partner."""
        ...

    def partners(self) -> Sequence[Mapping[str, Any]]:
        """Return the ledger, as ``PartnerBody`` travels."""
        ...

    def show_person(self, person: str) -> Mapping[str, Any]:
        """Return everything kept about a person, as ``AccessBody`` travels."""
        ...

    def show_selfie(self, photograph: bytes) -> Sequence[Mapping[str, Any]]:
        """Return what is kept about whoever is on a photograph."""
        ...

    def erase_person(self, person: str, reason: ErasureReason) -> Mapping[str, Any]:
        """Erase a person before the clock; as ``ErasedBody`` travels."""
        ...

    def holds(self) -> Sequence[Mapping[str, Any]]:
        """Return evidence locks in force, as ``HoldBody`` travels."""
        ...

    def place_hold(self, encounter: str, reason: HoldReason, named: str, days: int) -> Mapping[str, Any]:
        """Keep an encounter beyond its clock; as ``HoldBody`` travels."""
        ...

    def release_hold(self, hold: str) -> Receipt:
        """Release an evidence lock."""
        ...

    def change_class(self, encounter: str, person_class: str) -> int:
        """Correct a person's class; return how many clocks that shortened."""
        ...

    def export_record(self) -> JsonObject:
        """Return the auditor's bundle."""
        ...

    def open_body(self, commitment: bytes) -> JsonObject:
        """Return one entry opened for the auditor."""
        ...

    def monitoring(self, since: int | None) -> Mapping[str, Any]:
        """Return the site's figures as they travel: ``interfaces.schemas_monitoring.MonitoringBody``."""
        ...

    def transparency(self) -> Mapping[str, Any]:
        """Return what the site tells everybody, as ``GET /transparency`` answers it."""
        ...

    def note_tally(self, tally: Tally) -> Receipt:
        """Note how many people were presented."""
        ...

    def note_clearance(self, clearance: Clearance) -> Receipt:
        """Note people cleared by hand."""
        ...

    def enrol_device(self, device_id: str, public_key: bytes, checkpoints: tuple[str, ...], partner: str) -> None:
        """Enrol a capture device."""
        ...

    def issue_key(self, holder: Actor) -> str:
        """Return a new API key, shown this once."""
        ...


class LocalDoors(LocalCases, LocalCustody, LocalManifests):
    """The site opened in this process, its lock held."""

    def open_encounter(self, request: OpenRequest) -> Opened | Reply:
        """See :class:`Doors`."""
        return self._service.crossing.open_encounter(request, self._actor)

    def answer(
        self, mode: Mode, token: str, attempt: int, live: bytes, portrait: bytes, *, papers: Papers = NO_PAPERS
    ) -> Reply:
        """See :class:`Doors`; the body that is signed is the hashes of all parts, one after the other."""
        device = self._service.local_device
        parts = (live, portrait, *_parts(papers))
        body = sha256(b"".join(sha256(part).digest() for part in parts)).digest()
        submission = Submission(
            token=token, attempt=attempt, device_id=device.device_id, signature=device.sign(token, attempt, body),
            body_sha256=body, live=live, portrait=portrait, papers=papers,
        )  # fmt: skip
        crossing = self._service.crossing
        return (crossing.verify if mode is Mode.VERIFY else crossing.identify)(submission, self._actor)

    def opt_out(self, token: str) -> Reply:
        """See :class:`Doors`."""
        return self._service.crossing.opt_out(token, self._actor)

    def open_gallery(self, gallery_id: str, checkpoint_id: str) -> Receipt:
        """See :class:`Doors`."""
        return self._service.staging.open_gallery(gallery_id, checkpoint_id, self._actor)

    def enrol(self, gallery_id: str, rows: Iterable[Enrolment]) -> Iterator[RowVerdict]:
        """See :class:`Doors`."""
        return self._service.staging.enrol(gallery_id, rows, self._actor)

    def remove_reference(self, gallery_id: str, reference_id: str) -> Receipt:
        """See :class:`Doors`."""
        return self._service.staging.remove(gallery_id, reference_id, self._actor)

    def close_gallery(self, gallery_id: str) -> Receipt:
        """See :class:`Doors`."""
        return self._service.staging.close_gallery(gallery_id, self._actor)

    def galleries(self) -> tuple[GalleryInfo, ...]:
        """See :class:`Doors`."""
        return self._service.staging.list_galleries(self._actor)

    def export_record(self) -> JsonObject:
        """See :class:`Doors`."""
        return self._service.desk.export_record(self._actor)

    def open_body(self, commitment: bytes) -> JsonObject:
        """See :class:`Doors`."""
        return self._service.desk.open_body(commitment, self._actor)

    def monitoring(self, since: int | None) -> Mapping[str, Any]:
        """See :class:`Doors`."""
        report = self._service.watching.report(since, self._actor)
        return monitoring_body(report).model_dump(mode="json")

    def transparency(self) -> Mapping[str, Any]:
        """See :class:`Doors`."""
        return self._service.transparency.page().content

    def note_tally(self, tally: Tally) -> Receipt:
        """See :class:`Doors`."""
        return self._service.noting.note_tally(tally, self._actor)

    def note_clearance(self, clearance: Clearance) -> Receipt:
        """See :class:`Doors`."""
        return self._service.noting.note_clearance(clearance, self._actor)

    def enrol_device(self, device_id: str, public_key: bytes, checkpoints: tuple[str, ...], partner: str) -> None:
        """See :class:`Doors`."""
        now = self._service.clock.now()
        device = Device(device_id, public_key, checkpoints, partner, now, revoked=False)
        self._service.administration.enrol_device(device, self._actor)

    def issue_key(self, holder: Actor) -> str:
        """See :class:`Doors`."""
        return self._service.administration.issue_key(holder, self._actor)


def _parts(papers: Papers) -> list[bytes]:
    named = [part for file, data in sorted(papers.chip.items()) for part in (file.encode(), data)]
    return [papers.zone.encode(), *named] if papers else []
