"""Capture devices: an Ed25519 signature ties one body to one enrolled device, one token and one attempt.

What this shows: *which* enrolled device sent exactly these bytes for this encounter, so that arbitrary uploads, other
checkpoints' devices and altered bodies are refused before anything is decoded. What it does not show: that the bytes
came through a lens. A device whose camera is replaced by a virtual one signs just as well; only attendance and
presentation attack detection (ISO/IEC 30107-3) help there.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from countenance.access.tokens import token_digest
from countenance.errors import AccessError, NotAuthenticated
from countenance.ports import Signer
from countenance.terms import Device, Submission

HEADER = "countenance/capture/v1"
"""First line of every signed message; a key used here signs nothing else that starts so."""


def signed_message(token: str, attempt: int, body_sha256: bytes) -> bytes:
    """Return the bytes that a device signs: four lines, each ended by a newline, in ASCII.

    ``countenance/capture/v1``, the token, the attempt in decimal, the SHA-256 of the request body as it is sent (64
    lower-case hex digits; ``body_sha256`` has 32 bytes). No field can hold a newline, so no two inputs give the same
    message.

    Raises:
        EncounterError: ``encounter.unknown_token``, ``token`` is not an encounter token.
        NotAuthenticated: ``access.bad_signature``, ``body_sha256`` is not a SHA-256.
    """
    token_digest(token)  # refuses whatever is not a token, such as one with a newline
    if len(body_sha256) != 32:  # noqa: PLR2004 - SHA-256
        raise _bad_signature()
    return f"{HEADER}\n{token}\n{attempt}\n{body_sha256.hex()}\n".encode("ascii")


def sign(device_key: Signer, token: str, attempt: int, body_sha256: bytes) -> bytes:
    """Return the device's 64-byte signature for one attempt; the sending side of :func:`check_device`.

    Raises:
        EncounterError, NotAuthenticated: as :func:`signed_message`.
    """
    return device_key.sign(signed_message(token, attempt, body_sha256))


def check_device(device: Device | None, submission: Submission, checkpoint_id: str) -> None:
    """Return only if the enrolled ``device`` at this checkpoint signed exactly this submission.

    ``device`` is what the store holds under the submission's device id. The caller MUST have computed
    ``submission.body_sha256`` from the body it read, never have taken it from the sender. Tried in this order:
    (1) the device is known; (2) the signature, so that only the key's holder learns more; (3) not revoked; (4) it
    stands at this checkpoint.

    Raises:
        NotAuthenticated: ``access.unknown_device`` (1), ``access.bad_signature`` (2).
        EncounterError: ``encounter.unknown_token`` (2), the token has not a token's form.
        AccessError: ``access.revoked_device`` (3), ``access.other_checkpoint`` (4).
    """
    if device is None or device.device_id != submission.device_id:  # (1)
        raise _unknown()
    message = signed_message(submission.token, submission.attempt, submission.body_sha256)
    try:  # (2)
        Ed25519PublicKey.from_public_bytes(device.public_key).verify(submission.signature, message)
    except (InvalidSignature, ValueError) as error:
        raise _bad_signature() from error
    check_place(device, checkpoint_id)  # (3) (4)


def check_place(device: Device | None, checkpoint_id: str) -> None:
    """Return only if the device is enrolled, not revoked, and stands at this checkpoint.

    For what a device asks under its API key, without a signed body: opening an encounter, noting a refusal.

    Raises:
        NotAuthenticated: ``access.unknown_device``.
        AccessError: ``access.revoked_device``, ``access.other_checkpoint``.
    """
    if device is None:
        raise _unknown()
    if device.revoked:
        raise AccessError(
            "access.revoked_device",
            f"The device {device.device_id!r} was revoked.",
            remedy="Use another enrolled device; ask the administrator why this one was revoked.",
        )
    if checkpoint_id not in device.checkpoints:
        raise AccessError(
            "access.other_checkpoint",
            f"The device {device.device_id!r} is not enrolled at checkpoint {checkpoint_id!r}.",
            remedy="Use the checkpoint's own device, or enrol this one there.",
        )


def _unknown() -> NotAuthenticated:
    return NotAuthenticated(
        "access.unknown_device",
        "No enrolled device sent this.",
        remedy="Enrol the device first, or check its device id; nothing was decoded.",
    )


def _bad_signature() -> NotAuthenticated:
    return NotAuthenticated(
        "access.bad_signature",
        "The device's signature does not fit this token, attempt and body.",
        remedy="Sign exactly what is sent, with the device's enrolled key; nothing was decoded.",
    )
