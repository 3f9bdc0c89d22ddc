"""CMS SignedData (RFC 5652) as EF.SOD and master lists use it: one signer, signed attributes, content inside."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms as asn1_cms
from asn1crypto import core as asn1_core

from countenance.documents.chip.asn1 import asn1_faults, instant, load
from countenance.documents.chip.certificates import (
    MOST_CERTIFICATE_BYTES,
    Certificate,
    Name,
    bounded_bytes,
    distinguished_name,
    parse_certificate,
)
from countenance.documents.chip.public_keys import HASHES, SignatureAlgorithm, signature_algorithm, signature_fault
from countenance.documents.chip.tlv import read_all, read_one
from countenance.errors import DocumentError
from countenance.terms import Instant

_READ_AGAIN = "Read the chip again; if it stays so, check the document by hand."
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_TIME = "1.2.840.113549.1.9.5"
_SET = b"\x31"
_MOST_CERTIFICATES = 8
_MOST_ATTRIBUTES = 16


@dataclass(frozen=True, slots=True)
class Signed:
    """One SignedData with its one signer, taken apart; nothing is checked yet."""

    version: int
    content_type: str
    """Dotted object identifier."""
    content: bytes
    """The octets that the message digest is over."""
    digest_name: str
    """Such as "sha256"."""
    messages: tuple[bytes, ...]
    """What the signature may be over: the signed attributes as a SET (RFC 5652 5.4), in DER's order, and in their
    own order where that is another, because signers in the field get this wrong; () without attributes."""
    content_types: tuple[str, ...]
    """What the contentType attributes say; one, when all is well."""
    message_digests: tuple[bytes, ...]
    """What the messageDigest attributes say; one, when all is well."""
    signing_times: tuple[Instant, ...]
    """What the signingTime attributes say; none or one."""
    signer_issuer: Name
    """The issuer of the signer's certificate, () when that is named by key identifier. Compared as names are, not byte
    by byte: some countries write one name in two string types."""
    signer_serial: int
    signer_key_id: bytes
    """b"" when the signer is named by issuer and serial number."""
    algorithm: SignatureAlgorithm
    signature: bytes
    certificates: tuple[bytes, ...]
    """DER, as carried along; nobody vouches for them yet."""

    def digest_fault(self, content_type: str) -> str | None:
        """Return why the signed attributes do not stand for this content, or None (RFC 5652 5.4, 11.1, 11.2)."""
        if not self.messages:
            return "There are no signed attributes."
        if self.content_types != (content_type,) or self.content_type != content_type:
            return "The signed attributes name another kind of content."
        if self.digest_name not in HASHES:
            return f"The digest is {self.digest_name}, which is not accepted."
        digest = hashlib.new(self.digest_name, self.content).digest()
        if len(self.message_digests) != 1 or not hmac.compare_digest(self.message_digests[0], digest):
            return "The digest in the signed attributes is not the content's."
        return None

    def signature_fault(self, signer: Certificate) -> str | None:
        """Return why the signature does not verify with the signer's key, a sentence, or None when it does."""
        faults = [signature_fault(signer.key, self.algorithm, self.signature, message) for message in self.messages]
        return None if None in faults else next(iter(faults), "There are no signed attributes.")

    def signer(self, what: str) -> Certificate:
        """Return the certificate that the signer identifier names among those carried along (RFC 5652 5.3).

        Raises:
            DocumentError: none or several are named (``chip.signer``), or the one cannot be read.
        """
        found, fault = {}, None
        for der in self.certificates:
            try:
                candidate = parse_certificate(der, what)
            except DocumentError as error:
                fault = error
                continue
            if self._names(candidate):
                found[candidate.sha256] = candidate
        if len(found) == 1:
            return next(iter(found.values()))
        if fault is not None and not found:
            raise fault
        raise DocumentError("chip.signer", f"{what} is not the one certificate that is named.", remedy=_READ_AGAIN)

    def _names(self, candidate: Certificate) -> bool:
        if self.signer_key_id:
            return candidate.subject_key_id == self.signer_key_id
        return (candidate.issuer, candidate.serial) == (self.signer_issuer, self.signer_serial)


