"""The files of the logical data structure (Doc 9303-10 4.6 and 4.7) but for DG2: what each one says.

Reading is not believing: EF.COM is not signed at all, and a data group counts only once its hash stands in EF.SOD.
"""

from __future__ import annotations

from dataclasses import dataclass

from asn1crypto import core as asn1_core
from asn1crypto import keys as asn1_keys

from countenance.documents.chip.asn1 import asn1_faults, load
from countenance.documents.chip.certificates import bounded_bytes
from countenance.documents.chip.public_keys import HASHES, PublicKey, public_key
from countenance.documents.chip.tlv import Tlv, by_tag, read_all, read_tag
from countenance.errors import DocumentError
from countenance.terms import ChipFile

_READ_AGAIN = "Read the chip again; if it stays so, check the document by hand."
TAGS: dict[int, ChipFile] = {
    0x60: ChipFile.COM, 0x77: ChipFile.SOD, 0x61: ChipFile.DG1, 0x75: ChipFile.DG2, 0x63: ChipFile.DG3,
    0x76: ChipFile.DG4, 0x65: ChipFile.DG5, 0x66: ChipFile.DG6, 0x67: ChipFile.DG7, 0x68: ChipFile.DG8,
    0x69: ChipFile.DG9, 0x6A: ChipFile.DG10, 0x6B: ChipFile.DG11, 0x6C: ChipFile.DG12, 0x6D: ChipFile.DG13,
    0x6E: ChipFile.DG14, 0x6F: ChipFile.DG15, 0x70: ChipFile.DG16,
}  # fmt: skip
"""Each file's first byte (Doc 9303-10 4.7, table 38)."""
TAG_OF: dict[ChipFile, int] = {file: tag for tag, file in TAGS.items()}
MOST_FILE_BYTES = 1_000_000
"""Far above any chip's memory; what is larger is not a chip's file."""
LDS_SECURITY_OBJECT = "2.23.136.1.1.1"
_INTEGER, _OCTETS, _SEQUENCE = 0x02, 0x04, 0x30
_LINES = {90: 30, 72: 36, 88: 44}
_MOST_GROUPS = 16
_DG11_FIELDS: dict[int, str] = {
    0x5F0E: "name", 0x5F10: "personal_number", 0x5F2B: "birth_date", 0x5F11: "birth_place", 0x5F42: "address",
    0x5F12: "telephone", 0x5F13: "profession", 0x5F14: "title", 0x5F15: "personal_summary", 0x5F18: "custody",
}  # fmt: skip
_MRZ_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<")


@dataclass(frozen=True, slots=True)
class Common:
    """EF.COM: what the chip claims to hold. Not signed; only compared with what EF.SOD says."""

    lds_version: str
    unicode_version: str
    groups: frozenset[int]
    """Numbers of data groups, 1 to 16."""


@dataclass(frozen=True, slots=True)
class SecurityObject:
    """The LDS security object inside EF.SOD: a hash for each data group."""

    version: int
    hash_name: str
    """Such as "sha256"."""
    hashes: dict[int, bytes]
    """By the group's number, 1 to 16."""


@dataclass(frozen=True, slots=True)
class MachineReadableZone:
    """DG1 (Doc 9303-10 4.7.1)."""

    lines: tuple[str, ...]

    @property
    def document_code(self) -> str:
        """Characters 1 and 2 of the first line, fillers removed (Doc 9303-4 to -6), such as "P", "PP" or "ID"."""
        return self.lines[0][:2].replace("<", "")

    @property
    def issuing_state(self) -> str:
        """Characters 3 to 5 of the first line, fillers removed (Doc 9303-4 to -6)."""
        return self.lines[0][2:5].replace("<", "")


@dataclass(frozen=True, slots=True)
class SecurityInfo:
    """One protocol that the chip offers (Doc 9303-11 9.2): DG14."""

    protocol: str
    """Dotted object identifier."""


def parse_common(data: bytes) -> Common:
    """Return EF.COM (Doc 9303-10 4.6.1).

    Raises:
        DocumentError: malformed (``chip.tlv_…``, ``chip.text``).
    """
    what = _checked(data, ChipFile.COM)
    fields = by_tag(read_tag(data, TAG_OF[ChipFile.COM], what), what)
    listed = (TAGS.get(tag) for tag in fields.get(0x5C, b""))
    return Common(
        _text(fields.get(0x5F01, b""), what),
        _text(fields.get(0x5F36, b""), what),
        frozenset(file.group for file in listed if file is not None),
    )


def parse_dg1(data: bytes) -> MachineReadableZone:
    """Return DG1 (Doc 9303-10 4.7.1): two lines of 44 or 36 characters, or three of 30; no check digit is checked.

    Raises:
        DocumentError: malformed (``chip.tlv_…``), or no machine readable zone (``chip.mrz``).
    """
    what = _checked(data, ChipFile.DG1)
    fields = by_tag(read_tag(data, TAG_OF[ChipFile.DG1], what), what)
    text = fields.get(0x5F1F, b"").decode("ascii", "replace")
    length = _LINES.get(len(text))
    if length is None or not set(text) <= _MRZ_CHARACTERS:
        raise DocumentError("chip.mrz", f"{what} holds no machine readable zone.", remedy=_READ_AGAIN)
    return MachineReadableZone(tuple(text[start : start + length] for start in range(0, len(text), length)))


