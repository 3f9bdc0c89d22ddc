"""Steps 5 to 8 and 11: a trusted CSCA stands behind the Document Signer, then and now, for this country."""

from __future__ import annotations

from countenance.documents.chip.certificates import Certificate
from countenance.documents.chip.countries import same_country
from countenance.documents.chip.csca import CscaStore
from countenance.documents.chip.lds import parse_dg1
from countenance.documents.chip.sod_steps import Sod
from countenance.documents.chip.steps import COUNTRY, ISSUER, REVOCATION, USAGE, VALIDITY
from countenance.errors import DocumentError
from countenance.terms import ChipData, ChipFile, ChipStep, Instant, iso

_NO_SIGNER = "There is no Document Signer certificate to check."
_NO_ISSUER = "There is no trusted CSCA behind the Document Signer."


def find_issuer(signer: Certificate | None, store: CscaStore, at: Instant) -> tuple[ChipStep, Certificate | None]:
    """Make step 5: by key identifiers, never by name, to a CSCA of the store whose key verifies the certificate.

    Where one key has several certificates, one that is valid ``at`` the time of the check is preferred.
    """
    if signer is None:
        return ISSUER.not_made(_NO_SIGNER), None
    if not signer.authority_key_id:
        return ISSUER.failed("The Document Signer certificate names no authority key."), None
    issuers = store.issuers_of(signer)
    if not issuers:
        return ISSUER.failed(f"The store has no {signer.issuer_country or '??'} CSCA with the key that is named."), None
    faults = [(one, signer.fault_under(one)) for one in issuers]
    good = sorted((one for one, fault in faults if fault is None), key=lambda one: not one.valid_at(at))
    if not good:
        return ISSUER.failed(f"The CSCA that is named did not issue it. {faults[0][1]}"), None
    return ISSUER.passed(f"It is {good[0].country or '??'} CSCA {good[0].sha256[:16]}."), good[0]


def check_usage(chip: ChipData, signer: Certificate | None, issuer: Certificate | None) -> ChipStep:
    """Make step 6: the Document Signer may sign, and this type; the CSCA may issue; no critical extension is new.

    A Document Signer has no extended key usage (Doc 9303-12 7.1.1, table 6, and appendix C for older ones): who has one
    signs lists, visas or health certificates, or is for communication, though the same CSCA issued it.
    """
    if signer is None or issuer is None:
        return USAGE.not_made(_NO_SIGNER if signer is None else _NO_ISSUER)
    if "digital_signature" not in signer.usages or signer.is_ca:
        return USAGE.failed("The Document Signer certificate is not one for signing documents.")
    if signer.extended_usages:
        return USAGE.failed("The Document Signer certificate is one for something else, such as signing lists.")
    if not issuer.is_ca or "key_cert_sign" not in issuer.usages:
        return USAGE.failed("The CSCA certificate is not one for issuing certificates.")
    if signer.unknown_critical or issuer.unknown_critical:
        return USAGE.failed("A certificate has a critical extension that is not known here.")
    fault = _type_fault(chip, signer)
    return USAGE.failed(fault) if fault else USAGE.passed("Signing documents, and issuing certificates.")


def _type_fault(chip: ChipData, signer: Certificate) -> str | None:
    """Return why the Document Signer may not sign this type of document, or None (Doc 9303-12 7.1.1.6).

    One letter stands for every type that begins with it. A signer that names no types is held to none, and what DG1
    says is for steps 9 and 11 when it cannot be read.
    """
    data = chip.files.get(ChipFile.DG1)
    if not signer.document_types or data is None:
        return None
    try:
        code = parse_dg1(data).document_code
    except DocumentError:
        return None
    if any(code == one or (len(one) == 1 and code.startswith(one)) for one in signer.document_types):
        return None
    return f"The Document Signer may not sign documents of type {code}."