def parse_signed(data: bytes, what: str, *, most_elements: int = 20_000) -> Signed:
    """Return a ContentInfo with SignedData and exactly one signer taken apart.

    Raises:
        DocumentError: malformed (``chip.malformed``, ``chip.tlv_…``), no SignedData with one signer and content inside
            (``chip.signed_data``), or of an algorithm nothing here can use.
    """
    with asn1_faults(what):
        info = load(asn1_cms.ContentInfo, data, what, most=most_elements)
        if info["content_type"].native != "signed_data":
            raise _unfit(what)
        found = info["content"]
        signers, inside = found["signer_infos"], found["encap_content_info"]
        if len(signers) != 1 or not inside["content"] or len(found["certificates"] or ()) > _MOST_CERTIFICATES:
            raise _unfit(what)
        signer = signers[0]
        issuer, serial, key_id = _identifier(signer["sid"])
        attributes = _attributes(signer["signed_attrs"], what)
        digest = signer["digest_algorithm"]["algorithm"].native
        return Signed(
            version=int(found["version"]),
            content_type=inside["content_type"].dotted,
            content=_octets(inside["content"]),
            digest_name=digest,
            messages=_messages(signer["signed_attrs"].dump(), what) if attributes else (),
            content_types=tuple(item.dotted for item in attributes.get(_CONTENT_TYPE, ())),
            message_digests=tuple(item.native for item in attributes.get(_MESSAGE_DIGEST, ())),
            signing_times=tuple(instant(item.native) for item in attributes.get(_SIGNING_TIME, ())),
            signer_issuer=issuer,
            signer_serial=serial,
            signer_key_id=key_id,
            algorithm=signature_algorithm(signer["signature_algorithm"], digest),
            signature=signer["signature"].native,
            certificates=_certificates(found["certificates"] or (), what),
        )


def _identifier(found: Any) -> tuple[Name, int, bytes]:
    """Return a signer identifier as (issuer, serial number, key identifier)."""
    if found.name == "subject_key_identifier":
        return (), 0, found.chosen.native
    return distinguished_name(found.chosen["issuer"]), found.chosen["serial_number"].native, b""


def _attributes(found: Any, what: str) -> dict[str, tuple[Any, ...]]:
    """Return attribute values by dotted identifier; one that stands twice has its values side by side."""
    values: dict[str, tuple[Any, ...]] = {}
    for item in found or ():
        oid = item["type"].dotted
        values[oid] = (*values.get(oid, ()), *item["values"])
        if len(values) > _MOST_ATTRIBUTES:
            raise _unfit(what)
    return values


def _messages(raw: bytes, what: str) -> tuple[bytes, ...]:
    """Return the signed attributes' encodings that may have been signed: tag A0 becomes 31 (RFC 5652 5.4)."""
    outer = read_one(raw, what)
    header = raw[1 : len(raw) - len(outer.value)]
    ordered = sorted(item.raw for item in read_all(outer.value, what, most=_MOST_ATTRIBUTES))
    return tuple(dict.fromkeys((_SET + header + b"".join(ordered), _SET + header + outer.value)))


def _octets(content: Any) -> bytes:
    """Return the content of an eContent OCTET STRING."""
    value = content.native if type(content) is asn1_core.OctetString else bytes(content)
    if not isinstance(value, bytes):
        raise TypeError("content that is no octet string")
    return value


def _certificates(found: Any, what: str) -> tuple[bytes, ...]:
    ders = tuple(item.chosen.dump() for item in found if item.name == "certificate")
    for der in ders:
        bounded_bytes(der, MOST_CERTIFICATE_BYTES, what)
    return ders


def _unfit(what: str) -> DocumentError:
    return DocumentError(
        "chip.signed_data", f"{what} is not signed data with one signer and its content inside.", remedy=_READ_AGAIN
    )
