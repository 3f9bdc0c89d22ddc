"""``docs/land-lane.md`` with real networks: a synthetic chip with a real photograph, and what the page shows."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

import emrtd_maker as maker
from countenance.interfaces import schemas, schemas_documents
from countenance.terms import ChipFile
from fakes.chips import KEY, ZONE, issued, store_at
from fakes.command_line import countenance
from fakes.portraits import answer, serving_portraits
from fakes.served import real_site

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "land-lane.md").read_text("utf-8")
COMMANDS = re.findall(r"```bash\n(countenance .+?)\n```\n\n```text\n(.+?)\n```", PAGE, re.DOTALL)
BODIES = re.findall(r"`POST (/[a-z/]+)`[^`]*?(?:`[^`\n]+`[^`]*?)*:\n\n```json\n(.+?)\n```", PAGE, re.DOTALL)
MODELS: Mapping[str, type[schemas.Sent]] = {
    "/documents/zones": schemas_documents.ZoneSentBody,
    "/documents/chips": schemas_documents.ChipSentBody,
    "/encounters": schemas.OpenBody,
    "/verifications": schemas.VerificationBody,
}


def write_chip(folder: Path, files: Mapping[ChipFile, bytes]) -> None:
    """Write a chip's files as a reader does."""
    folder.mkdir()
    for file, data in files.items():
        (folder / f"{file.value}.bin").write_bytes(data)


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory, photos: Path) -> Path:
    """Lay out what the page speaks of: a site with the page's settings, a zone, a chip, a changed one, a photograph."""
    folder = tmp_path_factory.mktemp("lane")
    real_site(folder / "site")
    (settings,) = re.findall(r"```toml\n(.+?)```", PAGE, re.DOTALL)
    kept = [
        line
        for line in (folder / "site" / "site.toml").read_text("utf-8").splitlines()
        if not line.startswith(("portraits", "csca_store"))
    ]
    text = "\n".join([*kept, settings.replace("/srv/lane", str(folder))])
    (folder / "site" / "site.toml").write_text(text, "utf-8")
    (folder / "portraits").mkdir()
    store_at(folder / "csca")
    image = (photos / "person_b_1.jpg").read_bytes()
    files = issued(groups={1: maker.dg1(ZONE), 2: maker.dg2(image)}).chip.files
    write_chip(folder / "chip", files)
    write_chip(folder / "changed", {**files, ChipFile.DG2: maker.dg2((photos / "person_a_1.jpg").read_bytes())})
    (folder / "zone.txt").write_text(f"{ZONE[:44]}\n{ZONE[44:]}\n", "utf-8")
    shutil.copy(photos / "person_b_2.jpg", folder / "camera.jpg")
    return folder


@pytest.mark.parametrize("command, shown", COMMANDS, ids=["chip", "changed"])
def test_commands_answer_as_the_page_shows(lane: Path, command: str, shown: str) -> None:
    """Each command, with the real weights, prints what stands below it; the holder of the chip matches."""
    words = shlex.split(command.replace(" site ", f" {lane / 'site'} "))[1:]
    named = [str(lane / word) if (lane / word).exists() else word for word in words]
    done = countenance(*named)
    first, *more = shown.splitlines()
    assert done.out.startswith(first + "\n"), done.err
    assert [line for line in more if line not in done.out] == []


BOMB = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (60_000).to_bytes(4) * 2 + b"\x08\x02\0\0\0" + b"\0" * 60
"""The head of a picture of 3.6 thousand million points."""


@pytest.mark.parametrize("case", [
    ("person_b_1.jpg", "match"), ("person_a_1.jpg", "no_match"), (BOMB, "retry"), (b"<html>", "retry"),
], ids=["holder", "another", "bomb", "page"])  # fmt: skip
def test_a_service_with_a_private_authority_has_the_portrait(
    lane: Path, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: tuple[str | bytes, str]
) -> None:
    """The command asks it with the token and CA out of its environment; what is no photograph is refused as decoded."""
    sent, outcome = case
    shutil.copytree(lane / "site", tmp_path / "site")
    settings = tmp_path / "site" / "site.toml"
    with serving_portraits(tmp_path) as service:
        service.answer = answer(200, sent if isinstance(sent, bytes) else (photos / sent).read_bytes())
        text = settings.read_text("utf-8").replace(
            f'portraits = "{lane}/portraits"', f'portraits = "{service.address}"'
        )
        settings.write_text(text, "utf-8")
        monkeypatch.setenv("COUNTENANCE_PORTRAITS_TOKEN", service.token)
        monkeypatch.setenv("COUNTENANCE_PORTRAITS_CA", str(service.authority))
        done = countenance(
            "verify", tmp_path / "site", "--checkpoint", "lane-1", "--document", lane / "zone.txt", "--live",
            lane / "camera.jpg", "--age", "52", "--reference-years", "4", "--refusal-offered", "--json",
        )  # fmt: skip
    assert done.data["outcome"] == outcome, done.err
    assert service.asked == [f"/portraits/{KEY}"]
    assert service.token not in done.out + done.err


def test_the_bodies_are_what_the_service_takes() -> None:
    """Each JSON body of the page passes the schema of its address, and each address has one."""
    assert [address for address, _ in BODIES] == list(MODELS)
    for address, body in BODIES:
        MODELS[address].model_validate(json.loads(body))


def test_every_reason_is_told() -> None:
    """Each reason that a query can end with has its row."""
    source = (Path(schemas.__file__).parents[1] / "decision" / "decide.py").read_text("utf-8")
    reasons = set(re.findall(r'"((?:document|reference)\.[a-z_]+)"', source))
    assert len(reasons) == 6
    assert [reason for reason in reasons if f"| `{reason}` |" not in PAGE] == []
