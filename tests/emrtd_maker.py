"""A country of our own: CSCA, Document Signer, chip; every part can be made wrong. None of it is the code under test.

``issue()`` gives a chip that holds; each argument bends one thing. Certificates and CMS are built with asn1crypto and
signed with ``cryptography``; explicit curve parameters come out of ``openssl``.
"""

from __future__ import annotations

import functools
import hashlib
import io
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from asn1crypto import algos, cms, core, crl, keys, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from PIL import Image

from countenance.terms import ChipData, ChipFile, Instant

TODAY = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOW = Instant(round(TODAY.timestamp() * 1000))
DAY = timedelta(days=1)
MRZ = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
HASH = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}  # noqa: S303


@dataclass(frozen=True, eq=False)
class Key:
    """A private key and how it signs."""

    private: Any
    pss: bool = False
    explicit: bool = False
    digest: str = "sha256"

    @functools.cached_property
    def spki(self) -> bytes:
        """SubjectPublicKeyInfo, DER; with explicit parameters when asked for."""
        named = self.private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        if not self.explicit:
            return named
        command = ["openssl", "pkey", "-pubin", "-inform", "DER", "-outform", "DER", "-ec_param_enc", "explicit"]
        return subprocess.run(command, input=named, capture_output=True, check=True).stdout

    @property
    def key_id(self) -> bytes:
        """Key identifier, any function of the key (RFC 5280 4.2.1.2)."""
        return hashlib.sha256(self.spki).digest()[:20]

    @property
    def algorithm(self) -> algos.SignedDigestAlgorithm:
        """The AlgorithmIdentifier of its signatures."""
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            return algos.SignedDigestAlgorithm({"algorithm": f"{self.digest}_ecdsa"})
        if not self.pss:
            return algos.SignedDigestAlgorithm({"algorithm": f"{self.digest}_rsa", "parameters": core.Null()})
        hash_algorithm = {"algorithm": self.digest}
        parameters = {
            "hash_algorithm": hash_algorithm,
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": hash_algorithm},
            "salt_length": HASH[self.digest].digest_size,
        }
        return algos.SignedDigestAlgorithm({
            "algorithm": "rsassa_pss", "parameters": algos.RSASSAPSSParams(parameters)
        })  # fmt: skip

    def sign(self, message: bytes) -> bytes:
        """Sign."""
        chosen = HASH[self.digest]
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            return self.private.sign(message, ec.ECDSA(chosen))
        pad = padding.PSS(padding.MGF1(chosen), chosen.digest_size) if self.pss else padding.PKCS1v15()
        return self.private.sign(message, pad, chosen)


@functools.cache
def rsa_key(name: str = "", bits: int = 2048) -> Any:
    """Return an RSA private key, the same for the same name."""
    return rsa.generate_private_key(65537, bits)


@functools.cache
def ec_key(curve: type[ec.EllipticCurve], name: str = "") -> Any:
    """Return a private key on a curve, the same for the same name."""
    return ec.generate_private_key(curve())


CSCA = Key(ec_key(ec.BrainpoolP256R1, "csca"))
SIGNER = Key(rsa_key("signer"))


def name(country: str, common: str) -> x509.Name:
    """Return a distinguished name."""
    return x509.Name.build({"country_name": country, "organization_name": "Specimen", "common_name": common})


def extension(oid: str, value: Any, *, critical: bool = False) -> dict[str, Any]:
    """Return one extension."""
    return {"extn_id": oid, "critical": critical, "extn_value": value}


def certificate(
    *, subject: x509.Name, issuer: x509.Name, key: Key, by: Key, serial: int = 1,
    first: datetime = TODAY - 365 * DAY, last: datetime = TODAY + 3650 * DAY, authority: bool = False,
    extra: Iterable[dict[str, Any]] = (), aki: bytes | None = None, usage: set[str] | None = None,
) -> bytes:  # fmt: skip
    """Return a certificate, DER."""
    usages = usage if usage is not None else ({"key_cert_sign", "crl_sign"} if authority else {"digital_signature"})
    extensions = [
        extension("key_usage", x509.KeyUsage(usages), critical=True),
        extension("key_identifier", core.OctetString(key.key_id)),
        *([extension("authority_key_identifier", x509.AuthorityKeyIdentifier({"key_identifier": aki}))] if aki else []),
        *([extension("basic_constraints", x509.BasicConstraints({"ca": True}), critical=True)] if authority else []),
        *extra,
    ]
    tbs = x509.TbsCertificate({
        "version": "v3", "serial_number": serial, "signature": by.algorithm, "issuer": issuer, "subject": subject,
        "validity": {"not_before": x509.Time({"utc_time": first}), "not_after": x509.Time({"utc_time": last})},
        "subject_public_key_info": keys.PublicKeyInfo.load(key.spki), "extensions": extensions,
    })  # fmt: skip
    return x509.Certificate({
        "tbs_certificate": tbs, "signature_algorithm": by.algorithm, "signature_value": by.sign(tbs.dump())
    }).dump()  # fmt: skip


