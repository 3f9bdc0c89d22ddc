"""What may be asked of a site, and the way that needs no service: the site opened in this process, its lock held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Protocol

from countenance.bootstrap import Service
from countenance.interfaces.monitored import monitoring_body
from countenance.procedures import RowVerdict
from countenance.terms import (
    Actor,
    Clearance,
    Device,
    Enrolment,
    GalleryInfo,
    JsonObject,
    Mode,
    Opened,
    OpenRequest,
    Receipt,
    Referral,
    Reply,
    Submission,
    Tally,
)


class Doors(Protocol):
    """What a command may ask of a site, by either way; the errors are the procedures' own."""

    def open_encounter(self, request: OpenRequest) -> Opened | Reply:
        """Open an encounter, or get the ordinary manual check at once."""
        ...

    def answer(self, mode: Mode, token: str, attempt: int, live: bytes, portrait: bytes) -> Reply:
        """Send one attempt, signed by the site's local device."""
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

    def referrals(self) -> tuple[Referral, ...]:
        """Return what waits for another human."""
        ...

    def export_record(self) -> JsonObject:
        """Return the auditor's bundle."""
        ...

    def monitoring(self, since: int | None) -> Mapping[str, Any]:
        """Return the site's figures as they travel: ``interfaces.schemas_monitoring.MonitoringBody``."""
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


class LocalDoors:
    """The site opened in this process, its lock held."""

    def __init__(self, service: Service, api_key: str) -> None:
        self._service = service
        self._actor = service.authenticate(api_key)

    def open_encounter(self, request: OpenRequest) -> Opened | Reply:
        """See :class:`Doors`."""
        return self._service.crossing.open_encounter(request, self._actor)

    def answer(self, mode: Mode, token: str, attempt: int, live: bytes, portrait: bytes) -> Reply:
        """See :class:`Doors`; the body that is signed is both photographs' hashes, one after the other."""
        device = self._service.local_device
        body = sha256(sha256(live).digest() + sha256(portrait).digest()).digest()
        submission = Submission(
            token=token, attempt=attempt, device_id=device.device_id, signature=device.sign(token, attempt, body),
            body_sha256=body, live=live, portrait=portrait,
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

    def referrals(self) -> tuple[Referral, ...]:
        """See :class:`Doors`."""
        return self._service.desk.waiting(self._actor)

    def export_record(self) -> JsonObject:
        """See :class:`Doors`."""
        return self._service.desk.export_record(self._actor)

    def monitoring(self, since: int | None) -> Mapping[str, Any]:
        """See :class:`Doors`."""
        report = self._service.watching.report(since, self._actor)
        return monitoring_body(report).model_dump(mode="json")

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
