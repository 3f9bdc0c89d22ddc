"""A CSCA's key is revoked with any of its certificates (Doc 9303-12 4.1.5.1), whichever one the chain went through."""

from __future__ import annotations

from typing import Any

import pytest

import emrtd_maker as maker
from countenance.documents.chip.csca import build_store
from countenance.documents.chip.passport import check_chip
from countenance.terms import ChipCheck, ChipStep, StepVerdict
from emrtd_maker import CSCA, DAY, NOW, TODAY, Key, issue, rsa_key


def second(*, serial: int, **more: Any) -> bytes:
    """Return another certificate for the CSCA's key."""
    who = maker.name("UT", "CSCA")
    arguments = {"subject": who, "issuer": who, "key": CSCA, "by": CSCA, "aki": CSCA.key_id, **more}
    return maker.certificate(authority=True, serial=serial, **arguments)


def checked(*certificates: bytes, revoked: int) -> ChipCheck:
    """Return the check of a chip under the usual CSCA (serial 1) and these beside it, with one serial revoked."""
    issued = issue(revoked=[revoked])
    names = [(str(number), der) for number, der in enumerate((issued.csca, *certificates))]
    return check_chip(issued.chip, build_store(certificates=names, crls=[("crl", issued.crl)], at=NOW), at=NOW)


def eighth(check: ChipCheck) -> ChipStep:
    """Return step 8."""
    return check.steps[7]


@pytest.mark.parametrize("revoked", [1, 2])
def test_any_certificate_of_the_key_revokes_it(revoked: int) -> None:
    """Of two certificates for one key, the revoked one counts, found by the chain or not."""
    step = eighth(checked(second(serial=2), revoked=revoked))
    assert (step.verdict, step.reason) == (StepVerdict.FAILED, "The CSCA certificate is revoked.")


def test_one_that_has_ended_revokes_too() -> None:
    """The chain goes through the certificate that is in date; that the ended one is revoked still tells."""
    check = checked(second(serial=2, last=TODAY - DAY), revoked=2)
    assert check.steps[6].verdict is StepVerdict.PASSED
    assert eighth(check).verdict is StepVerdict.FAILED


def test_a_certificate_of_another_key_does_not() -> None:
    """A CSCA's other key being revoked says nothing about this one."""
    other = Key(rsa_key("other"))
    step = eighth(checked(second(serial=2, key=other), revoked=2))
    assert step.verdict is StepVerdict.PASSED