def revocations(
    serials: Iterable[int], *, by: Key = CSCA, country: str = "UT",
    first: datetime = TODAY - 10 * DAY, last: datetime = TODAY + 80 * DAY,
    extra: Iterable[dict[str, Any]] = (),
) -> bytes:  # fmt: skip
    """Return a country's revocation list, DER."""
    revoked = [{"user_certificate": one, "revocation_date": x509.Time({"utc_time": first})} for one in serials]
    tbs = crl.TbsCertList({
        "version": "v2", "signature": by.algorithm, "issuer": name(country, "CSCA"),
        "this_update": x509.Time({"utc_time": first}), "next_update": x509.Time({"utc_time": last}),
        **({"revoked_certificates": revoked} if revoked else {}),
        "crl_extensions": [{
            "extn_id": "authority_key_identifier", "critical": False,
            "extn_value": x509.AuthorityKeyIdentifier({"key_identifier": by.key_id}),
        }, *extra],
    })  # fmt: skip
    return crl.CertificateList({
        "tbs_cert_list": tbs, "signature_algorithm": by.algorithm, "signature": by.sign(tbs.dump())
    }).dump()  # fmt: skip


def tlv(tag: int, *parts: bytes) -> bytes:
    """Return one element, its length in the shortest form."""
    value = b"".join(parts)
    size = len(value)
    length = bytes([size]) if size < 128 else _long(size)
    return tag.to_bytes((tag.bit_length() + 7) // 8, "big") + length + value


def _long(size: int) -> bytes:
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(digits)]) + digits


@functools.cache
def picture(kind: str = "JPEG", width: int = 96, height: int = 128) -> bytes:
    """Return a small picture, compressed."""
    x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    pixels = np.stack([x, y, (x + y) / 2], axis=-1).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind)
    return out.getvalue()


def record_19794(image: bytes, *, landmarks: int = 0, data_type: int = 0) -> bytes:
    """Return an ISO/IEC 19794-5:2005 record with one face."""
    block = 20 + 8 * landmarks + 12 + len(image)
    face = block.to_bytes(4, "big") + landmarks.to_bytes(2, "big") + bytes(14) + bytes(8 * landmarks)
    info = bytes([1, data_type]) + bytes(10)
    return b"FAC\0" + b"010\0" + (14 + block).to_bytes(4, "big") + b"\0\1" + face + info + image


def record_39794(image: bytes) -> bytes:
    """Return an ISO/IEC 39794-5:2019 block with one representation, from tag A1 on."""
    base = tlv(0xA0, tlv(0x80, image), tlv(0xA1, tlv(0xA0, tlv(0x80, b"\x03"))))
    representation = tlv(0x30, tlv(0x80, b"\0"), tlv(0xA1, tlv(0xA0, base)))
    version = tlv(0xA0, tlv(0x80, b"\3"), tlv(0x81, b"\x07\xe3"))
    return tlv(0xA1, tlv(0x65, version, tlv(0xA1, representation)))


def dg2(image: bytes, *, kind: str = "19794") -> bytes:
    """Return DG2 around an image."""
    block = tlv(0x5F2E, record_19794(image)) if kind == "19794" else tlv(0x7F2E, record_39794(image))
    header = tlv(0xA1, tlv(0x87, b"\1\1"), tlv(0x88, b"\0\x08" if kind == "19794" else b"\0\x2a"))
    return tlv(0x75, tlv(0x7F61, tlv(0x02, b"\1"), tlv(0x7F60, header, block)))


def dg1(mrz: str = MRZ) -> bytes:
    """Return DG1."""
    return tlv(0x61, tlv(0x5F1F, mrz.encode()))


def common(groups: Iterable[int] = (1, 2)) -> bytes:
    """Return EF.COM."""
    tags = {1: 0x61, 2: 0x75, 3: 0x63, 11: 0x6B, 14: 0x6E, 15: 0x6F}
    return tlv(0x60, tlv(0x5F01, b"0107"), tlv(0x5F36, b"040000"), tlv(0x5C, bytes(tags[one] for one in groups)))


