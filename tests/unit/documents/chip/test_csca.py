"""The CSCA store: who is trusted, on whose word, and what is left out is told."""

from __future__ import annotations

import base64
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric import ec

import emrtd_maker as maker
from countenance.documents import CscaStore, Standing, build_store, read_store
from countenance.errors import ConfigurationError, DocumentError
from emrtd_maker import CSCA, DAY, NOW, TODAY, Key, certificate, ec_key, name, tlv
from shared_vectors import shared_files

LISTER = Key(ec_key(ec.SECP256R1, "lister"))
OTHER = Key(ec_key(ec.BrainpoolP384R1, "other"), explicit=True, digest="sha384")
MASTER_LIST, SIGNING = "2.23.136.1.1.2", "2.23.136.1.1.3"


def root(country: str = "UT", key: Key = CSCA, **more: Any) -> bytes:
    """Return a self-signed CSCA certificate."""
    own = name(country, "CSCA")
    return certificate(
        **{"subject": own, "issuer": own, "key": key, "by": key, "authority": True, "aki": key.key_id, **more}
    )


def lister(**more: Any) -> bytes:
    """Return a Master List Signer's certificate."""
    usage = x509.ExtKeyUsageSyntax([SIGNING])
    return certificate(**{
        "subject": name("UT", "Lister"), "issuer": name("UT", "CSCA"), "key": LISTER, "by": CSCA, "aki": CSCA.key_id,
        "extra": [maker.extension("extended_key_usage", usage, critical=True)], **more,
    })  # fmt: skip


def master_list(
    *certificates: bytes, version: bytes = b"\0", signer: bytes | None = None, kind: str = MASTER_LIST, **more: Any
) -> bytes:
    """Return a master list."""
    content = tlv(0x30, tlv(0x02, version), tlv(0x31, *certificates))
    paper = signer or lister()
    return maker.signed_data(content, kind, [paper], paper, LISTER, by_key_id=True, **more)


def store_of(data: bytes, *trusted: bytes) -> CscaStore:
    """Return a store with one master list beside what is trusted."""
    return build_store(
        certificates=[(f"{i}.cer", one) for i, one in enumerate(trusted or [root()])],
        master_lists=[("list.ml", data)], at=NOW,
    )  # fmt: skip


def test_a_master_list_adds_what_its_publisher_vouches_for() -> None:
    """Certificates of the list join the trusted ones, each once, explicit curves among them."""
    own = root()
    store = store_of(master_list(own, root("XX", OTHER)), own)
    assert [one.country for one in store.certificates] == ["UT", "XX"]
    assert store.by_key_id[OTHER.key_id][0].key.explicit
    assert store.left_out == ()


def test_what_cannot_be_read_is_left_out_and_told() -> None:
    """A certificate that nothing here can read costs itself only, and says where it stood and why."""
    small = Key(maker.rsa_key("small", 1024))
    store = store_of(master_list(root("XX", OTHER), tlv(0x30, b"\5\0"), root("YY", small)))
    assert {(one.where, one.code) for one in store.left_out} == {
        ("list.ml#1", "chip.malformed"), ("list.ml#2", "chip.key_size"),
    }  # fmt: skip
    assert len(store.certificates) == 2


REFUSED = {
    "not vouched for": (lambda: master_list(root(), signer=lister(by=OTHER)), "chip.csca_list"),
    "an issuer not in the store": (
        lambda: master_list(root(), signer=lister(by=OTHER, aki=OTHER.key_id)), "chip.csca_list",
    ),
    "a signer of another country": (
        lambda: master_list(root(), signer=lister(subject=name("XX", "Lister"))), "chip.csca_list",
    ),
    "a signer without the usage": (lambda: master_list(root(), signer=lister(extra=[])), "chip.csca_list"),
    "an ended signer": (lambda: master_list(root(), signer=lister(last=TODAY - DAY)), "chip.csca_list"),
    "of the future": (
        lambda: master_list(root(), attributes=[maker.signing_time(TODAY + DAY)]), "chip.csca_list",
    ),
    "another digest": (lambda: master_list(root(), digest=bytes(32)), "chip.csca_list"),
    "another signature": (lambda: master_list(root(), signed=b"else"), "chip.csca_list"),
    "another kind": (lambda: master_list(root(), kind="2.23.136.1.1.1"), "chip.csca_list"),
    "another version": (lambda: master_list(root(), version=b"\1"), "chip.csca_list_version"),
    "no signed data": (root, "chip.csca_file"),
    "nothing": (bytes, "chip.csca_file"),
}  # fmt: skip


@pytest.mark.parametrize("make, code", REFUSED.values(), ids=REFUSED)
def test_a_master_list_counts_only_when_all_of_it_holds(make: Any, code: str) -> None:
    """A list that nothing in the store vouches for, or that is bent, is an error, never half a store."""
    with pytest.raises(DocumentError) as caught:
        store_of(make())
    assert caught.value.code == code


def test_an_old_list_holds_when_its_signer_was_valid_then() -> None:
    """A list signed while its signer was valid counts after the signer has ended: lists have no end."""
    data = master_list(
        root("XX", OTHER), signer=lister(last=TODAY - DAY), attributes=[maker.signing_time(TODAY - 30 * DAY)]
    )
    assert len(store_of(data).certificates) == 2


def test_only_authorities_may_be_trusted_directly() -> None:
    """A Document Signer's certificate in the store's folder is an error."""
    with pytest.raises(DocumentError, match="no CSCA") as caught:
        build_store(certificates=[("x.cer", maker.issue().signer)], at=NOW)
    assert caught.value.code == "chip.csca_kind"


