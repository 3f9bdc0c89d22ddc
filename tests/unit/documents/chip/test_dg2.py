"""DG2 in both formats: where the image is, whatever the header claims."""

from __future__ import annotations

from pathlib import Path

import asn1tools
import pytest

import emrtd_maker as maker
from countenance.documents.chip.dg2 import face_of_19794, face_of_39794, parse_dg2
from countenance.errors import DocumentError
from countenance.terms import PortraitCoding
from emrtd_maker import tlv
from shared_vectors import shared_files

JPEG, JP2 = maker.picture(), maker.picture("JPEG2000")


@pytest.mark.parametrize("kind, record", [("19794", "ISO/IEC 19794-5"), ("39794", "ISO/IEC 39794-5")])
@pytest.mark.parametrize("image, coding", [(JPEG, PortraitCoding.JPEG), (JP2, PortraitCoding.JPEG_2000)])
def test_the_image_comes_out_whole(kind: str, record: str, image: bytes, coding: PortraitCoding) -> None:
    """Either record gives exactly the image, told by its first bytes: the header says JPEG and 0 x 0 pixels here."""
    found = parse_dg2(maker.dg2(image, kind=kind))
    assert (found.image, found.coding, found.record) == (image, coding, record)


def test_a_bare_codestream_is_jpeg_2000() -> None:
    """JPEG 2000 without its box file is told too."""
    assert parse_dg2(maker.dg2(b"\xff\x4f\xff\x51rest")).coding is PortraitCoding.JPEG_2000


@pytest.mark.parametrize("landmarks", [0, 1, 76])
def test_landmarks_are_passed_over(landmarks: int) -> None:
    """Landmarks stand between header and image, 8 bytes each."""
    assert face_of_19794(maker.record_19794(JPEG, landmarks=landmarks)) == JPEG


RECORD = maker.record_19794(JPEG)
TAMPERED = {
    "another magic": b"FIR\0" + RECORD[4:],
    "another version": RECORD[:4] + b"020\0" + RECORD[8:],
    "total length": RECORD[:8] + b"\xff\xff\xff\xff" + RECORD[12:],
    "no face": RECORD[:12] + b"\0\0" + RECORD[14:],
    "too many faces": RECORD[:12] + b"\xff\xff" + RECORD[14:],
    "block length huge": RECORD[:14] + b"\xff\xff\xff\xff" + RECORD[18:],
    "block length zero": RECORD[:14] + b"\0\0\0\0" + RECORD[18:],
    "landmarks past the end": RECORD[:18] + b"\xff\xff" + RECORD[20:],
    "empty": b"",
    "header only": RECORD[:14],
}


@pytest.mark.parametrize("data", TAMPERED.values(), ids=TAMPERED)
def test_lengths_that_lie_are_refused(data: bytes) -> None:
    """No length in a 19794-5 record is believed beyond the bytes that are there."""
    with pytest.raises(DocumentError) as caught:
        face_of_19794(data)
    assert caught.value.code == "chip.face_record"


@pytest.mark.parametrize("data, code", [
    (tlv(0x75, tlv(0x7F61, tlv(2, b"\2"), tlv(0x7F60))), "chip.face_count"),
    (tlv(0x75, tlv(0x7F61, tlv(2, b"\0"))), "chip.face_count"),
    (tlv(0x75, tlv(0x7F61, tlv(2, b"\1"), tlv(0x7F60, tlv(0xA1), tlv(0x5F2E, b"x")))), "chip.face_format"),
    (tlv(0x75, tlv(0x7F61, tlv(2, b"\1"), tlv(0x7F60))), "chip.face_format"),
    (maker.dg2(b"GIF89a"), "chip.portrait_type"),
    (maker.dg2(b"<svg"), "chip.portrait_type"),
    (bytes(1_000_001), "chip.too_large"),
])  # fmt: skip
def test_other_templates_and_images_are_refused(data: bytes, code: str) -> None:
    """Another count, format or image type than the standard's has its code."""
    with pytest.raises(DocumentError) as caught:
        parse_dg2(data)
    assert caught.value.code == code


def test_39794_without_an_image_is_refused() -> None:
    """A block that leaves the one way to the image is no face record."""
    with pytest.raises(DocumentError) as caught:
        face_of_39794(tlv(0xA1, tlv(0x65, tlv(0xA1, tlv(0x30, tlv(0x80, b"\0"))))))
    assert caught.value.code == "chip.face_record"


@pytest.mark.parametrize("vector", shared_files("vectors/emrtd/icao-39794-5-AP/DG2-Dataset/*.dat"))
def test_asn1tools_finds_the_same_image(vector: Path) -> None:
    """On ICAO's data sets a compiler of ICAO's own ASN.1 modules gives the same image, byte for byte."""
    modules = sorted(str(path) for path in vector.parent.parent.glob("*.asn"))
    compiled = asn1tools.compile_files(modules, "der")
    found = parse_dg2(vector.read_bytes())
    start = vector.read_bytes().index(b"\x65\x82")
    block = compiled.decode("FaceImageDataBlock", vector.read_bytes()[start:])
    _, (_, inner) = block["representationBlocks"][0]["imageRepresentation"]
    assert found.image == inner["representationData2D"]
    assert (found.coding, found.record) == (PortraitCoding.JPEG_2000, "ISO/IEC 39794-5")


@pytest.mark.parametrize("vector", shared_files("vectors/emrtd/icao9303p10/DG2_19794-5.bin"))
def test_a_header_that_lies_is_not_believed(vector: Path) -> None:
    """The worked example's record says JPEG 2000 around a JPEG: the JPEG is found."""
    assert parse_dg2(vector.read_bytes()).coding is PortraitCoding.JPEG


@pytest.mark.parametrize("vector", shared_files("vectors/emrtd/gmrtd/document/iso19794/test_data/*Test1_Data.bin"))
def test_the_record_of_another_implementation(vector: Path) -> None:
    """The 19794-5 record of gmrtd gives the image that gmrtd has for it."""
    assert face_of_19794(vector.read_bytes()) == (vector.parent / "ISO19794_Test1_Face.jpg").read_bytes()
