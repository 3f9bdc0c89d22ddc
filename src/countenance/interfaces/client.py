"""Asking a served site over HTTP: what the command line does while a service holds the site's lock.

A :class:`Client` speaks in ``countenance.terms`` and raises ``countenance.errors``, so that whoever asks need not know
by which way it was answered. It signs captures with the capture device it is given.
"""

from __future__ import annotations

import http.client
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import urlsplit

from countenance import errors
from countenance.bootstrap.local_device import LocalDevice
from countenance.interfaces import wire
from countenance.interfaces.client_manifests import ManifestsClient
from countenance.interfaces.durations import day_text
from countenance.site import Site
from countenance.terms import (
    NO_PAPERS,
    Actor,
    Clearance,
    GalleryInfo,
    JsonObject,
    Mode,
    Opened,
    OpenRequest,
    Papers,
    Receipt,
    Reply,
    Tally,
)

TIMEOUT_S = 120.0
"""Longer than any answer takes; a service that is silent for so long does not answer."""


class CaptureDevice(Protocol):
    """Signs what it sends."""

    @property
    def device_id(self) -> str:
        """The enrolled device's id."""
        ...

    def sign(self, token: str, attempt: int, body_sha256: bytes) -> bytes:
        """Return the 64-byte capture signature."""
        ...


