"""Signed statements of the tree: C2SP signed-note and tlog-checkpoint, with Ed25519 (signature type 0x01)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from countenance.errors import RecordError
from countenance.ports import Signer
from countenance.record.merkle import EMPTY_ROOT
from countenance.terms import TreeHead

ED25519 = b"\x01"
_HEAD = re.compile(r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n")
_NOTE = re.compile(r"(?P<text>.*\n)\n— (?P<name>[^ \n]+) (?P<signature>[A-Za-z0-9+/]+={0,2})\n", re.DOTALL)


def check_name(name: str) -> str:
    """Return ``name`` if it may be a log's origin and its key's name (signed-note, "Format").

    Raises:
        RecordError: ``log.origin``: empty, or with spaces, a plus sign or control characters.
    """
    if not name or any(sign == "+" or sign.isspace() or unicodedata.category(sign)[0] in "CZ" for sign in name):
        raise RecordError(
            "log.origin",
            "The log's origin is empty or has a space, a plus sign or a control character in it.",
            remedy='Give the site an origin like "checkpoint.example.org/log".',
        )
    return name


def key_id(name: str, public_key: bytes) -> bytes:
    """Return the 4 bytes that name a key: SHA-256(name || 0x0A || 0x01 || key)[:4] (signed-note, "Ed25519")."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:4]


def verifier_key(name: str, public_key: bytes) -> str:
    """Return the vkey text an auditor needs: ``name+hex(key id)+base64(0x01 || key)`` (signed-note, "Verifier keys").

    Raises:
        RecordError: ``log.origin``.
    """
    encoded = base64.b64encode(ED25519 + public_key).decode("ascii")
    return f"{check_name(name)}+{key_id(name, public_key).hex()}+{encoded}"


def sign_note(text: str, name: str, signer: Signer) -> str:
    """Return ``text`` (ending in a newline) with one signature line; the same note every time, as Ed25519 is."""
    blob = key_id(name, signer.public_key) + signer.sign(text.encode())
    return f"{text}\n— {name} {base64.b64encode(blob).decode('ascii')}\n"


def open_note(note: str, name: str, public_key: bytes) -> str:
    """Return the text of a note that carries exactly one signature, by this key.

    Raises:
        RecordError: ``log.note``: no note, another key, or the signature does not fit the text.
    """
    parts = _NOTE.fullmatch(note)
    blob = _unpadded(parts["signature"]) if parts else b""
    if parts is None or parts["name"] != name or blob[:4] != key_id(name, public_key):
        raise _unsigned("is not a note signed once by this log's key")
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(blob[4:], parts["text"].encode())
    except InvalidSignature as fault:
        raise _unsigned("carries a signature that does not fit its text") from fault
    return parts["text"]


def _unpadded(text: str) -> bytes:
    """Return the bytes that base64 ``text`` stands for; b"" when it is not the one text for them."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""
    return data if base64.b64encode(data).decode("ascii") == text else b""


def _unsigned(why: str) -> RecordError:
    return RecordError(
        "log.note",
        f"A tree head {why}.",
        remedy="Check that keys/ and log/ belong to this site; audit log/ with the key you trust.",
    )


def tree_head(size: int, root: bytes, origin: str, signer: Signer) -> TreeHead:
    """Return the signed tree head (tlog-checkpoint): origin, size, base64 root; the key is named like the origin."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode('ascii')}\n"
    return TreeHead(size, root, sign_note(text, origin, signer))


def empty_head(origin: str, signer: Signer) -> TreeHead:
    """Return the head of a log in which nothing was published yet."""
    return tree_head(0, EMPTY_ROOT, origin, signer)


def read_head(note: str, origin: str, public_key: bytes) -> TreeHead:
    """Return the tree head that a note states, if this log's key signed it.

    Raises:
        RecordError: ``log.note``: another key, another origin, a changed byte, or not a checkpoint.
    """
    lines = _HEAD.fullmatch(open_note(note, origin, public_key))
    root = _unpadded(lines["root"]) if lines else b""
    if lines is None or lines["origin"] != origin or not root:
        raise _unsigned("is signed but is not a checkpoint of this log")
    return TreeHead(int(lines["size"]), root, note)
