"""The store of Country Signing CA certificates and revocation lists that a chip is checked against.

Trust begins with certificates that the operator put there after comparing them by a second way (Doc 9303-12 6.1.1). A
master list (Doc 9303-12 9) adds its certificates only when one of those vouches for its signer. A certificate that
cannot be read is left out and told, never dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from countenance.documents.chip.certificates import (
    Certificate,
    RevocationList,
    bounded_bytes,
    parse_certificate,
    parse_crl,
)
from countenance.documents.chip.cms import parse_signed
from countenance.documents.chip.public_keys import signature_fault
from countenance.documents.chip.tlv import read_all, read_tag
from countenance.errors import DocumentError
from countenance.terms import Instant

MASTER_LIST = "2.23.136.1.1.2"
MASTER_LIST_SIGNING = "2.23.136.1.1.3"
MOST_MASTER_LIST_BYTES = 16_000_000
_MOST_CERTIFICATES = 5_000
_MOST_ELEMENTS = 2_000
"""In a master list's envelope; the certificates inside are one octet string and bounded one by one."""
_SEQUENCE, _INTEGER, _SET = 0x30, 0x02, 0x31
_WHAT = "The master list"
_OWN_CODES = ("chip.csca_", "chip.crl_")
_GET_AGAIN = "Get the file again from its publisher, or take it out of the store."
_REMEDY = "Put the CSCA certificate of the list's publisher, compared by a second way, beside the list."


class Standing(StrEnum):
    """What vouches for a CSCA certificate besides whoever put it into the store."""

    SELF_SIGNED = "self_signed"
    LINKED = "linked"
    """Signed by another key of the store: a link certificate (Doc 9303-12 4.1.4.3)."""
    ISSUER_MISSING = "issuer_missing"
    """Nothing in the store has the key that its authority key identifier names."""
    NOT_VERIFIED = "not_verified"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that is not in the store, and why."""

    where: str
    """File, and position in it for a certificate of a master list."""
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class CscaStore:
    """CSCA certificates by subject key identifier, with the revocation lists that they signed."""

    certificates: tuple[Certificate, ...]
    by_key_id: Mapping[bytes, tuple[Certificate, ...]]
    crls: tuple[RevocationList, ...]
    left_out: tuple[LeftOut, ...]

    def issuers_of(self, certificate: Certificate) -> tuple[Certificate, ...]:
        """Return the certificates whose key the authority key identifier names; names of issuers are not compared.

        136 of 231 subjects in the German list have several certificates, so that names do not tell keys apart.
        """
        return self.by_key_id.get(certificate.authority_key_id, ()) if certificate.authority_key_id else ()

    def crls_for(self, certificate: Certificate) -> tuple[RevocationList, ...]:
        """Return the lists that may revoke what this certificate's issuer issued: by its name or by its key.

        A country's one list is signed by its newest key and covers the older ones' certificates (Doc 9303-12 4.1.5).
        """
        return tuple(
            crl
            for crl in self.crls
            if crl.issuer == certificate.issuer
            or (crl.authority_key_id and crl.authority_key_id == certificate.authority_key_id)
        )

    def standing_of(self, certificate: Certificate) -> Standing:
        """Return what vouches for one of the store's certificates; SHA-1 counts here, as roots of 2010 have it."""
        issuers = self.issuers_of(certificate)
        own = certificate.subject == certificate.issuer and not certificate.authority_key_id
        candidates = (certificate,) if own else issuers
        good = [one for one in candidates if certificate.fault_under(one, old_hashes=True) is None]
        if not good:
            return Standing.NOT_VERIFIED if candidates else Standing.ISSUER_MISSING
        own_key = any(one.subject_key_id == certificate.subject_key_id for one in good)
        return Standing.SELF_SIGNED if own_key else Standing.LINKED


def build_store(
    *,
    certificates: Iterable[tuple[str, bytes]],
    master_lists: Iterable[tuple[str, bytes]] = (),
    crls: Iterable[tuple[str, bytes]] = (),
    at: Instant,
) -> CscaStore:
    """Return a store from (name, DER) pairs; ``at`` is the time at which master lists must hold.

    Only ``certificates`` are trusted by being there. Master lists and revocation lists that do not hold are an error,
    because an operator who put them there expects them to count.

    Raises:
        DocumentError: a file cannot be read, or nothing vouches for a list (``chip.csca_…``, ``chip.crl_partial``).
    """
    trusted = [_authority(der, name) for name, der in certificates]
    listed, left_out = list(trusted), []
    for name, data in master_lists:
        with _file_of_the_store(name):
            found, missing = read_master_list(data, name, trusted, at)
        listed += found
        left_out += missing
    unique = tuple({one.sha256: one for one in listed}.values())
    store = CscaStore(unique, _by_key_id(unique), (), tuple(left_out))
    return CscaStore(unique, store.by_key_id, tuple(_crl(name, der, store) for name, der in crls), store.left_out)


