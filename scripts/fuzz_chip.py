"""Fuzz the parsers of travel documents, guided by coverage, with Atheris.

Use: ``pip install --require-hashes -r locks/fuzz.txt`` into an environment with countenance, then
``scripts/fuzz_chip.py NAME [libFuzzer options]``, say ``scripts/fuzz_chip.py sod -max_total_time=300``.
Only :class:`countenance.errors.DocumentError` may come out of a parser; anything else is a crash, and is kept by
libFuzzer as a file. ``tests/unit/documents/test_fuzz.py`` runs the same parsers over spoiled files in every test run.
"""

from __future__ import annotations

import base64
import functools
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from countenance.documents import CscaStore, build_store, check_chip
from countenance.documents.chip.certificates import parse_certificate, parse_crl
from countenance.documents.chip.csca import read_master_list
from countenance.documents.chip.dg2 import face_of_19794, face_of_39794, parse_dg2
from countenance.documents.chip.files import read_json
from countenance.documents.chip.lds import parse_common, parse_dg1, parse_dg11, parse_dg14, parse_dg15
from countenance.documents.chip.sod_steps import parse_sod
from countenance.documents.chip.tlv import bound, by_tag, read_all
from countenance.errors import DocumentError
from countenance.terms import ChipData, ChipFile, Instant

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
import emrtd_maker as maker


def _tlv(data: bytes) -> object:
    bound(data, "it")
    return by_tag(data, "it"), read_all(data, "it", most=100)


def _sod(data: bytes) -> object:
    return parse_sod(data).signed.signer("The signer")


@functools.cache
def _specimen() -> tuple[maker.Issued, CscaStore]:
    issued = maker.issue(signer=maker.Key(maker.rsa_key("s"), pss=True))
    return issued, build_store(certificates=[("csca", issued.csca)], crls=[("crl", issued.crl)], at=maker.NOW)


def _chip(sod: bytes) -> object:
    """Check the specimen chip with another EF.SOD; DG2 is left out, so that no portrait is decoded."""
    issued, store = _specimen()
    files = {ChipFile.COM: issued.chip.files[ChipFile.COM], ChipFile.DG1: issued.chip.files[ChipFile.DG1]}
    return check_chip(ChipData({**files, ChipFile.SOD: sod}), store, at=maker.NOW)


PARSERS: dict[str, Callable[[bytes], object]] = {
    "tlv": _tlv,
    "com": parse_common,
    "dg1": parse_dg1,
    "dg2": parse_dg2,
    "dg11": parse_dg11,
    "dg14": parse_dg14,
    "dg15": parse_dg15,
    "sod": _sod,
    "face_19794": face_of_19794,
    "face_39794": face_of_39794,
    "certificate": lambda data: parse_certificate(data, "It"),
    "crl": lambda data: parse_crl(data, "It"),
    "master_list": lambda data: read_master_list(data, "It", [], Instant(0)),
    "json": read_json,
    "chip": _chip,
}
"""Each parser that bytes from outside reach, by the name it is fuzzed under."""


def seeds() -> dict[str, list[bytes]]:
    """Return good input for each parser."""
    issued = maker.issue(signer=maker.Key(maker.rsa_key("s"), pss=True))
    curved = maker.issue(signer=maker.Key(maker.ec_key(maker.ec.BrainpoolP256R1), explicit=True))
    image = maker.picture()
    files = {file.value: base64.b64encode(data).decode() for file, data in issued.chip.files.items()}
    names = maker.tlv(0x6B, maker.tlv(0x5C, b"\x5f\x0e"), maker.tlv(0x5F0E, b"ERIKSSON<<ANNA"))
    info = maker.tlv(0x30, bytes.fromhex("060a04007f00070202030202"), maker.tlv(0x02, b"\1"))
    content = maker.tlv(0x30, maker.tlv(0x02, b"\0"), maker.tlv(0x31, issued.csca))
    return {
        "tlv": [maker.common(), issued.cms],
        "com": [maker.common()],
        "dg1": [maker.dg1()],
        "dg2": [maker.dg2(image), maker.dg2(image, kind="39794")],
        "dg11": [names],
        "dg14": [maker.tlv(0x6E, maker.tlv(0x31, info))],
        "dg15": [maker.tlv(0x6F, key.spki) for key in (maker.SIGNER, maker.CSCA)],
        "sod": [maker.tlv(0x77, issued.cms), maker.tlv(0x77, curved.cms)],
        "face_19794": [maker.record_19794(image, landmarks=3)],
        "face_39794": [maker.record_39794(image)],
        "certificate": [issued.csca, issued.signer, curved.signer],
        "crl": [maker.revocations([1, 2, 3])],
        "master_list": [maker.signed_data(content, "2.23.136.1.1.2", [issued.signer], issued.signer, maker.SIGNER)],
        "chip": [_specimen()[0].chip.files[ChipFile.SOD]],
        "json": [json.dumps({"files": files}).encode()],
    }


def run(name: str, data: bytes) -> None:
    """Give ``data`` to one parser; let only its refusal pass.

    Raises:
        Exception: what a parser must not raise.
    """
    with suppress(DocumentError):
        PARSERS[name](data)


def main() -> None:
    """Fuzz the parser that the command line names until libFuzzer's options say stop."""
    import atheris  # noqa: PLC0415 - only whoever fuzzes has it

    name, *options = sys.argv[1:]
    corpus = Path(f".cache/fuzz/{name}")
    corpus.mkdir(parents=True, exist_ok=True)
    for index, seed in enumerate(seeds()[name]):
        (corpus / f"seed{index}").write_bytes(seed)
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], *options, "-max_len=40000", str(corpus)], lambda data: run(name, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
