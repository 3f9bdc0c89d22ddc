"""``countenance charter …`` from the first draft to the printed notice, as a privacy officer types it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.command_line import countenance

GIVEN = {
    "charter_id": "north-bridge", "legal_basis": "8 CFR 235.1 (test)", "controller": "Test controller, 1 Test Street",
    "contact": "privacy@example.invalid", "place": "North bridge", "public_page": "https://example.invalid/bridge",
    "system_manager": "A manager", "data_protection_officer": "An officer", "special_category_ground": "A ground",
    "impact_assessments": "An assessment", "registration": "A number", "review_reference": "TEST-1",
    "review_signed_on": "2026-11-20", "review_privacy": "An officer", "review_civil_rights": "nobody",
    "review_technology": "nobody", "valid_from": "2026-01-01T00:00:00Z", "valid_until": "2090-01-01T00:00:00Z",
}  # fmt: skip


def given(**values: str) -> list[str]:
    """Return ``--set`` for each value."""
    return [part for key, value in {**GIVEN, **values}.items() for part in ("--set", f"{key}={value}")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder with a site and a drafted charter."""
    folder = tmp_path_factory.mktemp("charters")
    assert countenance("init", folder / "site", "--profile", "land-pedestrian").status == 0
    done = countenance("charter", "new", "land-pedestrian", "--out", folder / "draft.yaml", *given())
    assert done.status == 0, done.err
    return folder


def test_a_draft_tells_what_is_left(folder: Path) -> None:
    """Without values a draft is marked and refused; with all of them it is a charter. Nothing is overwritten."""
    done = countenance("charter", "new", "air-gate", "--out", folder / "empty.yaml", "--json")
    assert done.data["to_fill_in"] > 10
    checked = countenance("charter", "check", folder / "empty.yaml")
    assert f"filled in ({done.data['to_fill_in']})" in checked.err
    assert (checked.status, "charter.not_filled_in" in checked.err) == (3, True)
    assert countenance("charter", "check", folder / "draft.yaml").status == 0
    assert countenance("charter", "new", "air-gate", "--out", folder / "empty.yaml").status != 0


def test_what_keeps_a_charter_from_starting_is_told(folder: Path) -> None:
    """A venue's charter with open conditions is valid, does not start, and an open condition is told in words."""
    target = folder / "venue.yaml"
    assert countenance("charter", "new", "venue-exclusion", "--out", target, *given()).status == 0
    checked = countenance("charter", "check", target)
    assert checked.status == 1
    assert "approved by the Commissioner" in checked.out


def test_a_charter_is_signed_published_and_explained(folder: Path) -> None:
    """Signed with a higher version it replaces the first, is published with what proves it, and explains itself."""
    site, draft = folder / "site", folder / "signed.yaml"
    text = (folder / "draft.yaml").read_text("utf-8").replace("lane-1", "lane-3").replace("lane-2", "lane-4")
    draft.write_text(text, "utf-8")
    signed = countenance("charter", "sign", site, draft, "--json")
    assert signed.status == 0, signed.err
    asked = countenance("charter", "explain", site, "--as", "operator:17", "--action", "identify", "--at", "lane-3",
                        "--on", "2026-12-26", "--person-class", "citizen")  # fmt: skip
    assert asked.status == 1
    assert re.search(r"✗ +charter/mode", asked.out)
    assert re.search(r"✓ +builtin/operator-identify", asked.out)
    assert "may refuse, and are told so" in asked.out
    early = ("--as", "operator:17", "--action", "verify", "--at", "lane-3", "--on", "2025-12-26")
    asked = countenance("charter", "explain", site, *early)
    assert (asked.status, "as if it held" in " ".join(asked.out.split())) == (1, True)
    assert countenance("charter", "explain", site, *early, "--charter", folder / "draft.yaml").status == 1
    supposed = countenance("charter", "explain", site, *early, "--charter", draft)
    assert (supposed.status, "charter/as-if" in supposed.out) == (0, True)
    out = folder / "public"
    published = countenance("charter", "publish", site, "--out", out, "--json")
    assert published.status == 0, published.err
    assert {path.name for path in out.iterdir()} == set(published.data["files"])
    assert (
        json.loads((out / "north-bridge-v1.json").read_text("utf-8"))["@id"] == f"urn:sha256:{signed.data['charter']}"
    )
    assert "North bridge" in (out / "north-bridge-v1.html").read_text("utf-8")
    assert (out / "north-bridge-v1-lane-3.pdf").read_bytes().startswith(b"%PDF-")
    assert countenance("charter", "publish", site, "--out", out).status == 4


