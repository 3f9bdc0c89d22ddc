"""The files of the chip but DG2: our own, and ICAO's and BSI's where they lie beside the checkout."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

import emrtd_maker as maker
from countenance.documents.chip.lds import (
    MOST_FILE_BYTES,
    TAGS,
    parse_common,
    parse_dg1,
    parse_dg11,
    parse_dg14,
    parse_dg15,
    parse_security_object,
)
from countenance.documents.chip.sod_steps import parse_sod
from countenance.errors import DocumentError
from countenance.terms import ChipFile
from emrtd_maker import tlv
from shared_vectors import shared_files


def code_of(parse: Callable[[bytes], object], data: bytes) -> str:
    """Return the code with which a parser refuses."""
    with pytest.raises(DocumentError) as caught:
        parse(data)
    return caught.value.code


def test_every_file_has_one_tag() -> None:
    """EF.COM, EF.SOD and sixteen data groups, each with a first byte of its own."""
    assert sorted(TAGS.values()) == sorted(ChipFile)
    assert [ChipFile.COM.group, ChipFile.DG1.group, ChipFile.DG16.group] == [0, 1, 16]


def test_common_lists_the_groups() -> None:
    """EF.COM gives versions and groups; a tag that is none of a group's is passed over."""
    found = parse_common(maker.common([1, 2, 14]))
    assert (found.lds_version, found.unicode_version, found.groups) == ("0107", "040000", {1, 2, 14})
    assert parse_common(tlv(0x60, tlv(0x5C, b"\x61\xff"))).groups == {1}
    assert code_of(parse_common, tlv(0x60, tlv(0x5F01, b"\xff"))) == "chip.text"


@pytest.mark.parametrize("lines", [
    ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"),
    ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"),
    (maker.MRZ[:44], maker.MRZ[44:]),
])  # fmt: skip
def test_dg1_gives_the_lines(lines: tuple[str, ...]) -> None:
    """All three formats come out line by line with their issuing state (Doc 9303-10 4.7.1)."""
    found = parse_dg1(maker.dg1("".join(lines)))
    assert (found.lines, found.issuing_state) == (lines, "UTO")


@pytest.mark.parametrize("text", ["", "P<UTO", maker.MRZ[:-1], maker.MRZ.lower(), maker.MRZ[:-1] + "é"])
def test_dg1_without_a_zone_is_refused(text: str) -> None:
    """Another length or another character is no machine readable zone."""
    assert code_of(parse_dg1, maker.dg1(text)) == "chip.mrz"


def test_dg11_gives_plain_fields() -> None:
    """DG11's fields come out by name in UTF-8."""
    data = tlv(0x6B, tlv(0x5C, b"\x5f\x0e"), tlv(0x5F0E, "ÉRIKSSON<<ANNA".encode()), tlv(0x5F2B, b"19740812"))
    assert parse_dg11(data) == {"name": "ÉRIKSSON<<ANNA", "birth_date": "19740812"}


def test_dg14_and_dg15_say_what_the_chip_offers() -> None:
    """DG14 gives protocols, DG15 the Active Authentication key, which may be a small one."""
    info = tlv(0x30, bytes.fromhex("060a04007f00070202030202"), tlv(0x02, b"\1"))
    assert [one.protocol for one in parse_dg14(tlv(0x6E, tlv(0x31, info)))] == ["0.4.0.127.0.7.2.2.3.2.2"]
    assert parse_dg15(tlv(0x6F, maker.Key(maker.rsa_key("aa", 1024)).spki)).bits == 1024
    assert code_of(parse_dg14, tlv(0x6E, tlv(0x31, tlv(0x30)))) == "chip.malformed"
    assert code_of(parse_dg15, tlv(0x6F, b"\5\0")) == "chip.malformed"