def parse_dg11(data: bytes) -> dict[str, str]:
    """Return DG11's plain fields by name, such as "name" and "birth_date" (Doc 9303-10 4.7.11); others are left out.

    Raises:
        DocumentError: malformed (``chip.tlv_…``, ``chip.text``).
    """
    what = _checked(data, ChipFile.DG11)
    fields = by_tag(read_tag(data, TAG_OF[ChipFile.DG11], what), what)
    return {name: _text(fields[tag], what) for tag, name in _DG11_FIELDS.items() if tag in fields}


def parse_dg14(data: bytes) -> tuple[SecurityInfo, ...]:
    """Return DG14's protocols in order (Doc 9303-11 9.2, Doc 9303-10 4.7.14).

    Raises:
        DocumentError: malformed (``chip.tlv_…``, ``chip.malformed``).
    """
    what = _checked(data, ChipFile.DG14)
    infos = read_all(read_tag(read_tag(data, TAG_OF[ChipFile.DG14], what), 0x31, what), what, most=64)
    with asn1_faults(what):
        found = []
        for info in infos:
            first = read_all(info.value, what, most=8)[0]  # of none: an IndexError, which is a fault of the data
            found.append(SecurityInfo(load(asn1_core.ObjectIdentifier, first.raw, what).dotted))
        return tuple(found)


def parse_dg15(data: bytes) -> PublicKey:
    """Return DG15's Active Authentication key (Doc 9303-11 6.1, Doc 9303-10 4.7.15).

    Raises:
        DocumentError: malformed (``chip.tlv_…``, ``chip.malformed``) or an unusable key (``chip.key_…``).
    """
    what = _checked(data, ChipFile.DG15)
    inner = read_tag(data, TAG_OF[ChipFile.DG15], what)
    with asn1_faults(what):
        return public_key(load(asn1_keys.PublicKeyInfo, inner, what), smallest_rsa=1024)


_HASH_OIDS = {
    bytes.fromhex("608648016503040204"): "sha224", bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384", bytes.fromhex("608648016503040203"): "sha512",
}  # fmt: skip
"""Values of the object identifiers 2.16.840.1.101.3.4.2.4, .1, .2 and .3."""


def parse_security_object(content: bytes) -> SecurityObject:
    """Return the LDSSecurityObject, which is the content that EF.SOD signs (Doc 9303-10 4.6.2.3).

    Raises:
        DocumentError: malformed (``chip.tlv_…``), another version than 0 or 1, a hash that is not
            accepted, a group twice, outside 1 to 16, or of another hash's length (``chip.security_object``).
    """
    what = "The LDS security object"
    parts = read_all(read_tag(content, _SEQUENCE, what), what, most=4)
    if [part.tag for part in parts[:3]] != [_INTEGER, _SEQUENCE, _SEQUENCE]:
        raise _bad_security_object()
    algorithm = read_all(parts[1].value, what, most=2)
    name = _HASH_OIDS.get(algorithm[0].value, "") if algorithm else ""
    rows = [_group_hash(row) for row in read_all(parts[2].value, what, most=_MOST_GROUPS)]
    hashes = dict(rows)
    if parts[0].value not in {b"\0", b"\1"} or not name or not rows or len(hashes) != len(rows):
        raise _bad_security_object()
    if any(len(value) != HASHES[name].digest_size for value in hashes.values()):
        raise _bad_security_object()
    return SecurityObject(parts[0].value[0], name, hashes)


def _group_hash(row: Tlv) -> tuple[int, bytes]:
    """Return one DataGroupHash as (group, hash)."""
    what = "The LDS security object"
    parts = read_all(row.value, what, most=2)
    if row.tag != _SEQUENCE or [part.tag for part in parts] != [_INTEGER, _OCTETS]:
        raise _bad_security_object()
    if len(parts[0].value) != 1 or not 1 <= parts[0].value[0] <= _MOST_GROUPS:
        raise _bad_security_object()
    return parts[0].value[0], parts[1].value


def _bad_security_object() -> DocumentError:
    return DocumentError(
        "chip.security_object",
        "The LDS security object has a version, hash function or group that Doc 9303-10 does not know.",
        remedy=_READ_AGAIN,
    )


def _checked(data: bytes, file: ChipFile) -> str:
    """Check a file's size and return its name for errors."""
    bounded_bytes(data, MOST_FILE_BYTES, file.value)
    return file.value


def _text(value: bytes, what: str) -> str:
    """Return UTF-8 text.

    Raises:
        DocumentError: it is none (``chip.text``).
    """
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DocumentError("chip.text", f"{what} holds text that is not UTF-8.", remedy=_READ_AGAIN) from error
