"""Certificates and revocation lists of the document PKI (Doc 9303-12 7.1.1, 7.1.4), taken apart once into plain values.

RFC 5280 path builders trip over what countries really issue; what decides here is the little that Doc 9303-12 needs:
key identifiers, validity, the two usages, the country, and a signature by the issuer's key.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509

from countenance.documents.chip.asn1 import asn1_faults, instant, load
from countenance.documents.chip.icao_extensions import alternative_states, document_types
from countenance.documents.chip.public_keys import (
    PublicKey,
    SignatureAlgorithm,
    public_key,
    signature_algorithm,
    signature_fault,
)
from countenance.errors import DocumentError
from countenance.terms import Instant

_READ_AGAIN = "Read the chip again; if it stays so, check the document by hand."
MOST_CERTIFICATE_BYTES = 32_000
MOST_CRL_BYTES = 4_000_000
_MOST_CRL_ELEMENTS = 400_000
_COUNTRY = "2.5.4.6"
_KEY_USAGE = "2.5.29.15"
_BASIC_CONSTRAINTS = "2.5.29.19"
_SUBJECT_KEY = "2.5.29.14"
_AUTHORITY_KEY = "2.5.29.35"
_EXTENDED_USAGE = "2.5.29.37"
_USAGE_PERIOD = "2.5.29.16"
_UNDERSTOOD = frozenset({_KEY_USAGE, _BASIC_CONSTRAINTS, _SUBJECT_KEY, _AUTHORITY_KEY, _EXTENDED_USAGE, _USAGE_PERIOD})
_ALWAYS = (Instant(-(2**62)), Instant(2**62))

Name = tuple[tuple[str, str], ...]
"""A distinguished name as (object identifier, text without case and doubled spaces), in its order: enough to compare
what was printed twice in different string types (RFC 5280 7.1)."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """One CSCA, Document Signer or Master List Signer certificate."""

    sha256: str
    """Lower-case hex SHA-256 of the DER bytes."""
    tbs: bytes
    """What is signed."""
    serial: int
    issuer: Name
    subject: Name
    key: PublicKey
    algorithm: SignatureAlgorithm
    signature: bytes
    not_before: Instant
    not_after: Instant
    key_period: tuple[Instant, Instant]
    """First and last moment in which the private key may sign; without the extension, ever."""
    subject_key_id: bytes
    """b"" when the certificate has none."""
    authority_key_id: bytes
    """b"" when the certificate has none."""
    usages: frozenset[str]
    """Key usages, such as "key_cert_sign" and "digital_signature"; empty without the extension."""
    extended_usages: frozenset[str]
    """Dotted object identifiers."""
    document_types: frozenset[str]
    """Types that a Document Signer may sign (Doc 9303-12 7.1.1.6), without fillers; empty: it names none."""
    alternative_states: frozenset[str]
    """Codes of states in the subject's alternative names (Doc 9303-12 7.1.1.2), without fillers; empty: none there."""
    is_ca: bool
    unknown_critical: tuple[str, ...]
    """Dotted identifiers of critical extensions that nothing here understands."""

    @property
    def country(self) -> str:
        """Two letters in upper case from the subject, "" without."""
        return _country(self.subject)

    @property
    def issuer_country(self) -> str:
        """Two letters in upper case from the issuer, "" without."""
        return _country(self.issuer)

    def valid_at(self, moment: Instant) -> bool:
        """Return whether ``moment`` lies in the validity period (RFC 5280 4.1.2.5: both ends included)."""
        return self.not_before <= moment <= self.not_after

    def fault_under(self, issuer: Certificate, *, old_hashes: bool = False) -> str | None:
        """Return why this is not signed by ``issuer``'s key, a sentence, or None when it is."""
        return signature_fault(issuer.key, self.algorithm, self.signature, self.tbs, old_hashes=old_hashes)


@dataclass(frozen=True, slots=True)
class RevocationList:
    """One country's list of revoked certificates (Doc 9303-12 7.1.4)."""

    tbs: bytes
    issuer: Name
    algorithm: SignatureAlgorithm
    signature: bytes
    authority_key_id: bytes
    this_update: Instant
    next_update: Instant
    revoked: frozenset[int]
    """Serial numbers."""

    @property
    def country(self) -> str:
        """Two letters in upper case, "" without."""
        return _country(self.issuer)


