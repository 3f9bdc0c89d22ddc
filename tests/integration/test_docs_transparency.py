"""docs/transparency.md is executed: every command and the program in it, on a served site, as they stand."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from countenance.procedures.transparency.kinds import Kind
from countenance.terms import DAY_MS, Instant, Role
from fakes.command_line import countenance
from fakes.extractor import face
from fakes.http import announce, counter_at

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "transparency.md").read_text("utf-8")


def test_every_kind_is_explained() -> None:
    """Each kind of count has its line in the table."""
    assert [kind for kind in Kind if f"`{kind}`" not in PAGE] == []


def test_the_page_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Read, checked without our program, counted again, signed, accepted and verified: each step does what it says."""
    monkeypatch.chdir(tmp_path)
    with counter_at(tmp_path / "SITE") as counter:
        for _ in range(11):
            counter.capture(counter.opened(), face("ann", 1), face("ann", 2))
        for _ in range(4):
            counter.world.clock.advance(301)
            counter.service.tick()
        counter.world.clock.instant = Instant((counter.world.clock.now() // DAY_MS + 1) * DAY_MS + 3_700_000)
        counter.service.tick()
        announce(counter)
        Path("auditor.key").write_text(counter.world.created.api_keys[Role.AUDITOR])
        Path("log.pub").write_bytes(Path("SITE/keys/log.pub").read_bytes())
        for line in "".join(re.findall(r"(?ms)^```sh\n(.*?)^```", PAGE)).splitlines():
            words = shlex.split(line)
            if words[0] == "countenance":
                done = countenance(*words[1:])
                assert done.status == 0, (line, done.err)
            elif words[0] == "curl":
                Path(words[-1]).write_bytes(counter.client.get("/transparency").content)
            else:
                subprocess.run(words, check=True, capture_output=True)
            if words[:3] == ["countenance", "record", "export"]:
                counter.service.log.publish(counter.service.clock.now())
    (program,) = re.findall(r"(?ms)^```python\n(.*?)^```", PAGE)
    exec(compile(program, "transparency.md", "exec"), {})  # noqa: S102 - running it is the test
    assert capsys.readouterr().out == "told of 2026-12-01 - 11 events\n"
    assert "compared" in Path("transparency.html").read_text()
