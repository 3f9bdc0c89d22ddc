"""Explicit curves count as known ones only when every parameter is equal."""

from __future__ import annotations

import dataclasses
import subprocess

import pytest
from asn1crypto import core, keys
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

import emrtd_maker as maker
from countenance.documents.chip.asn1 import asn1_faults
from countenance.documents.chip.curves import CURVES, Curve, same_curve
from countenance.documents.chip.public_keys import PublicKey, SignatureAlgorithm, public_key, signature_fault
from countenance.errors import DocumentError

OPENSSL_NAMES = {"secp256r1": "prime256v1"}
ECDSA = SignatureAlgorithm("ecdsa", "sha256", "", 0)


def parsed(spki: bytes) -> PublicKey:
    """Return a key read from SubjectPublicKeyInfo."""
    with asn1_faults("The key"):
        return public_key(keys.PublicKeyInfo.load(spki))


def code_of(spki: bytes) -> str:
    """Return the code with which a key is refused."""
    with pytest.raises(DocumentError) as caught:
        parsed(spki)
    return caught.value.code


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_the_table_is_openssls(curve: Curve) -> None:
    """Each parameter of each curve, and its identifier, is what openssl has for the name."""
    name = OPENSSL_NAMES.get(curve.name, curve.name)
    command = ["openssl", "ecparam", "-name", name, "-param_enc", "explicit", "-outform", "DER"]
    der = subprocess.run(command, capture_output=True, check=True).stdout
    found = keys.ECDomainParameters.load(der).chosen
    base = found["base"].native
    half = (len(base) - 1) // 2
    numbers = [
        found["field_id"]["parameters"].native, *(int.from_bytes(found["curve"][one].native, "big") for one in "ab"),
        int.from_bytes(base[1 : 1 + half], "big"), int.from_bytes(base[1 + half :], "big"), found["order"].native,
    ]  # fmt: skip
    assert numbers == [curve.p, curve.a, curve.b, curve.x, curve.y, curve.n]
    assert found["cofactor"].native == curve.h
    named = subprocess.run([*command[:4], "-outform", "DER"], capture_output=True, check=True).stdout
    assert core.ObjectIdentifier.load(named).dotted == curve.oid


@pytest.mark.parametrize("curve", [ec.BrainpoolP256R1, ec.BrainpoolP384R1, ec.BrainpoolP512R1, ec.SECP256R1,
                                   ec.SECP224R1, ec.SECP384R1, ec.SECP521R1])  # fmt: skip
def test_explicit_is_the_named_key(curve: type[ec.EllipticCurve]) -> None:
    """The same key spelled out and named is the same key, and is told apart."""
    private = maker.ec_key(curve)
    explicit, named = parsed(maker.Key(private, explicit=True).spki), parsed(maker.Key(private).spki)
    assert dataclasses.replace(explicit, explicit=False, key=None) == dataclasses.replace(named, key=None)
    assert (explicit.explicit, named.explicit) == (True, False)
    signature = private.sign(b"message", ec.ECDSA(maker.HASH["sha256"]))
    assert signature_fault(explicit, ECDSA, signature, b"message") is None
    assert signature_fault(explicit, ECDSA, signature, b"other") is not None


@pytest.mark.parametrize("index", range(7))
def test_one_parameter_off_is_no_known_curve(index: int) -> None:
    """Changing p, a, b, either coordinate of G, n or h alone is refused (CVE-2020-0601); a missing h is not."""
    curve = CURVES[0]
    offered: list[int | None] = [curve.p, curve.a, curve.b, curve.x, curve.y, curve.n, curve.h]
    assert same_curve(tuple(offered)) is curve  # type: ignore[arg-type]
    assert same_curve((*offered[:6], None)) is curve  # type: ignore[arg-type]
    offered[index] = (offered[index] or 0) + 1
    assert same_curve(tuple(offered)) is None  # type: ignore[arg-type]


def changed(spki: bytes, old: int, new: int) -> bytes:
    """Return a key with one number replaced by another of the same length."""
    size = (old.bit_length() + 7) // 8
    assert spki.count(old.to_bytes(size, "big"))
    return spki.replace(old.to_bytes(size, "big"), new.to_bytes(size, "big"), 1)


@pytest.mark.parametrize("part", ["p", "a", "b", "x", "y", "n"])
def test_a_certificate_with_a_bent_curve_is_refused(part: str) -> None:
    """The same through the encoding: the famous attack moves the generator, so that any key can be signed for."""
    curve = next(one for one in CURVES if one.name == "brainpoolP256r1")
    spki = maker.Key(maker.ec_key(ec.BrainpoolP256R1), explicit=True).spki
    number = getattr(curve, part)
    assert code_of(changed(spki, number, number ^ 1)) == "chip.key_curve"


def test_other_keys_are_refused() -> None:
    """Small RSA keys, other kinds, unknown curves, and points beside the curve have their codes."""
    assert code_of(maker.Key(maker.rsa_key("small", 1024)).spki) == "chip.key_size"
    assert code_of(maker.Key(ed25519.Ed25519PrivateKey.generate()).spki) == "chip.key_kind"
    assert code_of(maker.Key(maker.ec_key(ec.SECP256K1)).spki) == "chip.key_curve"
    spki = maker.Key(maker.ec_key(ec.BrainpoolP256R1)).spki
    assert code_of(spki[:-1] + bytes([spki[-1] ^ 1])) == "chip.malformed"


def test_a_curve_that_cannot_be_computed_on_verifies_nothing() -> None:
    """brainpoolP224r1 is known by its parameters, but the library does not have it: every signature is refused."""
    command = ["openssl", "ecparam", "-name", "brainpoolP224r1", "-param_enc", "explicit", "-genkey", "-outform", "DER"]
    private = subprocess.run(command, capture_output=True, check=True).stdout
    spki = subprocess.run(
        ["openssl", "ec", "-inform", "DER", "-pubout", "-outform", "DER"],
        input=private,
        capture_output=True,
        check=True,
    ).stdout
    key = parsed(spki)
    assert (key.curve, key.key) == ("brainpoolP224r1", None)
    assert "cannot compute" in (signature_fault(key, ECDSA, b"", b"") or "")


def test_key_and_algorithm_must_fit() -> None:
    """An RSA signature is not looked for with a key on a curve, nor the other way round."""
    curve, modulus = parsed(maker.Key(maker.ec_key(ec.SECP256R1)).spki), parsed(maker.SIGNER.spki)
    pss = SignatureAlgorithm("rsassa_pss", "sha256", "sha1", 32)
    for key, algorithm in ((modulus, ECDSA), (curve, SignatureAlgorithm("rsassa_pkcs1v15", "sha256", "", 0)),
                           (modulus, pss)):  # fmt: skip
        assert "does not fit" in (signature_fault(key, algorithm, b"", b"") or "")
    old = SignatureAlgorithm("rsassa_pkcs1v15", "md5", "", 0)
    assert "not accepted" in (signature_fault(modulus, old, b"", b"") or "")
