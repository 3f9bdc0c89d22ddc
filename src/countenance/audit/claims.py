"""What others claim the log holds: bodies exported for an auditor, and receipts in the hands of those who got them."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .notes import Head, Key, read_checkpoint, read_note, verify_note
from .strict_json import Value, canonical, canonical_object, parse

LEAF_DOMAIN = b"countenance/leaf/v1\n"
RECEIPT_DOMAIN = b"countenance/receipt/v1\n"
CHAIN_DOMAIN = b"countenance/chain/v1\n"
BUNDLE_FORMAT = "countenance/bodies/v1"
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_HEX_32 = re.compile(r"[0-9a-f]{64}")
_ERASURE = re.compile(r"[0-9a-f]{32}")
_HEX_64 = re.compile(r"[0-9a-f]{128}")
_RECEIPT = {"origin", "commitment", "include_by", "facts", "facts_salt", "personal_mac", "signature"}
_BUNDLE = {"format", "origin", "exported_at", "tree_size", "tree_head", "entries"}
_CHAIN = frozenset({"chain"})
_HEAD_OF_BODY = {"commitment", "include_by"}
_ERASED = _HEAD_OF_BODY | {"erased_by"}
_FACTS = _HEAD_OF_BODY | {"facts", "facts_salt"}
_WHOLE = _FACTS | {"personal", "personal_salt"}
_WITHOUT_PERSONAL = _FACTS | {"personal_mac"}


class Wrong(Exception):
    """A claim does not hold: a fault's code and the end of its sentence."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


@dataclass(frozen=True, slots=True)
class Claim:
    """One commitment that somebody says is in the log by a certain time."""

    commitment: bytes
    include_by_ms: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """An export of bodies, its frame verified and its bodies not yet."""

    head: Head
    exported_at_ms: int
    chain: bytes
    """The log key's signature with which links between entries are followed; b"" in bundles of 0.1.0."""
    bodies: list[Value]


@dataclass(frozen=True, slots=True)
class Body:
    """A body that is good in itself."""

    claim: Claim
    facts: Mapping[str, Value] | None
    """None once they are gone."""
    facts_salt: bytes
    """b"" once the facts are gone."""
    personal: bool
    """Whether the personal part is there."""
    erased_by: str
    """Id of the erasure that destroyed the facts; "" while they are there, or where none is stated."""


def read_bundle(data: bytes, key: Key) -> Bundle:
    """Return a bundle whose tree head this key signed.

    Raises:
        Wrong: ``bundle.malformed``, ``bundle.origin``, ``bundle.head`` or ``bundle.chain``.
    """
    fields = _fields(data, "bundle.malformed", _BUNDLE, _CHAIN)
    entries, note, size = fields["entries"], fields["tree_head"], fields["tree_size"]
    if fields["format"] != BUNDLE_FORMAT or not isinstance(entries, list) or not isinstance(note, str):
        raise Wrong("bundle.malformed", f"it is not in the format {BUNDLE_FORMAT}")
    exported_at_ms = read_time(fields, "exported_at", "bundle.malformed")
    if fields["origin"] != key.name:
        raise Wrong("bundle.origin", f"it is of another log than {key.name}")
    try:
        signed = read_note(note.encode("utf-8"))
        head = read_checkpoint(signed.text)
    except ValueError as fault:
        raise Wrong("bundle.head", f"its tree head is no checkpoint: {fault}") from fault
    if not verify_note(signed, key) or head.origin != key.name or head.size != size:
        raise Wrong("bundle.head", "its tree head is not signed by this key, or is not of the size that it states")
    chain = _bytes(fields, "chain", _HEX_64, "bundle.malformed") if "chain" in fields else b""
    if chain and not key.verifies(chain, CHAIN_DOMAIN):
        raise Wrong("bundle.chain", "its chain is not a signature of this key")
    return Bundle(head, exported_at_ms, chain, entries)