def test_a_revocation_list_must_be_its_countrys() -> None:
    """A list signed by a key the store does not have, by another country, or covering only part, is an error."""
    partial = [maker.extension("issuing_distribution_point", {"only_contains_user_certs": True}, critical=True)]
    for crl, code in (
        (maker.revocations([], by=OTHER), "chip.csca_crl"),
        (maker.revocations([], country="XX"), "chip.csca_crl"),
        (maker.revocations([], extra=partial), "chip.crl_partial"),
        (b"\x30\0", "chip.csca_file"),
    ):
        with pytest.raises(DocumentError) as caught:
            build_store(certificates=[("csca", root())], crls=[("x.crl", crl)], at=NOW)
        assert caught.value.code == code


def test_standing_tells_what_vouches() -> None:
    """Self-signed, linked by an older key, without its issuer, and signed by nothing are told apart."""
    linked = root(key=OTHER, by=CSCA, aki=CSCA.key_id)
    orphan = root("XX", key=LISTER, by=OTHER, aki=b"nobody has this id..")
    bent = root("YY", key=Key(ec_key(ec.SECP384R1, "y")), by=OTHER, aki=CSCA.key_id)
    store = build_store(certificates=[(str(i), one) for i, one in enumerate([root(), linked, orphan, bent])], at=NOW)
    assert [store.standing_of(one) for one in store.certificates] == [
        Standing.SELF_SIGNED, Standing.LINKED, Standing.ISSUER_MISSING, Standing.NOT_VERIFIED,
    ]  # fmt: skip


def test_a_folder_is_a_store(tmp_path: Path) -> None:
    """Certificates in DER or PEM, lists and revocation lists are found by their endings; notes are passed over."""
    pem = b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(root()) + b"-----END CERTIFICATE-----\n"
    (tmp_path / "ut.pem").write_bytes(pem)
    (tmp_path / "list.ML").write_bytes(master_list(root("XX", OTHER)))
    (tmp_path / "ut.crl").write_bytes(maker.revocations([5]))
    (tmp_path / "README").write_text("compared by telephone")
    store = read_store(tmp_path, at=NOW)
    assert (len(store.certificates), store.crls[0].revoked) == (2, {5})


def test_a_folder_without_trust_is_no_store(tmp_path: Path) -> None:
    """A master list alone vouches for nothing, and damaged PEM is an error."""
    (tmp_path / "list.ml").write_bytes(master_list(root()))
    with pytest.raises(ConfigurationError) as empty:
        read_store(tmp_path, at=NOW)
    assert empty.value.code == "chip.csca_folder"
    (tmp_path / "x.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\n***\n-----END CERTIFICATE-----")
    with pytest.raises(DocumentError) as caught:
        read_store(tmp_path, at=NOW)
    assert caught.value.code == "chip.csca_pem"


GMRTD = "vectors/emrtd/gmrtd/cms/master_list"


@pytest.mark.parametrize("vector", shared_files(f"{GMRTD}/DE_ML_2026-05-28-08-28-45.ml"))
def test_the_german_list_loads_whole(vector: Path) -> None:
    """All 588 keys of the German list of 2026-05-28 load; 375 certificates sign themselves, 200 are linked."""
    anchor = (vector.parent / "DE_ROOT_CA_CSCA07.cer").read_bytes()
    store = build_store(certificates=[("de", anchor)], master_lists=[("ml", vector.read_bytes())], at=NOW)
    assert (len(store.certificates), store.left_out) == (588, ())
    standing = Counter(store.standing_of(one) for one in store.certificates)
    assert standing == {Standing.SELF_SIGNED: 375, Standing.LINKED: 200, Standing.ISSUER_MISSING: 13}
    assert sum(one.key.explicit for one in store.certificates) == 160


@pytest.mark.parametrize("vector", shared_files(f"{GMRTD}/NL_ML_2026-07-22.ml"))
def test_the_dutch_list_loads_whole(vector: Path) -> None:
    """All 411 certificates of the Dutch list load once the Dutch root vouches for it, and not without."""
    anchor = ("nl", (vector.parent / "NL_ROOT_CA.cer").read_bytes())
    later = type(NOW)(NOW + 90 * 86_400_000)
    store = build_store(certificates=[anchor], master_lists=[("ml", vector.read_bytes())], at=later)
    assert (len(store.certificates), store.left_out) == (411, ())
    other = ("de", (vector.parent / "DE_ROOT_CA_CSCA07.cer").read_bytes())
    with pytest.raises(DocumentError, match="not vouched for"):
        build_store(certificates=[other], master_lists=[("ml", vector.read_bytes())], at=later)


@pytest.mark.parametrize("vector", shared_files("vectors/emrtd/COL.crl"))
def test_a_countrys_revocation_list_verifies(vector: Path) -> None:
    """Colombia's list of 2020 is signed by a CSCA of the German master list."""
    folder = vector.parent / "gmrtd" / "cms" / "master_list"
    anchor = ("de", (folder / "DE_ROOT_CA_CSCA07.cer").read_bytes())
    lists = [("ml", (folder / "DE_ML_2026-05-28-08-28-45.ml").read_bytes())]
    store = build_store(certificates=[anchor], master_lists=lists, crls=[("co", vector.read_bytes())], at=NOW)
    assert len(store.crls[0].revoked) == 15