@contextmanager
def served(site: Site, api_key: str) -> Iterator[Client]:
    """Reach the service that serves ``site`` from this machine, signing with the site's local device.

    Raises:
        SiteError: ``site.not_served``, the process that holds the site serves nothing.
        VaultError: the local device's key cannot be read.
    """
    try:
        address = str(json.loads(site.run_info.read_text("utf-8"))["address"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise errors.SiteError(
            "site.not_served", f"The site {site.site_id} is in use by another process, which serves no requests (yet).",
            remedy="Wait for it, or stop it.",
        ) from error  # fmt: skip
    with Client(address, api_key, LocalDevice.open(site)) as client:
        yield client


class Client(ManifestsClient):
    """One connection to one service with one API key. Every call raises the error that the service's problem names.

    Raises (every method):
        SiteError: ``site.unreachable``, there was no answer; what was asked may or may not have happened.
        CountenanceError: the service's problem, by its code.
    """

    def __init__(self, address: str, api_key: str, device: CaptureDevice | None = None) -> None:
        parts = urlsplit(address)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
        self._authorization = {"Authorization": f"Bearer {api_key}"}
        self._device = device

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    # --- crossing -------------------------------------------------------------------------------------------------
    def open_encounter(self, request: OpenRequest) -> Opened | Reply:
        """Open an encounter, or get the ordinary manual check at once."""
        answer = self._call("POST", "/encounters", wire.opening(request))
        return wire.opened(answer) if answer["outcome"] == "opened" else wire.reply(answer, "")

    def opt_out(self, token: str) -> Reply:
        """Let the person refuse."""
        return wire.reply(self._call("POST", "/opt-outs", headers={"Countenance-Token": token}), "")

    def answer(
        self, mode: Mode, token: str, attempt: int, live: bytes, portrait: bytes, *, papers: Papers = NO_PAPERS
    ) -> Reply:
        """Send one attempt, signed by the client's capture device."""
        if self._device is None:
            raise errors.NotAuthenticated(
                "access.unknown_device", "This client has no capture device.", remedy="Give it one that is enrolled."
            )
        body = json.dumps(wire.capture(mode, attempt, live, portrait, papers)).encode()
        headers = {
            "Countenance-Token": token,
            "Countenance-Device": self._device.device_id,
            "Countenance-Attempt": str(attempt),
            "Countenance-Signature": b64encode(self._device.sign(token, attempt, sha256(body).digest())).decode(),
        }
        path = "/verifications" if mode is Mode.VERIFY else "/identifications"
        response = self._send("POST", path, body, headers)
        return wire.reply(json.loads(response.read()), response.getheader("Server-Timing", ""))

    # --- galleries ------------------------------------------------------------------------------------------------
    def open_gallery(self, gallery_id: str, checkpoint_id: str) -> Receipt:
        """Open an empty gallery."""
        answer = self._call("POST", "/galleries", {"gallery": gallery_id, "checkpoint": checkpoint_id})
        return Receipt(**answer["receipt"])

    def remove_reference(self, gallery_id: str, reference_id: str) -> Receipt:
        """Destroy one reference."""
        path = f"/galleries/{wire.in_path(gallery_id)}/references/{wire.in_path(reference_id)}"
        return Receipt(**self._call("DELETE", path)["receipt"])

    def close_gallery(self, gallery_id: str) -> Receipt:
        """Close a gallery and destroy its references."""
        return Receipt(**self._call("POST", f"/galleries/{wire.in_path(gallery_id)}/close")["receipt"])

    def galleries(self) -> tuple[GalleryInfo, ...]:
        """Return every gallery's card."""
        return tuple(wire.gallery(card) for card in self._call("GET", "/galleries"))

    # --- desk and administration ----------------------------------------------------------------------------------
    def export_record(self) -> JsonObject:
        """Return the auditor's bundle."""
        bundle: JsonObject = self._call("GET", "/record/bodies")
        return bundle

    def open_body(self, commitment: bytes) -> JsonObject:
        """Return one entry opened for the auditor."""
        body: JsonObject = self._call("GET", f"/record/bodies/{commitment.hex()}")
        return body

    def monitoring(self, since: int | None) -> Mapping[str, Any]:
        """Return the site's figures as they travel."""
        query = "" if since is None else f"?since={day_text(since)}"
        answer: Mapping[str, Any] = self._call("GET", f"/monitoring{query}")
        return answer

    def transparency(self) -> Mapping[str, Any]:
        """Return what the site tells everybody."""
        answer: Mapping[str, Any] = self._call("GET", "/transparency")
        return answer

    def note_tally(self, tally: Tally) -> Receipt:
        """Note how many people were presented."""
        return Receipt(**self._call("POST", "/tallies", wire.tally(tally))["receipt"])

    def note_clearance(self, clearance: Clearance) -> Receipt:
        """Note people cleared by hand."""
        return Receipt(**self._call("POST", "/clearances", wire.clearance(clearance))["receipt"])

    def enrol_device(self, device_id: str, public_key: bytes, checkpoints: tuple[str, ...], partner: str) -> None:
        """Enrol a capture device."""
        body = {
            "device": device_id, "public_key": public_key.hex(), "checkpoints": list(checkpoints), "partner": partner,
        }  # fmt: skip
        self._call("POST", "/devices", body)

    def issue_key(self, holder: Actor) -> str:
        """Return a new API key, shown this once."""
        body = {"holder": holder.actor_id, "role": holder.role, "device": holder.device_id}
        return str(self._call("POST", "/keys", body)["api_key"])

    # --- HTTP -----------------------------------------------------------------------------------------------------
    def _call(
        self, method: str, path: str, body: Mapping[str, object] | None = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        data = None if body is None else json.dumps(body).encode()
        return json.loads(self._send(method, path, data, headers or {}).read())

    def _send(
        self, method: str, path: str, body: bytes | Iterator[bytes] | None, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse:
        typed = {"Content-Type": "application/json"} if isinstance(body, bytes) else {}
        try:
            self._connection.request(
                method, path, body, {**self._authorization, **typed, **headers},
                encode_chunked=isinstance(body, Iterator),
            )  # fmt: skip
            response = self._connection.getresponse()
            if response.status >= http.client.BAD_REQUEST:
                raise wire.error(response.status, response.read())
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise errors.SiteError(
                "site.unreachable", f"The service did not answer ({type(error).__name__}).",
                remedy="See whether it still runs; what was asked may or may not be recorded. Check by hand.",
            ) from error  # fmt: skip
        return response
