"""docs/documents.md is executed: its commands for curl, in order, against a served site."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

from countenance.terms import Role
from fakes.extractor import face
from fakes.flights import manifest
from fakes.http import counter_of, text
from fakes.world import World, portraits_at

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "documents.md").read_text("utf-8")
COMMANDS = "".join(re.findall(r"(?ms)^```sh\n(.*?)^```", PAGE)).splitlines()


def test_the_commands_stage_a_flight_and_end_it(tmp_path: Path) -> None:
    """Looked at, announced, portrayed, shown, closed, and the stream's last word is that: each as it stands there."""
    lines = [
        {"number": number, "image": text(face(name)), "reference_years": 3} for number, name in ((1, "a"), (2, "b"))
    ]
    files = {
        "flight.json": manifest(("a", "b")),
        "portraits.ndjson": "".join(json.dumps(line) + "\n" for line in lines).encode(),
    }
    answers: list[str] = []
    (tmp_path / "portraits").mkdir()
    world = World.at(tmp_path / "site")
    portraits_at(world, tmp_path / "portraits")
    with counter_of(world) as counter:
        for command in COMMANDS:
            assert command.startswith('curl --header "Authorization: Bearer $KEY" ')
            *options, address = shlex.split(command)[3:]
            path = address.removeprefix("$ADDRESS")
            body = files[options[1].lstrip("@")] if options[:1] in (["--data-binary"], ["--upload-file"]) else None
            method = {"--data-binary": "POST", "--upload-file": "PUT", "--request": "POST"}.get(
                "".join(options[:1]), "GET"
            )
            answer = counter.client.request(method, path, content=body, headers=counter.key(Role.SUPERVISOR))
            assert answer.status_code == 200, answer.text
            answers.append(answer.text)
    looked, announced, portrayed, filled, shown, closed, events = answers
    assert json.loads(looked)["people"]["passenger"] == 2
    assert json.loads(announced)["wanted"] == [1, 2]
    assert json.loads(portrayed.splitlines()[-1])["summary"]["enrolled"] == 2
    assert json.loads(filled.splitlines()[0])["announced"]["wanted"] == []
    assert [one["state"] for one in json.loads(shown)["travellers"]] == ["staged", "staged"]
    assert "receipt" in json.loads(closed)
    assert events.startswith("id: 1\nevent: closed\n")
