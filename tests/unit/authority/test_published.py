"""A charter as JSON is the charter, valid by the published schema; two charters are compared by what people lose."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from jsonschema import Draft202012Validator

from countenance.authority import (
    compare_charters,
    notice_sha256,
    profiles,
    published,
    render_profile,
    schema,
)
from countenance.errors import CharterError
from fakes.papers import PROFILE_VALUES

LAND = render_profile("land-pedestrian", PROFILE_VALUES)


@pytest.mark.parametrize("name", profiles())
def test_the_published_record_is_the_file(name: str) -> None:
    """Each profile's record is valid by the published schema, bears its file's hash, and holds every field of it."""
    data = render_profile(name, PROFILE_VALUES)
    record = published(data)
    context, identity = record.pop("@context"), record.pop("@id")
    assert identity == f"urn:sha256:{sha256(data).hexdigest()}"
    assert [*Draft202012Validator(schema()).iter_errors(record)] == []
    assert record["controller"] == PROFILE_VALUES["controller"]
    assert set(context) - {"@vocab"} <= set(record) | set(record["statement"])


@pytest.mark.parametrize("name", profiles())
def test_every_profile_says_what_public_registers_ask(name: str) -> None:
    """People, data, sources, recipients, security, rights and risks are written out, not only named."""
    record = published(render_profile(name, PROFILE_VALUES))
    statement = record["statement"]
    for field in ("rationale", "storage", "notification", "access", "contesting", "oversight", "tool"):
        assert len(statement[field].split()) > 12, field
    for field in ("people", "data", "sources", "recipients", "security", "risks"):
        assert all(len(line.split()) > 3 for line in statement[field]), field


def changed(old: str, new: str) -> bytes:
    """Return the land charter with one text replaced wherever it stands."""
    text = LAND.decode()
    assert old in text
    return text.replace(old, new).encode()


def restated(text: str) -> bytes:
    """Return a charter's text with the hashes that its notices have now."""
    for language, block in re.findall(r"language: (\w\w)\n    sha256: \S+\n    text: \|\n((?:      .*\n|\n)+)", text):
        whole = "".join(line.removeprefix("      ") for line in block.splitlines(keepends=True)).rstrip("\n") + "\n"
        text = re.sub(rf"(language: {language}\n    sha256: )\S+", rf"\g<1>{notice_sha256(whole)}", text)
    return text.encode()


LOSSES = [
    (changed("may_refuse: true", "may_refuse: false"), "people of class 'citizen' may no longer refuse"),
    (changed('valid_until: "2027', 'valid_until: "2028'), "it holds longer"),
    (changed("forbidden_uses: [attendance, ", "forbidden_uses: ["), "the use 'attendance' is no longer forbidden"),
    (changed("attended: true", "attended: false"), "nobody attends any longer"),
    (changed("use: document-holder", "use: staff-access"),
     "faces are used for 'staff-access' (verify), no longer for 'document-holder' (verify)"),
]  # fmt: skip


@pytest.mark.parametrize("after, loss", LOSSES)
def test_what_people_lose_is_told_in_words(after: bytes, loss: str) -> None:
    """Each change that takes something from people has its sentence; going back takes nothing."""
    changes, losses = compare_charters(LAND, after)
    assert losses == (loss,)
    assert changes
    assert compare_charters(after, LAND)[1] == () or "faces are used" in loss


def test_longer_clocks_are_losses() -> None:
    """A longer clock is told; the notice has to change with it, or the later file is no charter."""
    longer = changed("12 hours", "13 hours").replace(b"12 horas", b"13 horas")
    with pytest.raises(CharterError) as caught:
        compare_charters(LAND, longer)
    assert caught.value.code == "charter.notice_hash"
    text = restated(longer.decode())
    assert compare_charters(LAND, text)[1] == ("personal is kept longer", "referred is kept longer")
    assert compare_charters(text, LAND)[1] == ()


def test_a_new_camera_is_a_loss() -> None:
    """A lane that had no camera and gets one is told."""
    before = changed("biometric: true", "biometric: false")
    assert compare_charters(before, LAND)[1] == ("a camera compares at 'lane-1'", "a camera compares at 'lane-2'")


def test_equal_files_do_not_differ() -> None:
    """The same file has no changes and takes nothing."""
    assert compare_charters(LAND, LAND) == ((), ())


def test_each_change_is_named_by_its_place() -> None:
    """A changed field is told with its path, before and after."""
    (change,), _ = compare_charters(LAND, changed("name: Pedestrian lane 2", "name: The second lane"))
    assert (change.field, change.before, change.after) == (
        "checkpoints[1].name",
        "Pedestrian lane 2",
        "The second lane",
    )
