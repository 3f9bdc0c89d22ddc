"""States in certificates' alternative names (Doc 9303-12 7.1.1.2) are compared in step 11 (Doc 9303-11 5.1.1 B2)."""

from __future__ import annotations

from typing import Any

import pytest
from asn1crypto import x509

import emrtd_maker as maker
from countenance.documents.chip.certificates import parse_certificate
from countenance.documents.chip.csca import build_store
from countenance.documents.chip.passport import check_chip
from countenance.terms import ChipAuthentic, ChipCheck, StepVerdict
from emrtd_maker import NOW, issue


def stating(locality: str) -> dict[str, Any]:
    """Return alternative names as the Doc has them: a way to reach the signer, and a state."""
    place = x509.GeneralName("directory_name", x509.Name.build({"locality_name": locality}))
    mail = x509.GeneralName("rfc822_name", "csca@example.org")
    return maker.extension("subject_alt_name", x509.GeneralNames([mail, place]))


def checked(**more: Any) -> ChipCheck:
    """Return the check of a chip of Utopia."""
    issued = issue(**more)
    store = build_store(certificates=[("csca", issued.csca)], crls=[("crl", issued.crl)], at=NOW)
    return check_chip(issued.chip, store, at=NOW)


@pytest.mark.parametrize("locality", ["UTO", "UT", "uto", "UTO<"])
@pytest.mark.parametrize("whose", ["signer_arguments", "csca_arguments"])
def test_the_same_state_passes(whose: str, locality: str) -> None:
    """Three letters, and the two that some states write, are the country of the certificates."""
    assert checked(**{whose: {"extra": [stating(locality)]}}).steps[10].verdict is StepVerdict.PASSED


@pytest.mark.parametrize("whose", ["signer_arguments", "csca_arguments"])
def test_another_state_is_told(whose: str) -> None:
    """Another country there is a finding: the chip holds, and an officer knows."""
    check = checked(**{whose: {"extra": [stating("FRA")]}})
    assert isinstance(check, ChipAuthentic)
    assert check.steps[10].verdict is StepVerdict.FINDING
    assert check.steps[10].reason == "UTO, UT. An alternative name of a certificate states another country."


@pytest.mark.parametrize(
    "spoilt", [b"\x05\0", b"\x30\x09\xa4", b"\x30\x04\xa4\x02\x05\0", b"\x30\0", b"\x30\x02\xa4\0"]
)
def test_names_that_cannot_be_read_say_nothing(spoilt: bytes) -> None:
    """Alternative names are not critical: malformed ones leave the certificate readable."""
    placed = maker.extension("2.5.29.99", spoilt)
    signer = issue(signer_arguments={"extra": [placed]}).signer
    der = signer.replace(b"\x55\x1d\x63", b"\x55\x1d\x11")
    assert der != signer
    assert parse_certificate(der, "it").alternative_states == frozenset()
