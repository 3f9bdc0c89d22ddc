"""Keys, signed notes and checkpoints as C2SP writes them (signed-note, tlog-checkpoint), Ed25519 only."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = 1
COSIGNATURE = 4
"""An Ed25519 key that signs ``cosignature/v1`` (tlog-cosignature)."""
MOST_SIGNATURES = 64


@dataclass(frozen=True, slots=True)
class Key:
    """A verifier key that the auditor trusts; its name is the log's origin."""

    name: str
    key_id: bytes
    public: bytes

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Return whether this key's owner signed ``message``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Head:
    """What a checkpoint states."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A signed note taken apart, nothing verified yet."""

    text: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]
    """(key name, key id, signature) of each line."""


def unbase64(text: str) -> bytes:
    """Return what standard base64 ``text`` stands for.

    Raises:
        ValueError: it is not base64, or not the one text for these bytes (padding bits set).
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as fault:
        raise ValueError("not base64") from fault
    if base64.b64encode(data).decode("ascii") != text:
        raise ValueError("not canonical base64")
    return data


def read_key(vkey: str) -> Key:
    """Return the key of a vkey text ``name+hex(id)+base64(0x01 || key)`` (signed-note, "Verifier keys").

    Raises:
        ValueError: with the reason.
    """
    return read_key_of(vkey, ED25519)


def read_key_of(vkey: str, kind: int) -> Key:
    """Return the key of a vkey text whose signature type is ``kind``: ``ED25519`` or ``COSIGNATURE``.

    Raises:
        ValueError: with the reason.
    """
    name, _, rest = vkey.strip("\n").partition("+")
    hex_id, _, encoded = rest.partition("+")
    material = unbase64(encoded)
    if not name or any(sign.isspace() for sign in name):
        raise ValueError("the key has no usable name")
    if len(material) != 33 or material[0] != kind:  # noqa: PLR2004 - type byte and 32 bytes of key
        raise ValueError("it is not an Ed25519 verifier key")
    key_id = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    if key_id.hex() != hex_id:
        raise ValueError("its id is not that of its name and key")
    return Key(name, key_id, material[1:])


def read_note(data: bytes) -> Note:
    """Return the parts of a signed note (signed-note, "Format").

    Raises:
        ValueError: with the reason.
    """
    text = data.decode("utf-8")
    if any(sign < " " and sign != "\n" for sign in text):
        raise ValueError("it has control characters in it")
    body, gap, lines = text.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise ValueError("it does not end in a blank line and signatures")
    found = lines[:-1].split("\n")
    if len(found) > MOST_SIGNATURES:
        raise ValueError(f"it has more than {MOST_SIGNATURES} signatures")
    return Note(f"{body}\n".encode(), tuple(_signature(line) for line in found))


def _signature(line: str) -> tuple[str, bytes, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    blob = unbase64(encoded)
    if dash != "—" or not name or len(blob) <= 4:  # noqa: PLR2004 - 4 bytes of key id, then the signature
        raise ValueError("a signature line is malformed")
    return name, blob[:4], blob[4:]


def verify_note(note: Note, key: Key) -> bool:
    """Return whether ``key`` signed the note; other keys' lines are ignored (signed-note, "Signatures")."""
    ours = [signature for name, key_id, signature in note.signatures if (name, key_id) == (key.name, key.key_id)]
    return bool(ours) and all(key.verifies(signature, note.text) for signature in ours)


def read_checkpoint(text: bytes) -> Head:
    """Return what a checkpoint's note text states: origin, size, root, and no extension lines (tlog-checkpoint).

    Raises:
        ValueError: with the reason.
    """
    lines = text.decode("utf-8").split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:  # noqa: PLR2004 - three lines, each ended
        raise ValueError("it does not have three lines")
    size = lines[1]
    if not (size.isascii() and size.isdigit() and len(size) < 19) or str(int(size)) != size:  # noqa: PLR2004 - below 2^63
        raise ValueError("its tree size is not a plain decimal number")
    root = unbase64(lines[2])
    if len(root) != hashlib.sha256().digest_size:
        raise ValueError("its root is not 32 bytes long")
    return Head(lines[0], int(size), root)