def check_validity(sod: Sod | None, signer: Certificate | None, issuer: Certificate | None, at: Instant) -> ChipStep:
    """Make step 7: both valid when the signature says it was made, and both valid ``at`` the time of the check.

    Doc 9303-12 4.1.1.1 has a Document Signer's certificate live as long as the documents it signed, so that one which
    has ended belongs to documents that have ended too. Where no signing time is signed, the time of the check counts.
    """
    if sod is None or signer is None or issuer is None:
        return VALIDITY.not_made(_NO_SIGNER if signer is None else _NO_ISSUER)
    signed_at = next(iter(sod.signed.signing_times), at)
    if len(sod.signed.signing_times) > 1 or signed_at > at:
        return VALIDITY.failed("The signing time stands there twice or lies in the future.")
    if sod.signed.signing_times and not signer.key_period[0] <= signed_at <= signer.key_period[1]:
        return VALIDITY.failed("The Document Signer's key was used outside its period.")
    for name, one in (("Document Signer", signer), ("CSCA", issuer)):
        for moment in (signed_at, at):
            if not one.valid_at(moment):
                return VALIDITY.failed(
                    f"The {name} certificate is valid {_day(one.not_before)} to {_day(one.not_after)}, "
                    f"not on {_day(moment)}."
                )
    return VALIDITY.passed(f"Until {_day(signer.not_after)} and {_day(issuer.not_after)}.")


def check_revocation(
    signer: Certificate | None, issuer: Certificate | None, store: CscaStore, at: Instant, *, needed: bool
) -> ChipStep:
    """Make step 8 with the lists of the store; without one in date it is not made, or a finding if not ``needed``.

    A CSCA's key may have several certificates: when one of them is revoked, all that the key signed is (Doc 9303-12
    4.1.5.1), whichever of them step 5 found.
    """
    if signer is None or issuer is None:
        return REVOCATION.not_made(_NO_SIGNER if signer is None else _NO_ISSUER)
    lists = [crl for crl in store.crls_for(signer) if crl.this_update <= at]
    if any(signer.serial in crl.revoked for crl in lists):
        return REVOCATION.failed("The Document Signer certificate is revoked.")
    roots = [one for one in store.issuers_of(signer) if signer.fault_under(one) is None]
    if any(one.serial in crl.revoked for one in roots for crl in store.crls_for(one) if crl.this_update <= at):
        return REVOCATION.failed("The CSCA certificate is revoked.")
    newest = max((crl.next_update for crl in lists), default=None)
    if newest is not None and newest >= at:
        return REVOCATION.passed(f"By a list that is good until {_day(newest)}.")
    missing = f"The store has no revocation list of {signer.issuer_country or '??'}."
    if newest is not None:
        missing = f"The revocation list of {signer.issuer_country} was good until {_day(newest)}."
    return REVOCATION.not_made(missing) if needed else REVOCATION.finding(f"{missing} Revocation is not known.")


def check_country(chip: ChipData, signer: Certificate | None, issuer: Certificate | None) -> ChipStep:
    """Make step 11: DG1's issuing state, the Document Signer's two names and the CSCA's are one country.

    Alternative names that state another country are a finding: Doc 9303-11 5.1.1 B2 leaves open what follows, and some
    states write two letters there where three are asked for, which is no contradiction.
    """
    if signer is None or issuer is None:
        return COUNTRY.not_made(_NO_SIGNER if signer is None else _NO_ISSUER)
    data = chip.files.get(ChipFile.DG1)
    if data is None:
        return COUNTRY.not_made("DG1 was not read.")
    try:
        state = parse_dg1(data).issuing_state
    except DocumentError as error:
        return COUNTRY.failed(error.message)
    countries = {signer.country, signer.issuer_country, issuer.country}
    if len(countries) != 1:
        return COUNTRY.failed(f"The certificates are of {', '.join(sorted(one or '??' for one in countries))}.")
    if not same_country(state, signer.country):
        return COUNTRY.failed(f"DG1 is of {state}, the certificates are of {signer.country or '??'}.")
    return _agreed(state, signer.country, signer.alternative_states | issuer.alternative_states)


def _agreed(state: str, country: str, others: frozenset[str]) -> ChipStep:
    if all(other == country or same_country(other, country) for other in others):
        return COUNTRY.passed(f"{state}, {country}.")
    return COUNTRY.finding(f"{state}, {country}. An alternative name of a certificate states another country.")


def _day(moment: Instant) -> str:
    return iso(moment)[:10]
