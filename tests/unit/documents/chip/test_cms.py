"""Signed data with one signer: everything else is told apart, and what the field gets wrong is still read."""

from __future__ import annotations

from typing import Any

import pytest
from asn1crypto import algos, cms

import emrtd_maker as maker
from countenance.documents.chip.certificates import parse_certificate
from countenance.documents.chip.cms import Signed, parse_signed
from countenance.documents.chip.public_keys import SignatureAlgorithm
from countenance.errors import DocumentError

KIND = "2.23.136.1.1.1"
ISSUED = maker.issue()
SIGNER = parse_certificate(ISSUED.signer, "The signer")


def rebuilt(change: Any) -> bytes:
    """Return the specimen's signed data with something changed in it."""
    info = cms.ContentInfo.load(ISSUED.cms)
    change(info["content"])
    return info.dump(force=True)


def code_of(data: bytes) -> str:
    """Return the code with which signed data are refused."""
    with pytest.raises(DocumentError) as caught:
        parse_signed(data, "It")
    return caught.value.code


def two_signers(data: Any) -> None:
    """Sign twice."""
    data["signer_infos"].append(data["signer_infos"][0].copy())


def no_content(data: Any) -> None:
    """Leave the content out, as a detached signature does."""
    data["encap_content_info"] = {"content_type": KIND}


def crowded(data: Any) -> None:
    """Carry nine certificates along."""
    for _ in range(8):
        data["certificates"].append(data["certificates"][0].copy())


@pytest.mark.parametrize("change", [two_signers, no_content, crowded])
def test_other_signed_data_are_refused(change: Any) -> None:
    """Two signers, detached content and a crowd of certificates are not what documents use."""
    assert code_of(rebuilt(change)) == "chip.signed_data"


def test_other_content_is_refused() -> None:
    """A ContentInfo of another kind is no signed data."""
    assert code_of(cms.ContentInfo({"content_type": "data", "content": b"x"}).dump()) == "chip.signed_data"


def test_without_signed_attributes_nothing_holds() -> None:
    """Without signed attributes neither digest nor signature can hold (Doc 9303-10 4.6.2.2 asks for them)."""

    def bare(data: Any) -> None:
        data["signer_infos"][0]["signed_attrs"] = None

    signed = parse_signed(rebuilt(bare), "It")
    assert signed.messages == ()
    assert signed.digest_fault(KIND) == signed.signature_fault(SIGNER) == "There are no signed attributes."


@pytest.mark.parametrize("common, found", [("csca", True), ("another", False)])
def test_the_signers_issuer_is_compared_as_a_name(common: str, found: bool) -> None:  # noqa: FBT001 - a test's parameter
    """The issuer in EF.SOD may be printed in another case or string type than in the certificate, not be another."""

    def renamed(data: Any) -> None:
        number = data["signer_infos"][0]["sid"].chosen["serial_number"].native
        named = {"issuer": maker.name("UT", common), "serial_number": number}
        data["signer_infos"][0]["sid"] = cms.SignerIdentifier({"issuer_and_serial_number": named})

    signed = parse_signed(rebuilt(renamed), "It")
    if found:
        assert signed.signer("The signer") == SIGNER
    else:
        with pytest.raises(DocumentError, match="not the one"):
            signed.signer("The signer")


def turned(*, sign_sorted: bool) -> Signed:
    """Return signed data whose attributes stand in the order opposite to DER's, signed in one order or the other."""
    info = cms.ContentInfo.load(ISSUED.cms)
    signer = info["content"]["signer_infos"][0]
    items = sorted((item.dump() for item in signer["signed_attrs"]), reverse=True)
    standing, ordered = maker.tlv(0x31, *items), maker.tlv(0x31, *sorted(items))
    signature = maker.SIGNER.sign(ordered if sign_sorted else standing)
    data = ISSUED.cms.replace(b"\xa0" + ordered[1:], b"\xa0" + standing[1:])
    return parse_signed(data.replace(signer["signature"].native, signature), "It")


@pytest.mark.parametrize("sign_sorted", [True, False])
def test_attributes_out_of_order_verify_either_way(sign_sorted: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """RFC 5652 5.4 signs the attributes in DER's order; some signers sign them as they stand. Both are read."""
    signed = turned(sign_sorted=sign_sorted)
    assert len(signed.messages) == 2
    assert signed.signature_fault(SIGNER) is None


def test_an_attribute_that_stands_twice_is_no_attribute() -> None:
    """Two messageDigest attributes, one of them right, do not hold (RFC 5652 11.2 allows one)."""
    again = cms.CMSAttribute({"type": "message_digest", "values": [bytes(32)]})
    signed = parse_signed(maker.issue(cms_arguments={"attributes": [again]}).cms, "It")
    assert len(signed.message_digests) == 2
    assert "not the content's" in (signed.digest_fault(KIND) or "")


@pytest.mark.parametrize("name, parameters", [
    ("rsassa_pss", {"salt_length": 65}), ("rsassa_pss", {"salt_length": -1}), ("rsassa_pss", {"trailer_field": 2}),
    ("sha256_dsa", None),
])  # fmt: skip
def test_other_signature_algorithms_are_refused(name: str, parameters: dict[str, Any] | None) -> None:
    """DSA, another trailer and a salt longer than any hash are not what documents use."""

    def other(data: Any) -> None:
        algorithm: dict[str, Any] = {"algorithm": name}
        if parameters is not None:
            algorithm["parameters"] = algos.RSASSAPSSParams(parameters)
        data["signer_infos"][0]["signature_algorithm"] = algorithm

    assert code_of(rebuilt(other)) in {"chip.signature_algorithm", "chip.malformed"}


def test_rsa_encryption_takes_the_digests_hash() -> None:
    """RsaEncryption as a signature's algorithm means PKCS#1 v1.5 with the signer's digest (RFC 3370 3.2)."""

    def plain(data: Any) -> None:
        data["signer_infos"][0]["signature_algorithm"] = {"algorithm": "rsassa_pkcs1v15"}

    signed = parse_signed(rebuilt(plain), "It")
    assert signed.algorithm == SignatureAlgorithm("rsassa_pkcs1v15", "sha256", "", 0)
    assert signed.signature_fault(SIGNER) is None
