"""Time staging a flight with the real networks: ``scripts/time_staging.py FOLDER [COUNT]``, one face a photograph."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from countenance.bootstrap import create_site, open_site
from countenance.bootstrap.looking import networks_after_decoding
from countenance.bootstrap.profiles import render_charter, weights_name
from countenance.config import read_settings
from countenance.interfaces.trial import trial_values
from countenance.terms import Actor, Instant, Role
from countenance.terms.staging import EventTerms, PortraitRow, SourcePortrait

ACTOR = Actor("supervisor:1", Role.SUPERVISOR, "")


def main() -> None:
    """Print how long announcing and staging took, and what the networks alone take for these, shared by the workers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int, nargs="?", default=420)
    asked = parser.parse_args()
    images = [path.read_bytes() for path in sorted(asked.folder.rglob("*.jpg"))[::7][: asked.count]]
    settings = read_settings(os.environ)
    now = Instant(time.time_ns() // 1_000_000)
    charter = render_charter("air-gate", weights=weights_name(settings), values=trial_values("air-gate", now))
    leaves = (datetime.now(UTC) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    people = [
        {"surname": f"S{at}", "birth_date": "1985-04-12", "documents": [{"kind": "P", "number": f"X{at}"}]}
        for at in range(len(images))
    ]
    leg = {"flight": "UT100", "departure_port": "UTA", "departure_time": leaves, "arrival_port": "UTB"}
    file = json.dumps({"carrier": "UT", "legs": [leg], "travellers": people}).encode()
    with tempfile.TemporaryDirectory() as folder:
        site = create_site(Path(folder) / "site", charters=[charter]).site
        with open_site(site.path, settings) as service:
            start = time.perf_counter()
            told = service.announcing.announce("ut100", "gate-1", file, EventTerms(), ACTOR)
            announced = time.perf_counter() - start
            rows = [PortraitRow(number, SourcePortrait(images[number - 1], 1)) for number in told.wanted]
            start = time.perf_counter()
            staged = sum(one.verdict == "enrolled" for one in service.boarding.portray("ut100", rows, ACTOR))
            taken = time.perf_counter() - start
            start = time.perf_counter()
            service.extractor.extract_many(images)
            extracted = time.perf_counter() - start
    after_decoding = networks_after_decoding(settings, images)
    after_decoding()
    networks = after_decoding() / 1000 / settings.workers
    sys.stdout.write(
        f"{len(people)} travellers, {staged} staged: announced in {announced:.2f} s, staged in {taken:.2f} s with "
        f"{settings.workers} workers ({taken / max(1, len(rows)) * 1000:.1f} ms each), {taken / networks:.2f} times "
        f"the networks' own {networks:.2f} s; extraction alone {extracted:.2f} s; load {os.getloadavg()[0]:.1f}\n"
    )


if __name__ == "__main__":
    main()
