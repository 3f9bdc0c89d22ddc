"""Public keys out of certificates, explicit curves mapped to known ones, and signatures checked with them.

The key is taken apart by our ASN.1 reader and put together again for ``cryptography``, which refuses certificates with
explicit curve parameters though Doc 9303-12 4.1.6.3 asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from countenance.documents.chip.curves import Curve, curve_by_oid, same_curve
from countenance.errors import DocumentError

_READ_AGAIN = "Read the chip again; if it stays so, check the document by hand."
_SMALLEST_RSA = 2048
_LARGEST_RSA = 16_384
_LONGEST_SALT = 64
_UNCOMPRESSED = 4
_PRIME_FIELD = "prime_field"
_RSA = frozenset({"rsa", "rsassa_pss"})
HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
"""The hash functions that Doc 9303-12 4.1.6.4 allows, by the name used here."""
_OLD: dict[str, hashes.HashAlgorithm] = {**HASHES, "sha1": hashes.SHA1()}  # noqa: S303 - told apart by the caller


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One key, ready to verify with."""

    kind: str
    """"rsa" or "ec"."""
    bits: int
    """Length of the modulus or of the curve's field."""
    curve: str
    """Name of the curve, "" for RSA."""
    explicit: bool
    """Whether the certificate spelled the curve out instead of naming it."""
    key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey | None
    """None where the library does not have the curve: then nothing verifies."""


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """How something was signed."""

    scheme: str
    """"rsassa_pkcs1v15", "rsassa_pss" or "ecdsa"."""
    hash_name: str
    """Such as "sha256"."""
    mgf_hash_name: str
    """RSA-PSS only: the hash of its mask generation function, else ""."""
    salt_bytes: int
    """RSA-PSS only, else 0."""


def public_key(info: Any, *, smallest_rsa: int = _SMALLEST_RSA) -> PublicKey:
    """Return the key in a SubjectPublicKeyInfo of the ASN.1 library (RFC 5280 4.1.2.7); use inside ``asn1_faults``.

    Raises:
        DocumentError: another kind of key (``chip.key_kind``), an RSA key below ``smallest_rsa`` or above
            16384 bits (``chip.key_size``), or a curve that is not a known one in every parameter (``chip.key_curve``).
    """
    if info.algorithm in _RSA:
        return _rsa_key(info, smallest_rsa)
    if info.algorithm == "ec":
        return _ec_key(info)
    raise DocumentError("chip.key_kind", "The key is neither RSA nor on an elliptic curve.", remedy=_READ_AGAIN)


def signature_algorithm(identifier: Any, digest: str) -> SignatureAlgorithm:
    """Return a signature AlgorithmIdentifier of the ASN.1 library in our terms; use inside ``asn1_faults``.

    ``digest`` counts where the identifier names no hash (rsaEncryption in CMS, RFC 3370 3.2).

    Raises:
        DocumentError: neither RSA PKCS#1 v1.5, RSA-PSS with MGF1, nor ECDSA (``chip.signature_algorithm``).
    """
    name = identifier["algorithm"].native
    if name == "rsassa_pss":
        found = identifier["parameters"]
        mask = found["mask_gen_algorithm"]
        if mask["algorithm"].native != "mgf1" or int(found["trailer_field"]) != 1:
            raise _unknown_algorithm()
        salt = found["salt_length"].native
        if not 0 <= salt <= _LONGEST_SALT:
            raise _unknown_algorithm()
        hashed, masked = found["hash_algorithm"]["algorithm"].native, mask["parameters"]["algorithm"].native
        return SignatureAlgorithm(name, hashed, masked, salt)
    if name == "rsassa_pkcs1v15":
        return SignatureAlgorithm(name, digest, "", 0)
    scheme = identifier.signature_algo
    if scheme not in {"rsassa_pkcs1v15", "ecdsa"}:
        raise _unknown_algorithm()
    return SignatureAlgorithm(scheme, identifier.hash_algo, "", 0)