GOOD_HASH = tlv(0x30, tlv(0x02, b"\1"), tlv(0x04, bytes(32)))
SHA256 = tlv(0x30, bytes.fromhex("0609608648016503040201"))
BAD_OBJECTS = {
    "version 2": tlv(0x30, tlv(2, b"\2"), SHA256, tlv(0x30, GOOD_HASH)),
    "SHA-1": maker.security_object({1: b""}, "sha1"),
    "no group": tlv(0x30, tlv(2, b"\0"), SHA256, tlv(0x30)),
    "group twice": tlv(0x30, tlv(2, b"\0"), SHA256, tlv(0x30, GOOD_HASH, GOOD_HASH)),
    "group 17": tlv(0x30, tlv(2, b"\0"), SHA256, tlv(0x30, tlv(0x30, tlv(2, b"\x11"), tlv(4, bytes(32))))),
    "group 0": tlv(0x30, tlv(2, b"\0"), SHA256, tlv(0x30, tlv(0x30, tlv(2, b"\0"), tlv(4, bytes(32))))),
    "short hash": tlv(0x30, tlv(2, b"\0"), SHA256, tlv(0x30, tlv(0x30, tlv(2, b"\1"), tlv(4, bytes(20))))),
    "no hash": tlv(0x30, tlv(2, b"\0"), SHA256, tlv(0x30, tlv(0x30, tlv(2, b"\1")))),
    "no algorithm": tlv(0x30, tlv(2, b"\0"), tlv(0x30), tlv(0x30, GOOD_HASH)),
    "another order": tlv(0x30, SHA256, tlv(2, b"\0"), tlv(0x30, GOOD_HASH)),
}


@pytest.mark.parametrize("data", BAD_OBJECTS.values(), ids=BAD_OBJECTS)
def test_a_security_object_is_all_as_the_standard_has_it(data: bytes) -> None:
    """Unknown version, hash or group, a hash of another length, a group twice: refused whole."""
    assert code_of(parse_security_object, data) == "chip.security_object"


@pytest.mark.parametrize("parse", [parse_common, parse_dg1, parse_dg11, parse_dg14, parse_dg15, parse_sod])
def test_large_files_are_refused_unread(parse: Callable[[bytes], object]) -> None:
    """A file larger than any chip is refused before it is parsed."""
    assert code_of(parse, bytes(MOST_FILE_BYTES + 1)) == "chip.too_large"


@pytest.mark.parametrize("vector", shared_files("vectors/emrtd/EF_SOD.bin"))
def test_the_reference_data_set_of_bsi(vector: Path) -> None:
    """BSI's EF.SOD verifies with its own Document Signer, and signs its DG1 and DG14 but, on purpose, not its DG15."""
    sod = parse_sod(vector.read_bytes())
    signer = sod.signed.signer("The Document Signer")
    assert sod.signed.signature_fault(signer) is None
    assert sod.signed.digest_fault("2.23.136.1.1.1") is None
    assert (sod.signed.algorithm.scheme, signer.country) == ("rsassa_pss", "DE")
    for number in (1, 14):
        data = (vector.parent / f"Datagroup{number}.bin").read_bytes()
        assert hashlib.sha256(data).digest() == sod.groups.hashes[number]
    assert set(sod.groups.hashes) == {1, 2, 3, 4, 14}
    assert parse_dg1((vector.parent / "Datagroup1.bin").read_bytes()).issuing_state == "D"
    assert len(parse_dg14((vector.parent / "Datagroup14.bin").read_bytes())) == 3
    assert parse_dg15((vector.parent / "Datagroup15.bin").read_bytes()).bits == 1024
    assert parse_common((vector.parent / "EF_COM.bin").read_bytes()).groups == {1, 2, 3, 4, 14}


@pytest.mark.parametrize("vector", shared_files("vectors/emrtd/icao9303p10/DG11.bin"))
def test_the_worked_examples_of_doc_9303(vector: Path) -> None:
    """Doc 9303-10's worked EF.COM, DG1 and DG11 say what the standard prints."""
    assert parse_dg11(vector.read_bytes())["birth_place"] == "ANYTOWN<MN"
    assert parse_dg1((vector.parent / "DG1_TD2.bin").read_bytes()).lines[1].startswith("D231458907UTO")
    assert parse_common((vector.parent / "EF_COM.bin").read_bytes()).groups == {1, 2}