OIDS = {"sha1": "06052b0e03021a", "sha256": "0609608648016503040201", "sha512": "0609608648016503040203"}


def security_object(groups: Mapping[int, bytes], digest: str = "sha256") -> bytes:
    """Return the LDS security object over data groups."""
    rows = [
        tlv(0x30, tlv(0x02, bytes([number])), tlv(0x04, hashlib.new(digest, data).digest()))
        for number, data in sorted(groups.items())
    ]
    return tlv(0x30, tlv(0x02, b"\0"), tlv(0x30, bytes.fromhex(OIDS[digest])), tlv(0x30, *rows))


def signed_data(
    content: bytes, kind: str, certificates: Iterable[bytes], signer: bytes, key: Key, *,
    attributes: Iterable[Any] = (), digest: bytes | None = None, by_key_id: bool = False, signed: bytes | None = None,
) -> bytes:  # fmt: skip
    """Return a ContentInfo with SignedData of one signer, DER; ``digest`` and ``signed`` replace what is right."""
    who = x509.Certificate.load(signer)
    named = cms.IssuerAndSerialNumber({"issuer": who.issuer, "serial_number": who.serial_number})
    all_attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": [kind]}),
            cms.CMSAttribute(
                {"type": "message_digest", "values": [digest or hashlib.new(key.digest, content).digest()]}
            ),
            *attributes,
        ]
    )
    info = cms.SignerInfo({
        "version": "v3" if by_key_id else "v1",
        "sid": cms.SignerIdentifier({"subject_key_identifier": key.key_id} if by_key_id
                                    else {"issuer_and_serial_number": named}),
        "digest_algorithm": {"algorithm": key.digest}, "signed_attrs": all_attributes,
        "signature_algorithm": key.algorithm, "signature": key.sign(signed or all_attributes.dump()),
    })  # fmt: skip
    data = cms.SignedData({
        "version": "v3", "digest_algorithms": [{"algorithm": key.digest}],
        "encap_content_info": {"content_type": kind, "content": content},
        "certificates": [x509.Certificate.load(one) for one in certificates], "signer_infos": [info],
    })  # fmt: skip
    return cms.ContentInfo({"content_type": "signed_data", "content": data}).dump()


def signing_time(moment: datetime) -> cms.CMSAttribute:
    """Return the signingTime attribute."""
    return cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": moment})]})


@dataclass(frozen=True)
class Issued:
    """A chip with everything that stands behind it."""

    chip: ChipData
    cms: bytes
    """EF.SOD without its tag 77: what ``openssl cms`` reads."""
    csca: bytes
    signer: bytes
    crl: bytes


def issue(
    *, csca: Key = CSCA, signer: Key = SIGNER, country: str = "UT", signer_country: str = "UT", mrz: str = MRZ,
    groups: Mapping[int, bytes] | None = None, unsigned: Mapping[int, bytes] | None = None,
    withheld: Iterable[int] = (), listed: Iterable[int] | None = None, lds_digest: str = "sha256",
    csca_arguments: Mapping[str, Any] | None = None, signer_arguments: Mapping[str, Any] | None = None,
    cms_arguments: Mapping[str, Any] | None = None, revoked: Iterable[int] = (),
    crl_arguments: Mapping[str, Any] | None = None,
) -> Issued:  # fmt: skip
    """Return a chip that holds, but for what the arguments bend."""
    groups = groups or {1: dg1(mrz), 2: dg2(picture())}
    root = certificate(**{
        "subject": name(country, "CSCA"), "issuer": name(country, "CSCA"), "key": csca, "by": csca, "authority": True,
        "aki": csca.key_id, **(csca_arguments or {}),
    })  # fmt: skip
    paper = certificate(**{
        "subject": name(signer_country, "Document Signer"), "issuer": name(country, "CSCA"), "key": signer, "by": csca,
        "serial": 7, "aki": csca.key_id, **(signer_arguments or {}),
    })  # fmt: skip
    content = security_object(groups, lds_digest)
    envelope = signed_data(content, "2.23.136.1.1.1", [paper], paper, signer, **(cms_arguments or {}))
    there = {**groups, **(unsigned or {})}
    files = {ChipFile(f"DG{number}"): data for number, data in there.items() if number not in set(withheld)}
    files |= {ChipFile.COM: common(listed if listed is not None else groups), ChipFile.SOD: tlv(0x77, envelope)}
    ended = revocations(revoked, by=csca, country=country, **(crl_arguments or {}))
    return Issued(ChipData(files), envelope, root, paper, ended)
