"""A site served by a process of its own, with real networks: what a user starts, for tests that want the real thing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from countenance.bootstrap import create_site
from countenance.bootstrap.profiles import render_charter, weights_name
from countenance.config import read_settings
from countenance.interfaces.trial import trial_values
from countenance.terms import Instant, Role

PROGRAM = """
import os, sys
from pathlib import Path
from countenance.config import read_settings
from countenance.interfaces.loops import serve
serve(Path(sys.argv[1]), read_settings(os.environ), host="127.0.0.1", port=int(sys.argv[2]))
"""


@dataclass(frozen=True)
class Served:
    """A served site."""

    path: Path
    address: str
    keys: Mapping[Role, str]
    process: subprocess.Popen[str]
    errors: Path
    """The process's standard error."""

    def client(self, role: Role = Role.OPERATOR) -> httpx.Client:
        """Return a client with a role's key."""
        return httpx.Client(base_url=self.address, headers={"Authorization": f"Bearer {self.keys[role]}"}, timeout=60)

    def frames_decoded(self) -> int:
        """Return what the service's own counter says."""
        with self.client(Role.AUDITOR) as auditor:
            for line in auditor.get("/metrics").text.splitlines():
                if line.startswith("countenance_frames_decoded_total "):
                    return int(float(line.split(" ")[1]))
        message = "no counter of decoded frames"
        raise LookupError(message)

    def stop(self) -> int:
        """Ask the process to end as an init system does; return its status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def real_site(path: Path) -> Mapping[Role, str]:
    """Make a site with two lanes and a gate for the packaged weights; return its API keys."""
    weights = weights_name(read_settings(os.environ))
    now = Instant(time.time_ns() // 1_000_000)
    charters = [
        render_charter(profile, weights=weights, values=trial_values(profile, now))
        for profile in ("land-pedestrian", "air-gate")
    ]
    return create_site(path, charters=charters).api_keys


@contextmanager
def served_at(path: Path) -> Iterator[Served]:
    """Make a site at ``path`` and serve it until the block ends."""
    keys = real_site(path)
    errors = path.parent / "stderr.txt"
    with errors.open("w") as log, start(path, log.fileno()) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert " at http://" in line, errors.read_text()
        served = Served(path, line.rpartition(" at ")[2].strip().rstrip("/"), keys, process, errors)
        try:
            yield served
        finally:
            if process.poll() is None:
                served.stop()


def start(path: Path, log: int, port: int = 0) -> subprocess.Popen[str]:
    """Start serving the site in a process of its own; its first line says where."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path), str(port)], stdout=subprocess.PIPE, stderr=log, text=True
    )