def parse_certificate(der: bytes, what: str) -> Certificate:
    """Return one DER certificate (RFC 5280 4.1) taken apart; its signature is not checked yet.

    Raises:
        DocumentError: too large (``chip.too_large``), malformed (``chip.malformed``, ``chip.tlv_…``), or with a key or
            algorithm that nothing here can use (``chip.key_…``, ``chip.signature_algorithm``).
    """
    bounded_bytes(der, MOST_CERTIFICATE_BYTES, what)
    with asn1_faults(what):
        found = load(asn1_x509.Certificate, der, what)
        tbs = found["tbs_certificate"]
        if tbs["signature"].dump() != found["signature_algorithm"].dump():
            raise ValueError("two signature algorithms (RFC 5280 4.1.1.2)")
        extensions = _extensions(tbs["extensions"])
        return Certificate(
            sha256=hashlib.sha256(der).hexdigest(),
            tbs=tbs.dump(),
            serial=tbs["serial_number"].native,
            issuer=distinguished_name(tbs["issuer"]),
            subject=distinguished_name(tbs["subject"]),
            key=public_key(tbs["subject_public_key_info"]),
            algorithm=signature_algorithm(found["signature_algorithm"], ""),
            signature=found["signature_value"].native,
            not_before=instant(tbs["validity"]["not_before"].native),
            not_after=instant(tbs["validity"]["not_after"].native),
            key_period=_key_period(extensions),
            subject_key_id=extensions[_SUBJECT_KEY][1].native if _SUBJECT_KEY in extensions else b"",
            authority_key_id=_authority_key(extensions),
            usages=frozenset(extensions[_KEY_USAGE][1].native) if _KEY_USAGE in extensions else frozenset(),
            extended_usages=frozenset(item.dotted for item in extensions[_EXTENDED_USAGE][1])
            if _EXTENDED_USAGE in extensions
            else frozenset(),
            document_types=document_types(tbs["extensions"], what),
            alternative_states=alternative_states(tbs["extensions"], what),
            is_ca=_BASIC_CONSTRAINTS in extensions and bool(extensions[_BASIC_CONSTRAINTS][1]["ca"].native),
            unknown_critical=_unknown_critical(extensions, _UNDERSTOOD),
        )


def parse_crl(der: bytes, what: str) -> RevocationList:
    """Return one DER revocation list (RFC 5280 5.1) taken apart; its signature is not checked yet.

    Raises:
        DocumentError: as :func:`parse_certificate`, or the list is a delta or covers only part (``chip.crl_partial``).
    """
    bounded_bytes(der, MOST_CRL_BYTES, what)
    with asn1_faults(what):
        found = load(asn1_crl.CertificateList, der, what, most=_MOST_CRL_ELEMENTS)
        tbs = found["tbs_cert_list"]
        extensions = _extensions(tbs["crl_extensions"])
        if _unknown_critical(extensions, frozenset({_AUTHORITY_KEY})):
            raise DocumentError(
                "chip.crl_partial", f"{what} is a delta or covers only part.", remedy="Use the country's full list."
            )
        return RevocationList(
            tbs=tbs.dump(),
            issuer=distinguished_name(tbs["issuer"]),
            algorithm=signature_algorithm(found["signature_algorithm"], ""),
            signature=found["signature"].native,
            authority_key_id=_authority_key(extensions),
            this_update=instant(tbs["this_update"].native),
            next_update=instant(tbs["next_update"].native),
            revoked=frozenset(item["user_certificate"].native for item in tbs["revoked_certificates"] or ()),
        )


def bounded_bytes(data: bytes, most: int, what: str) -> None:
    """Check a size before anything is parsed.

    Raises:
        DocumentError: more than ``most`` bytes (``chip.too_large``).
    """
    if len(data) > most:
        raise DocumentError(
            "chip.too_large", f"{what} has {len(data)} bytes, {most} are the most accepted.", remedy=_READ_AGAIN
        )


def _extensions(found: Any) -> dict[str, tuple[bool, Any]]:
    """Return extensions by dotted identifier as (critical, parsed where understood)."""
    extensions: dict[str, tuple[bool, Any]] = {}
    for item in found:
        oid = item["extn_id"].dotted
        if oid in extensions:
            raise ValueError("an extension twice (RFC 5280 4.2)")
        extensions[oid] = (item["critical"].native, item["extn_value"].parsed if oid in _UNDERSTOOD else None)
    return extensions


def _unknown_critical(extensions: dict[str, tuple[bool, Any]], understood: frozenset[str]) -> tuple[str, ...]:
    return tuple(oid for oid, (critical, _) in extensions.items() if critical and oid not in understood)


def _authority_key(extensions: dict[str, tuple[bool, Any]]) -> bytes:
    if _AUTHORITY_KEY not in extensions:
        return b""
    identifier = extensions[_AUTHORITY_KEY][1]["key_identifier"].native
    return identifier if isinstance(identifier, bytes) else b""


def _key_period(extensions: dict[str, tuple[bool, Any]]) -> tuple[Instant, Instant]:
    """Return the private key usage period (Doc 9303-12 7.1.1); an end that it leaves out does not bound."""
    if _USAGE_PERIOD not in extensions:
        return _ALWAYS
    first, last = (extensions[_USAGE_PERIOD][1][name].native for name in ("not_before", "not_after"))
    return (instant(first) if first else _ALWAYS[0], instant(last) if last else _ALWAYS[1])


def distinguished_name(name: Any) -> Name:
    """Return a Name of the ASN.1 library for comparing; use inside ``asn1_faults``."""
    parts = []
    for relative in name.chosen:
        for item in relative:
            text = item["value"].native
            parts.append((item["type"].dotted, " ".join(str(text).split()).casefold()))
    return tuple(parts)


def _country(name: Name) -> str:
    return next((text.upper() for oid, text in name if oid == _COUNTRY), "")
