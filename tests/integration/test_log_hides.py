"""The public log shows no outcome, person or lane, not how many came below the padding, and not when (invariant 10)."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from countenance.audit import Web, audit
from countenance.audit.content import split
from countenance.bootstrap import Service
from fakes.extractor import face
from fakes.http import counter_at
from fakes.web import static
from fakes.world import OPERATOR, SUPERVISOR, World, opened, submission

Files = dict[str, tuple[int, int]]
BATCHES = 3
LANES = ("lane-1", "lane-2")


def nobody(_: Service, __: int) -> None:
    """Let nobody come."""


def matches(service: Service, batch: int) -> None:
    """Let nine people pass at one lane."""
    for number in range(9 + batch):
        token = opened(service, claim=f"traveller-{number}").token
        service.crossing.verify(submission(service, token, face("ann", 1), face("ann", 2)), OPERATOR)


def mismatches(service: Service, batch: int) -> None:
    """Let two people be stopped at the other lane, and others refuse."""
    for number in range(2):
        answer = opened(service, "lane-2", claim=f"suspect-{batch}-{number}")
        service.crossing.verify(submission(service, answer.token, face("ann"), face("bob")), OPERATOR)
    for _ in range(batch):
        service.crossing.opt_out(opened(service, "lane-2").token, OPERATOR)
    service.desk.waiting(SUPERVISOR)


def files(log: Path) -> Files:
    """Return every file of a log with its size and when it was written."""
    found = (path for path in sorted(log.rglob("*")) if path.is_file())
    return {path.relative_to(log).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns) for path in found}


def played(folder: Path, people: object) -> tuple[Path, list[list[str]]]:
    """Run a site for some batches; return its log, and which files each batch touched."""
    world, touched = World.at(folder / "site"), list[list[str]]()
    log = world.path / "log"
    with world.open() as service:
        service.tick()
        for batch in range(BATCHES):
            before = files(log)
            people(service, batch)  # type: ignore[operator]  # one of the three above
            for _ in range(4):
                world.clock.advance(60)
                service.tick()
            assert files(log) == before, "something was written between batches"
            world.clock.advance(61)
            service.tick()
            touched.append([name for name, stat in files(log).items() if before.get(name) != stat])
        shown = {name: size for name, (size, _) in files(log).items()}
        assert shown
    return log, touched


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, list[list[str]]]]:
    """Return the logs of three sites that did very different things at the same times."""
    folder = tmp_path_factory.mktemp("logs")
    return {one.__name__: played(folder / one.__name__, one) for one in (nobody, matches, mismatches)}


def test_whatever_happened_the_files_are_the_same(logs: dict[str, tuple[Path, list[list[str]]]]) -> None:
    """Nobody, twenty-nine matches, or mismatches and refusals: the same files of the same sizes at the same batches."""
    shown = {
        name: ({path: size for path, (size, _) in files(log).items()}, touched) for name, (log, touched) in logs.items()
    }
    assert shown["nobody"] == shown["matches"] == shown["mismatches"]
    assert all("checkpoint" in batch for batch in shown["nobody"][1])


def test_nothing_in_the_bytes_tells_one_from_another(logs: dict[str, tuple[Path, list[list[str]]]]) -> None:
    """Entries are sorted in each batch, none is there twice, and their bytes are spread as random ones are."""
    for log, _ in logs.values():
        entries = [path.read_bytes() for path in sorted((log / "tile/entries").rglob("*")) if path.is_file()]
        leaves = split(b"".join(max(entries, key=len)[at + 2 : at + 34] for at in range(0, max(map(len, entries)), 34)))
        assert len(set(leaves)) == len(leaves)
        for start in range(0, len(leaves), 64):
            batch = leaves[start : start + 64]
            assert all(one < other for one, other in pairwise(batch))
        counts = Counter(b"".join(leaves))
        expected = len(leaves) * 32 / 256
        chi2 = sum((counts[byte] - expected) ** 2 / expected for byte in range(256))
        assert 150 < chi2 < 400, chi2  # 255 degrees of freedom: beyond this once in some millions of runs


def test_nothing_that_was_said_or_shown_is_in_the_log(logs: dict[str, tuple[Path, list[list[str]]]]) -> None:
    """No pseudonym, outcome, lane, charter, policy, operator or time stands in any file."""
    words = ("traveller", "suspect", "match", "opted", "lane-", "operator", "land-test", "2026-", "refer", "policy")
    for log, _ in logs.values():
        for path in (path for path in log.rglob("*") if path.is_file()):
            data = path.read_bytes().lower()
            assert not [word for word in words if word.encode() in data], path


def test_files_of_a_batch_are_written_when_it_is_published(logs: dict[str, tuple[Path, list[list[str]]]]) -> None:
    """Every file of a batch bears the time of publication; none bears that of an event before it."""
    for log, touched in logs.values():
        written = files(log)
        times = [[written[name][1] for name in batch if name in written and name != "checkpoint"] for batch in touched]
        for earlier, later in pairwise(filter(None, times)):
            assert max(earlier) < min(later)
            assert max(later) - min(later) < 5_000_000_000


def test_the_folder_is_the_public_log(logs: dict[str, tuple[Path, list[list[str]]]]) -> None:
    """Any static web server over log/ is the public log: an audit of its address finds nothing wrong."""
    log, _ = logs["mismatches"]
    vkey = (log.parent / "keys" / "log.pub").read_text("utf-8")
    with static(log) as url:
        web = Web.at(url)
        findings = audit(web, vkey, now_ms=0)
        web.close()
    assert findings.ok, findings.faults
    assert findings.counts.entries >= 64 * (BATCHES + 1)


def test_our_own_service_serves_it_too(tmp_path: Path) -> None:
    """What the service serves below /log is the same log, without a key."""
    with counter_at(tmp_path / "site") as counter:
        counter.capture(counter.opened(), face("ann", 1), face("ann", 2))
        counter.world.clock.advance(301)
        counter.service.tick()
        web = Web.at(str(counter.client.base_url.join("/log")))
        vkey = (counter.world.path / "keys" / "log.pub").read_text("utf-8")
        findings = audit(web, vkey, now_ms=int(counter.world.clock.instant))
        web.close()
    assert findings.ok, findings.faults
