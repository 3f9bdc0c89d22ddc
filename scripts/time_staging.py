"""Time staging a flight with the real networks: ``scripts/time_staging.py FOLDER [COUNT]``, one face a photograph.

Photographs that the pipeline refuses are left out, so that every traveller costs every network. Staging is timed beside
the networks alone, run for the same photographs after each was decoded, in as many processes at once as the site has:
three times, in turns, and the ratios' median counts, because other programs share these machines.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from countenance.bootstrap import Service, create_site, open_site
from countenance.bootstrap.allocator import keep_freed_memory, settle
from countenance.bootstrap.looking import networks_after_decoding
from countenance.bootstrap.profiles import render_charter, weights_name
from countenance.config import Settings, read_settings
from countenance.interfaces.trial import trial_values
from countenance.terms import Accepted, Actor, Instant, Role
from countenance.terms.staging import EventTerms, PortraitRow, SourcePortrait

ACTOR = Actor("supervisor:1", Role.SUPERVISOR, "")
ROUNDS = 3


class Networks:
    """The networks alone, in as many processes at once as a site has."""

    def __init__(self, settings: Settings, images: Sequence[bytes]) -> None:
        self._parts = [images[at :: settings.workers] for at in range(settings.workers)]
        context = multiprocessing.get_context("spawn")
        self._pools = [ProcessPoolExecutor(1, context, _begin, (settings, part)) for part in self._parts]

    def seconds(self) -> float:
        """Run them for every photograph and return their own seconds, mean over the processes."""
        spent = [pool.submit(_run) for pool in self._pools]
        return statistics.fmean(one.result() for one in spent)

    def close(self) -> None:
        """End the processes."""
        for pool in self._pools:
            pool.shutdown()


class _Process:
    run: Callable[[], float]


def _begin(settings: Settings, images: Sequence[bytes]) -> None:
    keep_freed_memory()
    _Process.run = staticmethod(networks_after_decoding(settings, images))


def _run() -> float:
    return _Process.run() / 1000


def manifest(flight: str, people: int) -> bytes:
    """Return a JSON manifest of so many people who leave in two hours."""
    leaves = (datetime.now(UTC) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    travellers = [
        {"surname": f"S{at}", "birth_date": "1985-04-12", "documents": [{"kind": "P", "number": f"X{at}"}]}
        for at in range(people)
    ]
    leg = {"flight": flight, "departure_port": "UTA", "departure_time": leaves, "arrival_port": "UTB"}
    return json.dumps({"carrier": "UT", "legs": [leg], "travellers": travellers}).encode()


def stage(service: Service, flight: str, images: Sequence[bytes]) -> tuple[float, float, int]:
    """Announce and stage one flight; return both times in seconds and how many were enrolled."""
    start = time.perf_counter()
    told = service.announcing.announce(flight, "gate-1", manifest(flight, len(images)), EventTerms(), ACTOR)
    announced = time.perf_counter() - start
    rows = [PortraitRow(number, SourcePortrait(images[number - 1], 1)) for number in told.wanted]
    start = time.perf_counter()
    staged = sum(one.verdict == "enrolled" for one in service.boarding.portray(flight, rows, ACTOR))
    return announced, time.perf_counter() - start, staged


def main() -> None:
    """Print how long announcing and staging took, and what the networks alone take, in the same minute."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int, nargs="?", default=420)
    asked = parser.parse_args()
    settings = read_settings(os.environ)
    now = Instant(time.time_ns() // 1_000_000)
    charter = render_charter("air-gate", weights=weights_name(settings), values=trial_values("air-gate", now))
    with tempfile.TemporaryDirectory() as folder:
        site = create_site(Path(folder) / "site", charters=[charter]).site
        with open_site(site.path, settings) as service:
            settle()
            found = [path.read_bytes() for path in sorted(asked.folder.rglob("*.jpg"))[::7]]
            seen = service.extractor.extract_many(found)
            usable = [one for one, given in zip(found, seen, strict=True) if isinstance(given, Accepted)]
            images = usable[: asked.count]
            networks = Networks(settings, images)
            networks.seconds()
            ratios = [_round(service, f"UT{at}", images, networks) for at in range(1, ROUNDS + 1)]
            networks.close()
    sys.stdout.write(f"staged in {statistics.median(ratios):.2f} times the networks' own time (median)\n")


def _round(service: Service, flight: str, images: Sequence[bytes], networks: Networks) -> float:
    announced, taken, staged = stage(service, flight, images)
    start = time.perf_counter()
    service.extractor.extract_many(images)
    extracted, own = time.perf_counter() - start, networks.seconds()
    sys.stdout.write(
        f"{len(images)} travellers, {staged} staged: announced in {announced:.2f} s, staged in {taken:.2f} s with "
        f"{service.settings.workers} workers ({taken / len(images) * 1000:.1f} ms each), {taken / own:.2f} times the "
        f"networks' own {own:.2f} s; extraction alone {extracted:.2f} s; load {os.getloadavg()[0]:.1f}\n"
    )
    return taken / own


if __name__ == "__main__":
    main()
