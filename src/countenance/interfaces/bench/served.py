"""A real served site in its own processes: a gallery of an airport's size, two lanes at once, memory, time to ready."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from countenance.bootstrap import create_site
from countenance.bootstrap.looking import check_charter, fill_gallery
from countenance.bootstrap.profiles import render_charter, weights_name
from countenance.config import Settings
from countenance.errors import SiteError
from countenance.interfaces.bench.machine import pss_mb
from countenance.interfaces.bench.search import AIRPORT, unit_rows
from countenance.interfaces.bench.timing import percentile
from countenance.interfaces.client import Client, served
from countenance.interfaces.trial import DAY_MS, trial_values
from countenance.site import Site
from countenance.terms import Eligibility, GalleryInfo, Instant, Mode, OpenRequest, Outcome, Reference, Reply, Template

LANES = ("lane-1", "lane-2")
GATE = "gate-1"
GALLERY = "bench"
_START_TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class Crossing:
    """One verification over HTTP as its client saw it: from complete photographs to the decision (CBP-4)."""

    opening_ms: float
    """The encounter's opening, which happens before the camera and is not part of ``total_ms``."""
    total_ms: float
    overhead_ms: float
    outcome: Outcome


def measure(
    folder: Path, settings: Settings, images: Sequence[bytes], mated: tuple[int, int], *, references: int = AIRPORT,
    crossings: int = 300,
) -> Mapping[str, float]:  # fmt: skip
    """Return the figures of a served site made in ``folder``: ``crossings`` verifications over two lanes at once."""
    site = prepare(folder, settings, references)
    with serving(site) as (process, ready_s):
        warm = many(site, LANES[0], images, mated, 5)
        rounds = max(1, crossings // len(LANES))
        with ThreadPoolExecutor(len(LANES)) as lanes:
            runs = list(lanes.map(lambda lane: many(site, lane, images, mated, rounds), LANES))
        memory = pss_mb(process.pid)
    done = [one for run in runs for one in run]
    unmatched = [one.outcome for one in (*warm, *done) if one.outcome is not Outcome.MATCH]
    if unmatched:
        raise SiteError("bench.unmatched", f"{len(unmatched)} verifications did not match ({unmatched[0]}).",
                        remedy="Run 'countenance demo' to see what is wrong.")  # fmt: skip
    totals = [one.total_ms for one in done]
    return {
        "http.p50_ms": percentile(totals, 0.50),
        "http.p95_ms": percentile(totals, 0.95),
        "http.p99_ms": percentile(totals, 0.99),
        "http.overhead_p95_ms": percentile([one.overhead_ms for one in done], 0.95),
        "http.opening_p95_ms": percentile([one.opening_ms for one in done], 0.95),
        "memory.pss_mb": memory,
        "ready_s": ready_s,
    }


def prepare(folder: Path, settings: Settings, references: int) -> Site:
    """Make a site with a lane and a gate whose gallery holds ``references`` random templates."""
    weights = weights_name(settings)
    now = Instant(time.time_ns() // 1_000_000)
    charters = [
        render_charter(profile, weights=weights, values=trial_values(profile, now))
        for profile in ("land-pedestrian", "air-gate")
    ]
    site = create_site(folder, charters=charters).site
    charter = check_charter(charters[1]).sha256
    info = GalleryInfo(GALLERY, GATE, charter, weights, open=True, size=0, searches=0, opened_at=now)
    rows = enumerate(unit_rows(np.random.default_rng(19795), references))
    filled = (Reference(f"reference-{at}", f"person-{at}", Template(row, weights)) for at, row in rows)
    fill_gallery(folder, info, filled, expires_at=Instant(now + DAY_MS))
    return site


@contextmanager
def serving(site: Site) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """Serve ``site`` in its own processes; yield the service's process and the seconds until it was ready.

    Raises:
        SiteError: ``bench.not_ready``.
    """
    start = time.perf_counter()
    command = [sys.executable, "-m", "countenance", "serve", str(site.path), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
    try:
        while not is_ready(site):
            if process.poll() is not None or time.perf_counter() - start > _START_TIMEOUT_S:
                raise SiteError("bench.not_ready", "The site that is measured did not get ready.",
                                remedy="Read its message above.")  # fmt: skip
            time.sleep(0.01)
        yield process, time.perf_counter() - start
    finally:
        process.terminate()
        process.wait()


def is_ready(site: Site) -> bool:
    """Return whether ``/health/ready`` answers 200 where the site says it is served."""
    try:
        address = urlsplit(str(json.loads(site.run_info.read_text("utf-8"))["address"]))
        with closing(HTTPConnection(address.hostname or "", address.port, timeout=5)) as connection:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == HTTPStatus.OK
    except (OSError, ValueError):
        return False


def many(site: Site, lane: str, images: Sequence[bytes], mated: tuple[int, int], rounds: int) -> list[Crossing]:
    """Let ``rounds`` people cross one lane, one after the other, over one connection."""
    with served(site, (site.keys / "cli.key").read_text("utf-8").strip()) as client:
        return [cross_with(client, lane, images, mated) for _ in range(rounds)]


def cross_with(client: Client, lane: str, images: Sequence[bytes], mated: tuple[int, int]) -> Crossing:
    """Open an encounter and send two photographs of one person; return what it took."""
    request = OpenRequest(lane, Eligibility("citizen", 30, 5, refusal_offered=True), "", "traveller")
    start = time.perf_counter()
    opened = client.open_encounter(request)
    if isinstance(opened, Reply):
        return Crossing(0.0, 0.0, 0.0, opened.outcome)
    before = time.perf_counter()
    reply = client.answer(Mode.VERIFY, opened.token, 1, images[mated[0]], images[mated[1]])
    total = (time.perf_counter() - before) * 1000
    return Crossing((before - start) * 1000, total, total - taken_off(reply), reply.outcome)


def taken_off(reply: Reply) -> float:
    """Return milliseconds of the extraction stage: decoding, inference, and waiting for a busy inference process."""
    return sum(item.millis for item in reply.millis if item.stage == "extract")