def read_body(body: Value) -> Body:
    """Return what a body holds and claims.

    Raises:
        Wrong: ``body.malformed``, ``body.not_canonical`` or ``body.commitment``.
    """
    if not isinstance(body, dict) or set(body) not in (_WHOLE, _WITHOUT_PERSONAL, _HEAD_OF_BODY, _ERASED):
        raise Wrong("body.malformed", "it does not have the fields of a body")
    claim = _claim(body, "body.malformed")
    if "facts" not in body:
        erased_by = body.get("erased_by", "")
        if not isinstance(erased_by, str) or (erased_by and not _ERASURE.fullmatch(erased_by)):
            raise Wrong("body.malformed", "its erased_by is not the id of an erasure")
        return Body(claim, None, b"", personal=False, erased_by=erased_by)
    mac, facts = _opened(body, "facts", "facts_salt", "body")
    if "personal" in body:
        personal, _ = _opened(body, "personal", "personal_salt", "body")
    else:
        personal = _bytes(body, "personal_mac", _HEX_32, "body.malformed")
    if _leaf(mac, personal) != claim.commitment:
        raise Wrong("body.commitment", "its parts do not give its commitment: one of them was changed")
    return Body(claim, facts, bytes.fromhex(str(body["facts_salt"])), personal="personal" in body, erased_by="")


def read_receipt(data: bytes, key: Key) -> Claim:
    """Return what a receipt that this key signed claims.

    Raises:
        Wrong: ``receipt.malformed``, ``receipt.origin``, ``receipt.signature``, ``receipt.not_canonical`` or
            ``receipt.commitment``.
    """
    fields = _fields(data, "receipt.malformed", _RECEIPT)
    signature = _bytes(fields, "signature", _HEX_64, "receipt.malformed")
    claim = _claim(fields, "receipt.malformed")
    if fields["origin"] != key.name:
        raise Wrong("receipt.origin", f"it is of another log than {key.name}")
    try:
        unsigned = canonical({name: value for name, value in fields.items() if name != "signature"})
    except ValueError as fault:
        raise Wrong("receipt.malformed", f"it cannot be signed: {fault}") from fault
    if not key.verifies(signature, RECEIPT_DOMAIN + unsigned):
        raise Wrong("receipt.signature", "its signature is not one of this key over these fields")
    mac, _ = _opened(fields, "facts", "facts_salt", "receipt")
    if _leaf(mac, _bytes(fields, "personal_mac", _HEX_32, "receipt.malformed")) != claim.commitment:
        raise Wrong("receipt.commitment", "its facts do not give its commitment")
    return claim


def _claim(fields: Mapping[str, Value], code: str) -> Claim:
    return Claim(_bytes(fields, "commitment", _HEX_32, code), read_time(fields, "include_by", code))


def _leaf(facts_mac: bytes, personal_mac: bytes) -> bytes:
    return hashlib.sha256(LEAF_DOMAIN + facts_mac + personal_mac).digest()


def _opened(fields: Mapping[str, Value], text: str, salt: str, kind: str) -> tuple[bytes, dict[str, Value]]:
    """Return the HMAC of one part and the part, which must be an object in canonical form."""
    key, value = _bytes(fields, salt, _HEX_32, f"{kind}.malformed"), fields[text]
    part = canonical_object(value) if isinstance(value, str) else None
    if not isinstance(value, str) or part is None:
        raise Wrong(f"{kind}.not_canonical", f"its {text} are not canonical JSON")
    return hmac.digest(key, value.encode("utf-8"), "sha256"), part


def _fields(data: bytes, code: str, names: set[str], more: frozenset[str] = frozenset()) -> dict[str, Value]:
    try:
        value = parse(data)
    except ValueError as fault:
        raise Wrong(code, f"it cannot be read: {fault}") from fault
    if not isinstance(value, dict) or set(value) - more != names:
        raise Wrong(code, f"it does not have exactly the fields {', '.join(sorted(names))}")
    return value


def _bytes(fields: Mapping[str, Value], name: str, pattern: re.Pattern[str], code: str) -> bytes:
    value = fields[name]
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Wrong(code, f"its {name} is not lower-case hex of the right length")
    return bytes.fromhex(value)


def read_time(fields: Mapping[str, Value], name: str, code: str) -> int:
    """Return milliseconds since 1970 of an RFC 3339 time in UTC with milliseconds.

    Raises:
        Wrong: with this code.
    """
    value = fields.get(name)
    try:
        if isinstance(value, str) and _TIME.fullmatch(value):
            return round(datetime.fromisoformat(value).timestamp() * 1000)
    except ValueError:
        pass
    raise Wrong(code, f"its {name} is not a time like 2026-11-21T22:48:00.000Z")
