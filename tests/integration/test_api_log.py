"""The public log over HTTP: what an outsider needs to check a receipt, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from countenance.audit import audit
from countenance.terms import Role
from fakes.extractor import face
from fakes.http import Counter, assert_problem, counter_at


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """Stand at the counter of a site whose log has a batch."""
    with counter_at(tmp_path_factory.mktemp("log") / "site") as counter:
        receipt_of(counter)
        publish(counter)
        yield counter


def receipt_of(counter: Counter) -> dict[str, str]:
    """Let a person cross; return the receipt."""
    return dict(counter.capture(counter.opened(), face("ann", 1), face("ann", 2)).json()["receipt"])


def publish(counter: Counter) -> None:
    """Let the log's batch come due, as time does."""
    counter.world.clock.advance(301)
    counter.service.tick()


def test_a_receipt_is_proved_after_its_batch(counter: Counter, tmp_path: Path) -> None:
    """Before the batch the proof is pending; after it, the receipt is in a log that the offline audit accepts."""
    receipt = receipt_of(counter)
    path = f"/log/proof/{receipt['commitment']}"
    assert_problem(counter.client.get(path), 404, "log.pending")
    publish(counter)
    proof = counter.client.get(path).json()
    assert proof["commitment"] == receipt["commitment"]
    assert proof["tree_head"]["note"] == counter.client.get("/log/checkpoint").text
    assert len(proof["path"]) >= 6
    mirror = fetched(counter, tmp_path / "mirror")
    key = (counter.world.path / "keys" / "log.pub").read_text().strip()
    findings = audit(
        mirror, key, bodies=None, receipts=[json.dumps(receipt).encode()], now_ms=int(counter.world.clock.instant)
    )
    assert not findings.faults, findings.faults


def fetched(counter: Counter, folder: Path) -> Path:
    """Copy the log through HTTP, file by file, as an outsider would."""
    source = counter.world.path / "log"
    for file in (path for path in source.rglob("*") if path.is_file()):
        name = file.relative_to(source).as_posix()
        response = counter.client.get(f"/log/{name}")
        assert response.status_code == 200, name
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(response.content)
    return folder


def test_tiles_never_change_and_say_so(counter: Counter) -> None:
    """Tiles may be kept for ever, as bytes of no other type; the tree head must be asked for again."""
    receipt_of(counter)
    publish(counter)
    size = counter.client.get("/log/tree-head").json()["size"]
    name = "0/000" if size >= 256 else f"0/000.p/{size}"
    response = counter.client.get(f"/log/tile/{name}")
    assert "immutable" in response.headers["cache-control"]
    assert response.headers["content-type"] == "application/octet-stream"
    assert len(response.content) == min(size, 256) * 32
    assert counter.client.get("/log/tree-head").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "name",
    ["..", "%2e%2e/checkpoint", "entries/%2e%2e/%2e%2e/checkpoint", "../../keys/log.key", "%2e%2e/%2e%2e/keys/log.key",
     "0/..%2f..%2f..%2fkeys%2flog.key", "0/%2e%2e/000", "/etc/passwd", "0/000%00", "0/000/", "64/000", "00/000",
     "0/0000", "0/000.p/0", "0/000.p/256x", "0/x000", "", "entries/../0/000", "0\\000", "0/000.p/../000"],
)  # fmt: skip
def test_no_other_file_is_served(counter: Counter, name: str) -> None:
    """Whatever is not a tile's name (C2SP tlog-tiles) is 404, however it is written."""
    with closing(HTTPConnection(counter.client.base_url.host, counter.client.base_url.port or 0)) as connection:
        connection.request("GET", f"/log/tile/{name}")
        response = connection.getresponse()
        code = json.loads(response.read())["code"]
    assert response.status == 404
    assert code in {"log.no_such_file", "request.no_such_address"}


def test_no_link_leads_out_of_the_log(counter: Counter) -> None:
    """A name that looks like a tile but is a link or a folder below the log is not followed."""
    folder = counter.world.path / "log" / "tile" / "9"
    folder.mkdir()
    (folder / "000").symlink_to(counter.world.path / "keys" / "log.key")
    (folder / "001").mkdir()
    for name in ("9/000", "9/001"):
        assert_problem(counter.client.get(f"/log/tile/{name}"), 404, "log.no_such_file")


@pytest.mark.parametrize("commitment", ["0" * 63, "0" * 65, "g" * 64, "A" * 64])
def test_a_commitment_is_64_hex_digits(counter: Counter, commitment: str) -> None:
    """Anything else is told what a commitment looks like."""
    problem = assert_problem(counter.client.get(f"/log/proof/{commitment}"), 422, "request.invalid")
    assert problem["errors"][0]["field"] == "path/commitment"


def test_an_unknown_commitment_has_no_proof(counter: Counter) -> None:
    """A commitment that was never recorded is 404, told apart from one that is pending."""
    assert_problem(counter.client.get(f"/log/proof/{'0' * 64}"), 404, "log.unknown_commitment")


def test_the_logs_key_does_not_come_from_the_log(counter: Counter) -> None:
    """No address serves the public key: who checks the log must have it from elsewhere."""
    vkey = (counter.world.path / "keys" / "log.pub").read_text().strip()
    assert_problem(counter.client.get("/log/key"), 404, "request.no_such_address")
    for path in ("/log/checkpoint", "/log/tree-head", "/charters", "/openapi.json"):
        assert vkey not in counter.get(path, Role.AUDITOR).text
