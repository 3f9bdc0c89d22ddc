"""A Document Signer that names the types of document it may sign (Doc 9303-12 7.1.1.6) is held to them in step 6."""

from __future__ import annotations

import pytest

import emrtd_maker as maker
from countenance.documents.chip.certificates import parse_certificate
from countenance.documents.chip.csca import build_store
from countenance.documents.chip.passport import check_chip
from countenance.terms import StepVerdict
from emrtd_maker import NOW, issue, tlv


def step_six(extension: bytes, mrz: str = maker.MRZ) -> tuple[StepVerdict, str]:
    """Return step 6's verdict and reason for a signer with these bytes as its documentTypeList."""
    extra = [maker.extension("2.23.136.1.1.6.2", extension)]
    issued = issue(mrz=mrz, signer_arguments={"extra": extra})
    store = build_store(certificates=[("csca", issued.csca)], crls=[("crl", issued.crl)], at=NOW)
    step = check_chip(issued.chip, store, at=NOW).steps[5]
    return step.verdict, step.reason


def types(*listed: str) -> bytes:
    """Return a documentTypeList."""
    return tlv(0x30, b"\x02\x01\0", tlv(0x31, *(tlv(0x13, one.encode()) for one in listed)))


@pytest.mark.parametrize("listed", [("P",), ("I", "P"), ("P<",), ("I", "ID", "P")])
def test_a_type_that_is_named_holds(listed: tuple[str, ...]) -> None:
    """A passport holds under a signer that names passports, with others or with a filler."""
    assert step_six(types(*listed))[0] is StepVerdict.PASSED


@pytest.mark.parametrize("listed", [("I",), ("AC", "ID"), ("PS",)])
def test_a_type_that_is_not_named_fails(listed: tuple[str, ...]) -> None:
    """A passport signed by a signer of cards, or of service passports alone, fails and says which type it has."""
    assert step_six(types(*listed)) == (
        StepVerdict.FAILED,
        "The Document Signer may not sign documents of type P.",
    )


@pytest.mark.parametrize("listed, verdict", [
    (("P",), StepVerdict.PASSED), (("PP",), StepVerdict.PASSED), (("PD",), StepVerdict.FAILED),
])  # fmt: skip
def test_one_letter_stands_for_all_that_begin_with_it(listed: tuple[str, ...], verdict: StepVerdict) -> None:
    """A document of type PP holds under "P" and under "PP", not under "PD"."""
    assert step_six(types(*listed), "PP" + maker.MRZ[2:])[0] is verdict


@pytest.mark.parametrize("spoilt", [
    b"\x05\0", b"\x30\x02\x31", tlv(0x30), tlv(0x30, b"\x02\x01\0"), types(), tlv(0x30, *[b"\x02\x01\0"] * 3),
    types(*["I"] * 51),
])  # fmt: skip
def test_a_list_that_cannot_be_read_says_nothing(spoilt: bytes) -> None:
    """The extension is not critical: one that is malformed, empty or too long holds nobody to anything."""
    assert step_six(spoilt)[0] is StepVerdict.PASSED


def test_without_a_readable_zone_the_type_is_not_judged() -> None:
    """What DG1 says is for step 11 when it cannot be read; step 6 does not guess."""
    assert step_six(types("I"), "P<UTO")[0] is StepVerdict.PASSED


def test_the_types_are_read_off_the_certificate() -> None:
    """The types come without fillers, and a certificate without the extension names none."""
    issued = issue(signer_arguments={"extra": [maker.extension("2.23.136.1.1.6.2", types("P<", "ID"))]})
    assert parse_certificate(issued.signer, "it").document_types == {"P", "ID"}
    assert parse_certificate(issued.csca, "it").document_types == frozenset()
