"""What ``document check`` says, without a process around it."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

import emrtd_maker as maker
from countenance.errors import ConfigurationError
from countenance.interfaces.cli.document_check import check
from fakes.chips import ZONE

AT = "2026-06-01T12:00:00Z"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store for the specimen country, without a revocation list."""
    issued = maker.issue()
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "ut.cer").write_bytes(issued.csca)
    return tmp_path / "store"


def chip_file(folder: Path, issued: maker.Issued) -> Path:
    """Write a chip as a reader's JSON."""
    files = {file.value: base64.b64encode(data).decode() for file, data in issued.chip.files.items()}
    (folder / "chip.json").write_text(json.dumps({"files": files}))
    return folder / "chip.json"


def test_what_holds_and_what_does_not(tmp_path: Path, store: Path) -> None:
    """The status, the first line and the JSON agree, with findings and with failures."""
    chip = chip_file(tmp_path, maker.issue())
    said = check(chip, store, at=AT, without_revocation=True)
    assert (said.status, said.data["authentic"], said.data["issuing_state"]) == (0, True, "UTO")
    assert said.shown[0] == "AUTHENTIC: the portrait may serve as a reference. Look at what is marked !."
    assert said.shown[-1] == "Against 1 CSCA certificates."
    strict = check(chip, store, at=AT, without_revocation=False)
    assert (strict.status, strict.data["authentic"], "portrait" in strict.data) == (1, False, False)
    assert str(strict.shown[0]).startswith("NOT AUTHENTIC: step 8 ")


def test_an_expired_document_is_told(tmp_path: Path, store: Path) -> None:
    """Below the verdict of a chip that holds, and in JSON; before its last day has passed nothing is said."""
    line = "Expired since 2012-04-15, its last day."
    chip = chip_file(tmp_path, maker.issue())
    said = check(chip, store, at=AT, without_revocation=True)
    assert (said.shown[1], said.data["expired_since"], said.status) == (line, "2012-04-15", 0)
    broken = check(chip, store, at=AT, without_revocation=False)
    assert (line in broken.shown, broken.data["expired_since"]) == (False, "")
    fresh = maker.issue(groups={1: maker.dg1(ZONE), 2: maker.dg2(maker.picture())})
    later = check(chip_file(tmp_path, fresh), store, at=AT, without_revocation=True)
    assert (line in later.shown, later.data["expired_since"], later.data["authentic"]) == (False, "", True)


def test_the_time_is_now_unless_it_is_given(tmp_path: Path, store: Path) -> None:
    """Without a time the machine's counts; what is no time with a zone is refused."""
    chip = chip_file(tmp_path, maker.issue())
    assert len(check(chip, store, at=None, without_revocation=True).shown) == 4
    with pytest.raises(ConfigurationError, match="no time") as caught:
        check(chip, store, at="2026-06-01", without_revocation=True)
    assert caught.value.code == "cli.moment"
