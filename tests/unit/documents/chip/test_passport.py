"""The twelve steps on chips of our own country: what holds, and for each way of being wrong the step that says so."""

from __future__ import annotations

import dataclasses
import hashlib
import subprocess
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric import ec

import emrtd_maker as maker
from countenance.documents import STEPS, build_store, check_chip, read_folder
from countenance.terms import ChipAuthentic, ChipData, ChipFile, ChipNotAuthentic, PortraitCoding, StepVerdict
from emrtd_maker import CSCA, DAY, NOW, SIGNER, TODAY, Issued, Key, ec_key, issue, rsa_key, tlv
from shared_vectors import shared_files


def check(issued: Issued, *, crls: bool = True, **more: Any) -> ChipAuthentic | ChipNotAuthentic:
    """Check a chip against a store with its own CSCA and revocation list."""
    store = build_store(
        certificates=[("csca", issued.csca)], crls=[("crl", issued.crl)] if crls else (), at=more.get("at", NOW)
    )
    return check_chip(issued.chip, store, **{"at": NOW, **more})


def not_holding(result: ChipAuthentic | ChipNotAuthentic) -> dict[int, StepVerdict]:
    """Return the verdicts of the steps that did not hold; step 12 is then never made and left out."""
    return {step.number: step.verdict for step in result.steps if not step.holds and step.number != 12}


P256, P384, P521 = ec.SECP256R1, ec.SECP384R1, ec.SECP521R1
B256, B384, B512 = ec.BrainpoolP256R1, ec.BrainpoolP384R1, ec.BrainpoolP512R1
HOLDING: dict[str, dict[str, Any]] = {
    "RSA under RSA": {"csca": Key(rsa_key("c")), "signer": SIGNER},
    "RSA-PSS under RSA-PSS": {"csca": Key(rsa_key("c"), pss=True), "signer": Key(rsa_key("s"), pss=True)},
    "RSA-PSS with SHA-512": {"signer": Key(rsa_key("s"), pss=True, digest="sha512"), "lds_digest": "sha512"},
    "brainpool named": {"csca": Key(ec_key(B256)), "signer": Key(ec_key(B256, "s"))},
    "brainpool explicit": {"csca": Key(ec_key(B384), explicit=True, digest="sha384"),
                           "signer": Key(ec_key(B256), explicit=True)},
    "brainpool 512 explicit": {"signer": Key(ec_key(B512), explicit=True, digest="sha512")},
    "NIST named": {"csca": Key(ec_key(P384), digest="sha384"), "signer": Key(ec_key(P256))},
    "NIST explicit": {"csca": Key(ec_key(P521), explicit=True, digest="sha512"),
                      "signer": Key(ec_key(ec.SECP224R1), explicit=True)},
}  # fmt: skip


@pytest.mark.parametrize("recipe", HOLDING.values(), ids=HOLDING)
def test_a_chip_that_holds_gives_its_portrait(recipe: dict[str, Any]) -> None:
    """With every kind of key that documents use, all twelve steps pass and the portrait's pixels come out."""
    result = check(issue(**recipe))
    assert isinstance(result, ChipAuthentic)
    assert [step.verdict for step in result.steps] == [StepVerdict.PASSED] * 12
    assert [(s.number, s.name, s.clause) for s in result.steps] == [(s.number, s.name, s.clause) for s in STEPS]
    assert result.issuing_state == "UTO"
    assert result.mrz == (maker.MRZ[:44], maker.MRZ[44:])
    assert result.portrait.frame.pixels.shape == (128, 96, 3)
    assert result.portrait.frame.sha256 == hashlib.sha256(maker.picture()).hexdigest()


@pytest.mark.parametrize("recipe", HOLDING.values(), ids=HOLDING)
def test_openssl_agrees_on_what_holds(recipe: dict[str, Any], tmp_path: Path) -> None:
    """``openssl cms -verify`` accepts the same EF.SOD: up to the CSCA; with explicit curves, its signature."""
    issued = issue(**recipe)
    explicit = any(key.explicit for key in (recipe.get("csca", CSCA), recipe.get("signer", SIGNER)))
    assert openssl(issued, tmp_path, chain=not explicit).returncode == 0