def read_master_list(
    data: bytes, name: str, trusted: Sequence[Certificate], at: Instant
) -> tuple[list[Certificate], list[LeftOut]]:
    """Return a master list's certificates, and those that cannot be read, once one of ``trusted`` vouches for it.

    (1) the envelope and its kind (Doc 9303-12 9.1); (2) the signed attributes (RFC 5652 5.4); (3) the signature;
    (4) the signer's certificate: its usage, its issuer among ``trusted`` by key identifier, its validity when it
    signed; (5) the list itself: version 0 and a SET of certificates. That the list is the newest is not checked: lists
    have no end.

    Raises:
        DocumentError: one of the steps does not hold (``chip.csca_list…``, or as the parsers say).
    """
    bounded_bytes(data, MOST_MASTER_LIST_BYTES, _WHAT)
    signed = parse_signed(data, _WHAT, most_elements=_MOST_ELEMENTS)  # (1)
    signer = signed.signer("The master list's signer")
    fault = signed.digest_fault(MASTER_LIST) or signed.signature_fault(signer)  # (2) (3)
    moments = (*signed.signing_times, *(() if signed.signing_times else (at,)))
    fault = fault or _signer_fault(signer, trusted, moments)  # (4)
    if fault or any(moment > at for moment in moments):
        raise DocumentError(
            "chip.csca_list", f"{name} is not vouched for: {fault or 'It is from the future.'}", remedy=_REMEDY
        )
    return _listed(signed.content, name)  # (5)


def _signer_fault(signer: Certificate, trusted: Sequence[Certificate], moments: Sequence[Instant]) -> str | None:
    if MASTER_LIST_SIGNING not in signer.extended_usages or signer.unknown_critical:
        return "Its signer may not sign master lists."
    issuers = [one for one in trusted if one.subject_key_id == signer.authority_key_id != b""]
    if not any(signer.fault_under(one) is None and one.country == signer.country for one in issuers):
        return "No certificate of the store issued its signer's."
    if not all(signer.valid_at(moment) for moment in moments):
        return "Its signer's certificate was not valid when it signed."
    return None


def _listed(content: bytes, name: str) -> tuple[list[Certificate], list[LeftOut]]:
    parts = read_all(read_tag(content, _SEQUENCE, _WHAT), _WHAT, most=2)
    if [part.tag for part in parts] != [_INTEGER, _SET] or parts[0].value != b"\0":
        raise DocumentError("chip.csca_list_version", f"{name} is no master list of version 0.", remedy=_REMEDY)
    found, left_out = [], []
    for position, item in enumerate(read_all(parts[1].value, _WHAT, most=_MOST_CERTIFICATES)):
        try:
            found.append(parse_certificate(item.raw, _WHAT))
        except DocumentError as error:
            left_out.append(LeftOut(f"{name}#{position}", error.code, error.message))
    return found, left_out


@contextmanager
def _file_of_the_store(name: str) -> Iterator[None]:
    """Turn what a parser says of a chip's data into what an operator can do about a file of the store."""
    try:
        yield
    except DocumentError as error:
        if error.code.startswith(_OWN_CODES):
            raise
        raise DocumentError("chip.csca_file", f"{name} cannot be used. {error.message}", remedy=_GET_AGAIN) from error


def _authority(der: bytes, name: str) -> Certificate:
    with _file_of_the_store(name):
        certificate = parse_certificate(der, name)
    if not certificate.is_ca or not certificate.subject_key_id:
        raise DocumentError(
            "chip.csca_kind", f"{name} is no CSCA certificate.", remedy="Put only CSCA certificates into the store."
        )
    return certificate


def _by_key_id(certificates: Iterable[Certificate]) -> dict[bytes, tuple[Certificate, ...]]:
    found: dict[bytes, tuple[Certificate, ...]] = {}
    for one in certificates:
        found[one.subject_key_id] = (*found.get(one.subject_key_id, ()), one)
    return found


def _crl(name: str, der: bytes, store: CscaStore) -> RevocationList:
    """Return a revocation list that a CSCA of the same country signed (RFC 5280 6.3.3)."""
    with _file_of_the_store(name):
        crl = parse_crl(der, name)
    for issuer in store.by_key_id.get(crl.authority_key_id, ()):
        if (
            issuer.country == crl.country
            and (not issuer.usages or "crl_sign" in issuer.usages)
            and signature_fault(issuer.key, crl.algorithm, crl.signature, crl.tbs) is None
        ):
            return crl
    raise DocumentError(
        "chip.csca_crl", f"{name} is not signed by a certificate of the store.", remedy="Add its CSCA, or remove it."
    )
