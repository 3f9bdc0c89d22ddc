"""Steps 1 to 4: EF.SOD is what it should be, and its own Document Signer signed it. No trust comes of these alone."""

from __future__ import annotations

from dataclasses import dataclass

from countenance.documents.chip.certificates import Certificate, bounded_bytes
from countenance.documents.chip.cms import Signed, parse_signed
from countenance.documents.chip.lds import (
    LDS_SECURITY_OBJECT,
    MOST_FILE_BYTES,
    TAG_OF,
    SecurityObject,
    parse_security_object,
)
from countenance.documents.chip.steps import ATTRIBUTES, SECURITY_OBJECT, SIGNATURE, SIGNER
from countenance.documents.chip.tlv import read_tag
from countenance.errors import DocumentError
from countenance.terms import ChipData, ChipFile, ChipStep

_VERSION = 3
_NO_SOD = "EF.SOD could not be read."
_NO_SIGNER = "There is no Document Signer certificate to check with."


@dataclass(frozen=True, slots=True)
class Sod:
    """EF.SOD taken apart."""

    signed: Signed
    groups: SecurityObject


def parse_sod(data: bytes) -> Sod:
    """Return EF.SOD (Doc 9303-10 4.6.2) taken apart; nothing is verified yet.

    Raises:
        DocumentError: malformed, or its content is no LDS security object (``chip.tlv_…``, ``chip.malformed``,
            ``chip.signed_data``, ``chip.security_object``).
    """
    what = ChipFile.SOD.value
    bounded_bytes(data, MOST_FILE_BYTES, what)
    signed = parse_signed(read_tag(data, TAG_OF[ChipFile.SOD], what), what)
    return Sod(signed, parse_security_object(signed.content))


def read_sod(chip: ChipData) -> tuple[ChipStep, Sod | None]:
    """Make step 1: SignedData of version 3, of kind ldsSecurityObject, with hashes that Doc 9303-10 knows."""
    data = chip.files.get(ChipFile.SOD)
    if data is None:
        return SECURITY_OBJECT.failed("The chip gave no EF.SOD."), None
    try:
        sod = parse_sod(data)
    except DocumentError as error:
        return SECURITY_OBJECT.failed(error.message), None
    if sod.signed.version != _VERSION or sod.signed.content_type != LDS_SECURITY_OBJECT:
        return SECURITY_OBJECT.failed("EF.SOD is signed data of another version or kind."), None
    names = ", ".join(f"DG{number}" for number in sorted(sod.groups.hashes))
    return SECURITY_OBJECT.passed(f"It has {sod.groups.hash_name} hashes of {names}."), sod


def find_signer(sod: Sod | None) -> tuple[ChipStep, Certificate | None]:
    """Make step 2: the one certificate in EF.SOD that its signer identifier names."""
    if sod is None:
        return SIGNER.not_made(_NO_SOD), None
    try:
        signer = sod.signed.signer("The Document Signer certificate")
    except DocumentError as error:
        return SIGNER.failed(error.message), None
    return SIGNER.passed(f"It is {_short(signer)}."), signer


def check_attributes(sod: Sod | None) -> ChipStep:
    """Make step 3: contentType and messageDigest are there once and fit the content."""
    if sod is None:
        return ATTRIBUTES.not_made(_NO_SOD)
    fault = sod.signed.digest_fault(LDS_SECURITY_OBJECT)
    return ATTRIBUTES.failed(fault) if fault else ATTRIBUTES.passed(f"The {sod.signed.digest_name} digest fits.")


def check_signature(sod: Sod | None, signer: Certificate | None) -> ChipStep:
    """Make step 4: the signature over the signed attributes, as a DER SET, verifies with the Document Signer's key."""
    if sod is None or signer is None:
        return SIGNATURE.not_made(_NO_SOD if sod is None else _NO_SIGNER)
    fault = sod.signed.signature_fault(signer)
    return SIGNATURE.failed(fault) if fault else SIGNATURE.passed(f"It verifies: {described(signer, sod.signed)}.")


def described(signer: Certificate, signed: Signed) -> str:
    """Return an algorithm with its key in words, such as "ecdsa with sha256 on brainpoolP256r1, spelled out"."""
    key = signer.key
    size = f"on {key.curve}{', spelled out' if key.explicit else ''}" if key.curve else f"{key.bits} bits"
    return f"{signed.algorithm.scheme} with {signed.algorithm.hash_name}, {size}"


def _short(certificate: Certificate) -> str:
    return f"{certificate.country or '??'} certificate {certificate.sha256[:16]}"
