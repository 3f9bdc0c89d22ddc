"""Certificates and revocation lists taken apart: what RFC 5280 forbids is refused, what countries really do is read."""

from __future__ import annotations

import pytest
from asn1crypto import x509

import emrtd_maker as maker
from countenance.documents.chip.certificates import parse_certificate, parse_crl
from countenance.errors import DocumentError
from emrtd_maker import CSCA, NOW, TODAY, certificate, extension, name


def made(**more: object) -> bytes:
    """Return a CSCA certificate with something changed."""
    own = name("ut", "CSCA  of  Utopia")
    return certificate(**{"subject": own, "issuer": own, "key": CSCA, "by": CSCA, "authority": True, **more})  # type: ignore[arg-type]


def code_of(data: bytes) -> str:
    """Return the code with which a certificate is refused."""
    with pytest.raises(DocumentError) as caught:
        parse_certificate(data, "It")
    return caught.value.code


def test_names_are_compared_without_case_and_spaces() -> None:
    """Countries print one name in many ways: case and doubled spaces do not count; the country is upper case."""
    found = parse_certificate(made(), "It")
    assert found.country == found.issuer_country == "UT"
    assert ("2.5.4.3", "csca of utopia") in found.subject


def test_validity_contains_both_ends() -> None:
    """A certificate is valid from its first to its last second (RFC 5280 4.1.2.5)."""
    found = parse_certificate(made(first=TODAY, last=TODAY), "It")
    assert found.valid_at(NOW)
    assert not found.valid_at(type(NOW)(NOW - 1))
    assert not found.valid_at(type(NOW)(NOW + 1))


def test_what_is_absent_is_empty() -> None:
    """Without extensions there are no identifiers, and the private key may sign at any time."""
    found = parse_certificate(made(), "It")
    assert (found.authority_key_id, found.extended_usages, found.unknown_critical) == (b"", frozenset(), ())
    assert found.key_period[0] < 0 < found.key_period[1]


def test_an_extension_twice_is_refused() -> None:
    """RFC 5280 4.2 allows each extension once: which one counts is not for us to guess."""
    again = extension("key_usage", x509.KeyUsage({"digital_signature"}), critical=True)
    assert code_of(made(extra=[again])) == "chip.malformed"


def test_two_algorithms_are_refused() -> None:
    """The algorithm that is signed and the one beside the signature must be one (RFC 5280 4.1.1.2)."""
    found = x509.Certificate.load(made())
    found["signature_algorithm"] = maker.SIGNER.algorithm
    assert code_of(found.dump(force=True)) == "chip.malformed"


def test_large_ones_are_refused_unread() -> None:
    """Certificates have at most 32 kB, revocation lists 4 MB."""
    assert code_of(bytes(32_001)) == "chip.too_large"
    with pytest.raises(DocumentError, match="4000000 are the most"):
        parse_crl(bytes(4_000_001), "It")


def test_a_list_without_entries_revokes_nothing() -> None:
    """A country may have revoked nothing yet."""
    assert parse_crl(maker.revocations([]), "It").revoked == frozenset()
