"""DG2: the encoded face in its biometric template, of ISO/IEC 19794-5:2005 or ISO/IEC 39794-5:2019.

Both records carry a header that describes the image; in practice it lies (its data-type byte, width and height), so
nothing of it is used but where the image begins and ends. What the image is, its own first bytes say.
"""

from __future__ import annotations

from dataclasses import dataclass

from countenance.documents.chip.certificates import bounded_bytes
from countenance.documents.chip.lds import MOST_FILE_BYTES, TAG_OF
from countenance.documents.chip.tlv import Tlv, by_tag, read_all, read_tag
from countenance.errors import DocumentError
from countenance.terms import ChipFile, PortraitCoding

_WHAT = "DG2"
_GROUP_TEMPLATE = 0x7F61
_TEMPLATE = 0x7F60
_COUNT = 0x02
_HEADER = 0xA1
_FORMAT_TYPE = 0x88
_DATA_BLOCK = 0x5F2E
_DATA_BLOCK_CONSTRUCTED = 0x7F2E
_ISO_19794 = b"\x00\x08"
_ISO_39794 = b"\x00\x2a"
_MOST_FACES = 9

# ISO/IEC 19794-5:2005 clause 5: facial record header, then for each face information, landmarks, image information.
_RECORD_HEADER = 14
_MAGIC = b"FAC\x00" + b"010\x00"
_FACE_HEADER = 20
_LANDMARK = 8
_IMAGE_HEADER = 12

# ISO/IEC 39794-5:2019 clause 8, ICAO's profile of it: the way down to representationData2D.
_BLOCK_WRAP, _FACE_BLOCK = 0xA1, 0x65
_WAY = ((0xA1, "representation blocks"), (0x30, "representation"), (0xA1, "image"), (0xA0, "base"), (0xA0, "2D block"))
_IMAGE_DATA = 0x80

_SIGNS: tuple[tuple[bytes, PortraitCoding], ...] = (
    (b"\xff\xd8\xff", PortraitCoding.JPEG),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", PortraitCoding.JPEG_2000),
    (b"\xff\x4f\xff\x51", PortraitCoding.JPEG_2000),
)

_READ_AGAIN = "Read the chip again; if it stays so, check the document by hand."


@dataclass(frozen=True, slots=True)
class EncodedFace:
    """The compressed portrait."""

    image: bytes
    coding: PortraitCoding
    record: str
    """"ISO/IEC 19794-5" or "ISO/IEC 39794-5"."""


def parse_dg2(data: bytes) -> EncodedFace:
    """Return the first face of DG2 (Doc 9303-10 4.7.2): of several, the first is the portrait.

    Raises:
        DocumentError: malformed (``chip.tlv_…``), another number of templates than announced (``chip.face_count``), a
            record that is neither of the two formats (``chip.face_format``, ``chip.face_record``), or an image that is
            neither JPEG nor JPEG 2000 by its first bytes (``chip.portrait_type``).
    """
    bounded_bytes(data, MOST_FILE_BYTES, _WHAT)
    inner = read_tag(read_tag(data, TAG_OF[ChipFile.DG2], _WHAT), _GROUP_TEMPLATE, _WHAT)
    items = read_all(inner, _WHAT, most=_MOST_FACES + 1)
    templates = [item for item in items if item.tag == _TEMPLATE]
    counts = [item.value for item in items if item.tag == _COUNT]
    if not templates or counts != [bytes([len(templates)])]:
        raise DocumentError("chip.face_count", f"{_WHAT} holds other templates than it announces.", remedy=_READ_AGAIN)
    fields = by_tag(templates[0].value, _WHAT)
    kind = by_tag(fields.get(_HEADER, b""), _WHAT).get(_FORMAT_TYPE, b"")
    if kind == _ISO_19794 and _DATA_BLOCK in fields:
        return _encoded(face_of_19794(fields[_DATA_BLOCK]), "ISO/IEC 19794-5")
    if kind == _ISO_39794 and _DATA_BLOCK_CONSTRUCTED in fields:
        return _encoded(face_of_39794(fields[_DATA_BLOCK_CONSTRUCTED]), "ISO/IEC 39794-5")
    raise DocumentError(
        "chip.face_format", f"{_WHAT} is in none of the formats that Doc 9303-10 names.", remedy=_READ_AGAIN
    )


def face_of_19794(record: bytes) -> bytes:
    """Return the first face's image out of an ISO/IEC 19794-5:2005 record, from its bytes 0 on.

    Each length is checked against the bytes that are there; the image reaches to the end of its face's block.

    Raises:
        DocumentError: no such record, or a length that does not fit (``chip.face_record``).
    """
    if record[: len(_MAGIC)] != _MAGIC or int.from_bytes(record[8:12], "big") != len(record):
        raise _bad_record()
    faces = int.from_bytes(record[12:_RECORD_HEADER], "big")
    block = int.from_bytes(record[_RECORD_HEADER : _RECORD_HEADER + 4], "big")
    landmarks = int.from_bytes(record[_RECORD_HEADER + 4 : _RECORD_HEADER + 6], "big")
    start = _RECORD_HEADER + _FACE_HEADER + landmarks * _LANDMARK + _IMAGE_HEADER
    end = _RECORD_HEADER + block
    if not 1 <= faces <= _MOST_FACES or not start < end <= len(record) or (faces == 1 and end != len(record)):
        raise _bad_record()
    return record[start:end]


def face_of_39794(record: bytes) -> bytes:
    """Return the image out of an ISO/IEC 39794-5:2019 FaceImageDataBlock in BER, from the tag A1 around it on.

    Walks the one way that ICAO's profile leaves (one representation, two-dimensional, base syntax); what stands beside
    it is passed over, as its extension markers ask.

    Raises:
        DocumentError: malformed (``chip.tlv_…``), or without an image on that way (``chip.face_record``).
    """
    value = read_tag(read_tag(record, _BLOCK_WRAP, _WHAT), _FACE_BLOCK, _WHAT)
    for tag, _ in _WAY:
        value = _only(read_all(value, _WHAT, most=64), tag).value
    return _only(read_all(value, _WHAT, most=64), _IMAGE_DATA).value


def _only(items: tuple[Tlv, ...], tag: int) -> Tlv:
    """Return the one element with this tag."""
    found = [item for item in items if item.tag == tag]
    if len(found) != 1:
        raise _bad_record()
    return found[0]


def _encoded(image: bytes, record: str) -> EncodedFace:
    for sign, coding in _SIGNS:
        if image.startswith(sign):
            return EncodedFace(image, coding, record)
    raise DocumentError(
        "chip.portrait_type", "The chip's portrait is neither JPEG nor JPEG 2000.", remedy="Check the document by hand."
    )


def _bad_record() -> DocumentError:
    return DocumentError("chip.face_record", f"{_WHAT} holds no face record that can be read.", remedy=_READ_AGAIN)
