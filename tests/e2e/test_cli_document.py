"""``document check`` and its page, on a chip of our own: as an integrator would try them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import emrtd_maker as maker
from countenance.documents import STEPS
from fakes.command_line import Done, countenance

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "documents-chip.md").read_text("utf-8")
AT = ("--at", "2026-06-01T12:00:00Z")


def lay_out(folder: Path, issued: maker.Issued) -> None:
    """Write a chip and a store below a folder."""
    for name in ("chip", "store"):
        (folder / name).mkdir()
    for file, data in issued.chip.files.items():
        (folder / "chip" / f"{file.value}.bin").write_bytes(data)
    (folder / "store" / "ut.cer").write_bytes(issued.csca)
    (folder / "store" / "ut.crl").write_bytes(issued.crl)


def check(folder: Path, *options: str) -> Done:
    """Run ``document check`` over what was laid out."""
    return countenance("document", "check", folder / "chip", "--csca", folder / "store", *options)


def test_an_authentic_chip_is_status_0(tmp_path: Path) -> None:
    """Every step stands there with its mark and clause, and nothing about the person."""
    lay_out(tmp_path, maker.issue())
    done = check(tmp_path, *AT)
    assert (done.status, done.err) == (0, "")
    assert done.out.count("✓") == 12
    assert all(step.clause.split(",")[0] in done.out for step in STEPS)
    assert "ERIKSSON" not in done.out


def test_a_swapped_portrait_is_status_1(tmp_path: Path) -> None:
    """The step that failed is named first, in the table and in JSON."""
    lay_out(tmp_path, maker.issue())
    (tmp_path / "chip" / "DG2.bin").write_bytes(maker.dg2(maker.picture(width=90)))
    done = check(tmp_path, *AT)
    assert done.status == 1
    assert done.out.startswith("NOT AUTHENTIC: step 9 ")
    data = check(tmp_path, *AT, "--json").data
    assert (data["authentic"], data["steps"][8]["verdict"], "portrait" in data) == (False, "failed", False)


def test_findings_are_pointed_at(tmp_path: Path) -> None:
    """Without revocation lists a chip passes only when that was asked for by name, and the table says so."""
    lay_out(tmp_path, maker.issue())
    (tmp_path / "store" / "ut.crl").unlink()
    assert check(tmp_path, *AT).status == 1
    done = check(tmp_path, *AT, "--unsafe-without-revocation")
    assert done.status == 0
    assert "Look at what is marked !." in done.out
    data = check(tmp_path, *AT, "--unsafe-without-revocation", "--json").data
    assert data["portrait"]["width"] == 96
    assert data["store"] == {"certificates": 1, "left_out": []}


@pytest.mark.parametrize("options, code", [(("--at", "yesterday"), "cli.moment"), (AT, "chip.csca_folder")])
def test_what_cannot_be_used_is_status_4(tmp_path: Path, options: tuple[str, ...], code: str) -> None:
    """A time that is none, and a store without a certificate, are said with their code."""
    lay_out(tmp_path, maker.issue())
    (tmp_path / "store" / "ut.cer").unlink()
    done = check(tmp_path, *options)
    assert done.status == 4
    assert code in done.err


def test_the_pages_command_says_what_the_page_shows(tmp_path: Path) -> None:
    """The page's command runs as it stands and begins as the page says."""
    lay_out(tmp_path, maker.issue())
    (command,) = re.findall(r"(?ms)^```bash\ncountenance (.*?)^```", PAGE)
    (shown,) = re.findall(r"(?ms)^```text\n(.*?)^```", PAGE)
    words = [str(tmp_path / word) if word in {"chip", "store"} else word for word in command.split()]
    assert countenance(*words).out.startswith(shown)


def test_the_pages_python_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page's Python examples run one after the other, and print what an authentic chip gives."""
    lay_out(tmp_path, maker.issue())
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"(?ms)^```python\n(.*?)^```", PAGE)
    assert len(examples) == 3
    exec(compile("\n".join(examples), "documents-chip.md", "exec"), {})  # noqa: S102 - running it is the test
    out = capsys.readouterr().out
    assert "UTO (128, 96, 3)" in out
    assert "1 certificates, 0 left out, 1 revocation lists" in out


def test_the_pages_table_is_the_steps() -> None:
    """The page lists the steps as the code has them."""
    rows = "".join(f"| {step.number} | {step.name} | {step.clause} |\n" for step in STEPS)
    assert f"|---|---|---|\n{rows}<!-- steps:end -->" in PAGE