def openssl(issued: Issued, folder: Path, *, chain: bool) -> subprocess.CompletedProcess[bytes]:
    """Let openssl verify an EF.SOD."""
    (folder / "sod").write_bytes(issued.cms)
    pem = subprocess.run(["openssl", "x509", "-inform", "DER"], input=issued.csca, capture_output=True, check=False)
    (folder / "csca.pem").write_bytes(pem.stdout)
    trust = ["-CAfile", folder / "csca.pem", "-purpose", "any", "-attime", str(NOW // 1000)] if chain else ["-noverify"]
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", folder / "sod", *trust]
    return subprocess.run([*command, "-out", folder / "content"], capture_output=True, check=False)


@pytest.mark.parametrize("name", [
    "signature over something else", "digest of something else", "signed by a key of another CSCA",
    "Document Signer expired", "CSCA expired",
])  # fmt: skip
def test_openssl_agrees_on_what_is_wrong(name: str, tmp_path: Path) -> None:
    """What fails a cryptographic step here, openssl refuses too."""
    assert openssl(issue(**WRONG[name][0]), tmp_path, chain=True).returncode != 0


def test_a_portrait_in_jpeg_2000_and_39794() -> None:
    """DG2 of ISO/IEC 39794-5 with JPEG 2000 gives its pixels, and both are told."""
    result = check(issue(groups={1: maker.dg1(), 2: maker.dg2(maker.picture("JPEG2000"), kind="39794")}))
    assert isinstance(result, ChipAuthentic)
    assert (result.portrait.coding, result.portrait.record) == (PortraitCoding.JPEG_2000, "ISO/IEC 39794-5")
    assert result.portrait.frame.pixels.shape == (128, 96, 3)


def bent(**arguments: Any) -> Issued:
    """Return a chip with the files in ``files`` put in place of what was signed."""
    files = arguments.pop("files")
    issued = issue(**arguments)
    return dataclasses.replace(issued, chip=ChipData({**issued.chip.files, **files}))


OTHER = Key(ec_key(B256, "other"))
FAILED, NOT_MADE = StepVerdict.FAILED, StepVerdict.NOT_MADE
NO_ISSUER = {5: FAILED, 6: NOT_MADE, 7: NOT_MADE, 8: NOT_MADE, 11: NOT_MADE}
WRONG: dict[str, tuple[dict[str, Any], dict[int, StepVerdict]]] = {
    "DG2 swapped": ({"files": {ChipFile.DG2: maker.dg2(maker.picture(width=90))}}, {9: FAILED}),
    "DG1 changed": ({"files": {ChipFile.DG1: maker.dg1(maker.MRZ.replace("ANNA", "ANNE"))}}, {9: FAILED}),
    "a group nobody signed": ({"unsigned": {15: tlv(0x6F, b"\x05\0")}}, {10: FAILED}),
    "DG2 withheld": ({"withheld": [2]}, {10: FAILED}),
    "DG1 withheld": ({"withheld": [1]}, {10: FAILED, 11: NOT_MADE}),
    "nothing but EF.SOD": ({"withheld": [1, 2]}, {9: NOT_MADE, 10: FAILED, 11: NOT_MADE}),
    "digest of something else": ({"cms_arguments": {"digest": bytes(32)}}, {3: FAILED}),
    "signature over something else": ({"cms_arguments": {"signed": b"else"}}, {4: FAILED}),
    "signed by a key of another CSCA": ({"signer_arguments": {"by": OTHER}}, NO_ISSUER),
    "a CSCA the store does not have": (
        {"signer_arguments": {"by": OTHER, "aki": OTHER.key_id}},
        NO_ISSUER,
    ),
    "no authority key identifier": (
        {"signer_arguments": {"aki": None}}, NO_ISSUER,
    ),
    "Document Signer may not sign": ({"signer_arguments": {"usage": {"key_cert_sign"}}}, {6: FAILED}),
    "a Master List Signer instead": (
        {"signer_arguments": {"extra": [maker.extension("extended_key_usage", ["2.23.136.1.1.3"])]}}, {6: FAILED},
    ),
    "a signer for TLS instead": (
        {"signer_arguments": {"extra": [maker.extension("extended_key_usage", ["1.3.6.1.5.5.7.3.2"])]}}, {6: FAILED},
    ),
    "Document Signer is an authority": (
        {"signer_arguments": {"authority": True, "usage": {"digital_signature"}}}, {6: FAILED},
    ),
    "CSCA may not issue": ({"csca_arguments": {"usage": {"crl_sign"}}}, {6: FAILED}),
    "an unknown critical extension": (
        {"signer_arguments": {"extra": [{"extn_id": "1.2.3.4", "critical": True, "extn_value": b"\x05\0"}]}},
        {6: FAILED},
    ),
    "Document Signer expired": ({"signer_arguments": {"last": TODAY - DAY}}, {7: FAILED}),
    "Document Signer not yet valid": ({"signer_arguments": {"first": TODAY + DAY}}, {7: FAILED}),
    "CSCA expired": ({"csca_arguments": {"last": TODAY - DAY}}, {7: FAILED}),
    "signed before the Document Signer was valid": (
        {"cms_arguments": {"attributes": [maker.signing_time(TODAY - 400 * DAY)]}}, {7: FAILED},
    ),
    "signed in the future": ({"cms_arguments": {"attributes": [maker.signing_time(TODAY + DAY)]}}, {7: FAILED}),
    "key used after its period": (
        {
            "cms_arguments": {"attributes": [maker.signing_time(TODAY - DAY)]},
            "signer_arguments": {"extra": [maker.extension("private_key_usage_period", x509.PrivateKeyUsagePeriod({
                "not_before": TODAY - 300 * DAY, "not_after": TODAY - 200 * DAY,
            }))]},
        }, {7: FAILED},
    ),
    "Document Signer revoked": ({"revoked": [7]}, {8: FAILED}),
    "CSCA revoked": ({"revoked": [1]}, {8: FAILED}),
    "revocation list out of date": (
        {"crl_arguments": {"first": TODAY - 90 * DAY, "last": TODAY - DAY}}, {8: NOT_MADE},
    ),
    "revocation list of the future": (
        {"crl_arguments": {"first": TODAY + DAY, "last": TODAY + 9 * DAY}}, {8: NOT_MADE},
    ),
    "revoked by a list that has ended": (
        {"revoked": [7], "crl_arguments": {"first": TODAY - 90 * DAY, "last": TODAY - DAY}}, {8: FAILED},
    ),
    "Document Signer of another country": ({"signer_country": "DE"}, {11: FAILED}),
    "DG1 of another state": ({"mrz": maker.MRZ.replace("UTOERI", "FRAERI", 1)}, {11: FAILED}),
    "DG1 of no known state": ({"mrz": maker.MRZ.replace("UTOERI", "QQQERI", 1)}, {11: FAILED}),
    "DG1 without a machine readable zone": ({"mrz": "P<UTO"}, {11: FAILED}),
    "SHA-1 digest": ({"signer": Key(rsa_key("s"), digest="sha1")}, {3: FAILED, 4: FAILED}),
    "SHA-1 under the Document Signer": ({"csca": Key(rsa_key("c"), digest="sha1")}, NO_ISSUER),
}  # fmt: skip


@pytest.mark.parametrize("arguments, expected", WRONG.values(), ids=WRONG)
def test_what_is_wrong_fails_its_own_step(arguments: dict[str, Any], expected: dict[int, StepVerdict]) -> None:
    """Each fault fails the step that is there for it, no other, and no portrait is decoded or given."""
    issued = bent(**arguments) if "files" in arguments else issue(**arguments)
    old = "SHA-1 under" in next(name for name, row in WRONG.items() if row[0] is arguments)
    result = check(issued, crls=not old, revocation_needed=not old)
    assert isinstance(result, ChipNotAuthentic)
    assert not_holding(result) == expected
    assert result.steps[-1].verdict is NOT_MADE
    assert result.broken[0].verdict is (FAILED if FAILED in expected.values() else NOT_MADE)


@pytest.mark.parametrize("sod", [
    None, b"", b"\x77\x00", b"\x77\x03\x02\x01\x00", tlv(0x77, b"\x30\x80\0\0"), b"\x30\x03\x02\x01\0",
    maker.dg1(), tlv(0x77, maker.security_object({1: b"1"})),
], ids=repr)  # fmt: skip
def test_without_a_readable_security_object_nothing_follows(sod: bytes | None) -> None:
    """When EF.SOD is missing or is something else, step 1 fails and nothing else is made."""
    files = {key: data for key, data in issue().chip.files.items() if key is not ChipFile.SOD}
    chip = ChipData({**files, **({ChipFile.SOD: sod} if sod is not None else {})})
    result = check_chip(chip, build_store(certificates=[("csca", issue().csca)], at=NOW), at=NOW)
    assert [step.verdict for step in result.steps] == [FAILED, *[NOT_MADE] * 11]


def test_a_security_object_of_another_kind_is_none() -> None:
    """Signed data of another content type is no EF.SOD, whatever it holds."""
    issued = issue()
    content = maker.security_object({1: maker.dg1(), 2: maker.dg2(maker.picture())})
    other = maker.signed_data(content, "2.23.136.1.1.9", [issued.signer], issued.signer, SIGNER)
    result = check(dataclasses.replace(issued, chip=ChipData({**issued.chip.files, ChipFile.SOD: tlv(0x77, other)})))
    assert result.steps[0].verdict is FAILED


@pytest.mark.parametrize("carried", [0, 2])
def test_the_signer_must_be_there_once(carried: int) -> None:
    """Without the Document Signer certificate step 2 fails; an unrelated one beside it does no harm."""
    issued = issue()
    content = maker.security_object({1: maker.dg1(), 2: maker.dg2(maker.picture())})
    inside = [issued.csca, issued.signer][:carried]
    sod = maker.signed_data(content, "2.23.136.1.1.1", inside, issued.signer, SIGNER)
    result = check(dataclasses.replace(issued, chip=ChipData({**issued.chip.files, ChipFile.SOD: tlv(0x77, sod)})))
    assert result.steps[1].holds is bool(carried)
    assert isinstance(result, ChipAuthentic) is bool(carried)


def test_a_signer_named_by_key_identifier_is_found() -> None:
    """EF.SOD may name its signer by subject key identifier instead of issuer and serial number (RFC 5652 5.3)."""
    assert isinstance(check(issue(cms_arguments={"by_key_id": True})), ChipAuthentic)


def test_groups_that_are_held_back_are_told() -> None:
    """A signed group that was not read is a finding, and so is an EF.COM that disagrees; fingers and irises are not."""
    groups = {1: maker.dg1(), 2: maker.dg2(maker.picture()), 3: b"c", 11: b"k", 14: b"n"}
    result = check(issue(groups=groups, withheld=[3, 11, 14], listed=[1, 2, 3, 11, 14]))
    assert isinstance(result, ChipAuthentic)
    assert result.steps[9].verdict is StepVerdict.FINDING
    assert result.steps[9].reason == "Signed, but not read: DG11, DG14."
    hidden = check(issue(groups=groups, withheld=[3, 11, 14], listed=[1, 2, 15]))
    assert hidden.steps[9].reason.endswith("EF.COM and EF.SOD disagree about DG3, DG11, DG14, DG15.")
    guarded = check(issue(groups={1: groups[1], 2: groups[2], 3: b"c"}, withheld=[3]))
    assert guarded.steps[9].verdict is StepVerdict.PASSED


def test_a_malformed_list_of_files_is_seen() -> None:
    """An EF.COM that cannot be read fails step 10; one that is not there is no fault, as nothing rests on it."""
    assert not_holding(check(bent(files={ChipFile.COM: b"\x60\x01\x5f"}))) == {10: FAILED}
    issued = issue()
    without = ChipData({key: data for key, data in issued.chip.files.items() if key is not ChipFile.COM})
    assert isinstance(check(dataclasses.replace(issued, chip=without)), ChipAuthentic)


def test_missing_revocation_is_unsafe_and_must_be_asked_for() -> None:
    """Without a revocation list a chip does not hold; asked to go without, step 8 is a finding and says so."""
    assert not_holding(check(issue(), crls=False)) == {8: NOT_MADE}
    result = check(issue(), crls=False, revocation_needed=False)
    assert isinstance(result, ChipAuthentic)
    assert result.steps[7].verdict is StepVerdict.FINDING
    assert "not known" in result.steps[7].reason


def test_the_time_is_the_callers() -> None:
    """The same chip holds today and does not when the certificates have ended: nothing reads a clock."""
    later = type(NOW)(NOW + 20 * 365 * 86_400_000)
    assert isinstance(check(issue()), ChipAuthentic)
    assert not_holding(check(issue(), at=later)) == {7: FAILED, 8: NOT_MADE}


def test_of_two_certificates_for_one_key_the_valid_one_counts() -> None:
    """A CSCA key may have an ended certificate beside a valid one; the order in the store does not matter."""
    issued = issue()
    ended = issue(csca_arguments={"last": TODAY - DAY, "serial": 2}).csca
    for both in ([ended, issued.csca], [issued.csca, ended]):
        store = build_store(certificates=[("a", one) for one in both], crls=[("crl", issued.crl)], at=NOW)
        assert isinstance(check_chip(issued.chip, store, at=NOW), ChipAuthentic)


def test_a_damaged_portrait_fails_the_last_step() -> None:
    """A signed DG2 whose image does not decode fails step 12: the chip holds, but there is no reference."""
    for image in (maker.picture()[:200], b"GIF89a", b"\xff\xd8\xff" + bytes(50)):
        result = check(issue(groups={1: maker.dg1(), 2: maker.dg2(image)}))
        assert isinstance(result, ChipNotAuthentic)
        assert [step.number for step in result.broken] == [12]


@pytest.mark.parametrize("vector", shared_files("vectors/emrtd/icao-39794-5-AP/DG2-Dataset/*.dat"))
def test_icaos_portrait_under_our_own_signature(vector: Path) -> None:
    """ICAO's DG2 data sets, signed by our own country, hold and give the specimen's 413 x 531 pixels."""
    result = check(issue(groups={1: maker.dg1(), 2: vector.read_bytes()}))
    assert isinstance(result, ChipAuthentic)
    assert result.portrait.frame.pixels.shape == (531, 413, 3)


@pytest.mark.parametrize("vector", shared_files("vectors/emrtd/EF_SOD.bin"))
def test_bsis_reference_data_set_step_by_step(vector: Path) -> None:
    """BSI's EF.SOD verifies by itself; its CSCA is not published, and its DG15 not signed on purpose: both are said."""
    anchor = (vector.parent / "gmrtd" / "cms" / "master_list" / "DE_ROOT_CA_CSCA07.cer").read_bytes()
    result = check_chip(read_folder(vector.parent), build_store(certificates=[("de", anchor)], at=NOW), at=NOW)
    failed = {step.number: step.reason for step in result.steps if step.verdict is FAILED}
    assert set(failed) == {5, 10}
    assert failed[10] == "On the chip, but not signed: DG15."
    assert [step.number for step in result.steps if step.holds] == [1, 2, 3, 4, 9]