def test_openssl_checks_a_charters_signature(folder: Path) -> None:
    """Nothing of ours is needed to see that the site signed exactly this file."""
    file = folder / "site" / "charters" / "land-pedestrian.yaml"
    message = folder / "message"
    message.write_bytes(b"countenance/charter/v2\n" + file.read_bytes())
    checked = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", folder / "site" / "keys" / "charter.pub", "-rawin",
         "-in", message, "-sigfile", f"{file}.sig"], check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert "Verified Successfully" in checked.stdout


def test_differences_begin_with_what_people_lose(folder: Path) -> None:
    """Longer clocks and lost rights come first; the same file has none, and status 0."""
    before, after = folder / "draft.yaml", folder / "harsher.yaml"
    text = (
        before.read_text("utf-8").replace("version: 1", "version: 2").replace("referred: 12 hours", "referred: 14 days")
    )
    text = (
        text.replace("12 hours", "14 days")
        .replace("12 horas", "14 días")
        .replace("may_refuse: true", "may_refuse: false")
    )
    after.write_text(text, "utf-8")
    for _ in range(2):
        told = countenance("charter", "check", after).err
        found = re.search(r"sha256: ([0-9a-f]{64})", told)
        if found is not None:
            language = "en" if "(en)" in told else "es"
            text = re.sub(rf'(language: {language}\n +sha256: )"?[0-9a-f]+"?', rf"\g<1>{found[1]}", text)
            after.write_text(text, "utf-8")
    done = countenance("charter", "diff", before, after)
    assert done.status == 1, done.err
    assert "TAKES FROM PEOPLE: referred is kept longer." in done.out
    assert "TAKES FROM PEOPLE: people of class 'citizen' may no longer refuse." in done.out
    assert done.out.index("TAKES FROM PEOPLE") < done.out.index("retention.referred")
    assert countenance("charter", "diff", before, before).status == 0


def test_a_look_and_a_policy_are_noted(folder: Path) -> None:
    """Somebody saw the sign, with a photograph; a policy that forbids is signed, one that permits is not."""
    site, photo = folder / "site", folder / "sign.jpg"
    photo.write_bytes(b"a photograph of the sign")
    done = countenance(
        "charter", "placed", site, "--checkpoint", "lane-1", "--by", "supervisor:2", "--photo", photo, "--json"
    )
    assert done.status == 0, done.err
    assert len(done.data["photograph"]) == 64
    policy = folder / "night.cedar"
    rule = '@id("site/x") @because("Closed for works.") {} (principal, action, resource == Checkpoint::"lane-2");\n'
    policy.write_text(rule.format("permit"))
    assert countenance("charter", "forbid", site, policy).status == 4
    policy.write_text(rule.format("forbid"))
    assert countenance("charter", "forbid", site, policy).status == 0
    asked = countenance("charter", "explain", site, "--as", "operator:1", "--action", "verify", "--at", "lane-2")
    assert (asked.status, "Closed for works." in asked.out) == (1, True)
    assert countenance("charter", "withdraw", site, "night.cedar", "--reason", "works are over").status == 0
    asked = countenance("charter", "explain", site, "--as", "operator:1", "--action", "verify", "--at", "lane-2")
    assert "Closed for works." not in asked.out


def test_a_poster_is_printed(folder: Path) -> None:
    """The notice of a checkpoint becomes a PDF; a checkpoint that is not there has none."""
    out = folder / "sign.pdf"
    assert countenance("charter", "poster", folder / "draft.yaml", "--checkpoint", "lane-1", "--out", out).status == 0
    assert out.read_bytes().startswith(b"%PDF-")
    assert countenance("charter", "poster", folder / "draft.yaml", "--checkpoint", "lane-9", "--out", out).status == 3


@pytest.mark.parametrize("option, value", [("--as", "nobody:1"), ("--action", "fly"), ("--on", "someday")])
def test_a_question_that_cannot_be_read_is_told(folder: Path, option: str, value: str) -> None:
    """A role, action or day that nobody knows is a fault of the command line, with what may stand there."""
    asked = {"--as": "operator:1", "--action": "verify", "--on": "2026-12-26", option: value}
    done = countenance("charter", "explain", folder / "site", *(part for pair in asked.items() for part in pair))
    assert (done.status, value in done.err) == (2, True)