def signature_fault(
    key: PublicKey, algorithm: SignatureAlgorithm, signature: bytes, message: bytes, *, old_hashes: bool = False
) -> str | None:
    """Return why ``signature`` over ``message`` does not count, a sentence, or None when it verifies.

    SHA-1 counts only with ``old_hashes``, which is for looking at old CSCA certificates, never for a document.
    """
    known = _OLD if old_hashes else HASHES
    chosen = known.get(algorithm.hash_name)
    if chosen is None:
        return f"It is signed with {algorithm.hash_name}, which is not accepted."
    if key.key is None:
        return f"It is signed on {key.curve}, which this installation cannot compute on."
    try:
        how = _padding(algorithm.scheme, algorithm.salt_bytes, known.get(algorithm.mgf_hash_name))
        if isinstance(key.key, rsa.RSAPublicKey) and how is not None:
            key.key.verify(signature, message, how, chosen)
        elif isinstance(key.key, ec.EllipticCurvePublicKey) and algorithm.scheme == "ecdsa":
            key.key.verify(signature, message, ec.ECDSA(chosen))
        else:
            return "The signature's algorithm does not fit the key."
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return "The signature does not verify."
    return None


def _padding(scheme: str, salt_bytes: int, mask: hashes.HashAlgorithm | None) -> padding.PKCS1v15 | padding.PSS | None:
    """Return RSA's padding for a scheme, or None when it is none of RSA's."""
    if scheme == "rsassa_pkcs1v15":
        return padding.PKCS1v15()
    return padding.PSS(padding.MGF1(mask), salt_bytes) if scheme == "rsassa_pss" and mask is not None else None


def _rsa_key(info: Any, smallest: int) -> PublicKey:
    numbers = info["public_key"].parsed
    modulus, exponent = numbers["modulus"].native, numbers["public_exponent"].native
    bits = modulus.bit_length()
    if modulus < 0 or not smallest <= bits <= _LARGEST_RSA or not 1 < exponent < 2**64:
        raise DocumentError(
            "chip.key_size", f"The RSA key has {bits} bits, or an unusable exponent.", remedy=_READ_AGAIN
        )
    return PublicKey("rsa", bits, "", explicit=False, key=rsa.RSAPublicNumbers(exponent, modulus).public_key())


def _ec_key(info: Any) -> PublicKey:
    parameters = info["algorithm"]["parameters"]
    explicit = parameters.name == "specified"
    curve = _explicit(parameters.chosen) if explicit else _named(parameters)
    if curve is None:
        raise DocumentError(
            "chip.key_curve", "The key's curve is not a known one in every parameter.", remedy=_READ_AGAIN
        )
    point = info["public_key"].native
    key = None if curve.usable is None else ec.EllipticCurvePublicKey.from_encoded_point(curve.usable, point)
    return PublicKey("ec", curve.p.bit_length(), curve.name, explicit=explicit, key=key)


def _named(parameters: Any) -> Curve | None:
    return curve_by_oid(parameters.chosen.dotted) if parameters.name == "named" else None


def _explicit(found: Any) -> Curve | None:
    """Return the known curve that explicit parameters (X9.62, RFC 3279 2.3.5) equal in full, or None."""
    field = found["field_id"]
    if field["field_type"].native != _PRIME_FIELD:
        return None
    base = found["base"].native
    size = (len(base) - 1) // 2
    if len(base) != 2 * size + 1 or base[0] != _UNCOMPRESSED:
        return None
    return same_curve(
        (
            field["parameters"].native,
            int.from_bytes(found["curve"]["a"].native, "big"),
            int.from_bytes(found["curve"]["b"].native, "big"),
            int.from_bytes(base[1 : 1 + size], "big"),
            int.from_bytes(base[1 + size :], "big"),
            found["order"].native,
            found["cofactor"].native,
        )
    )


def _unknown_algorithm() -> DocumentError:
    return DocumentError(
        "chip.signature_algorithm", "It is signed with an algorithm that documents do not use.", remedy=_READ_AGAIN
    )
