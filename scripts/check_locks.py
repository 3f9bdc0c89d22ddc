"""Check that the locks in ``locks/`` pin everything by hash and name no address.

A lock that names an address would tell every reader where its author's packages came from and send them there; a
requirement without a hash would let anybody in between swap it. Run by ``make lint``.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "locks"
REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[A-Za-z0-9.+!]+)(?P<hashes>( --hash=sha256:[0-9a-f]{64})*)"
)


def requirements(text: str) -> list[str]:
    """Return a lock's logical lines: comments gone, continuations joined, one space between words."""
    joined = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*$", "", text))
    return [" ".join(line.split()) for line in joined.splitlines() if line.strip()]


def faults_of(name: str, text: str) -> list[str]:
    """Return what is wrong with one lock, a sentence each."""
    faults = [f"{name}: names an address" for word in ("://", "--index", "--find-links", " @ ") if word in text]
    lines = requirements(text)
    if not lines:
        faults.append(f"{name}: pins nothing")
    for line in lines:
        match = REQUIREMENT.fullmatch(line)
        if match is None:
            faults.append(f"{name}: not an exact pin with SHA-256 hashes: {line[:80]}")
        elif not match["hashes"]:
            faults.append(f"{name}: {match['name']} has no hash")
    return faults


def contradictions(locks: dict[str, str]) -> list[str]:
    """Return the packages that two locks pin differently; they share one environment."""
    pins: dict[str, str] = {}
    faults = []
    for name, text in locks.items():
        for line in requirements(text):
            package = line.partition("==")[0]
            if pins.setdefault(package, line) != line:
                faults.append(f"{name}: {package} is pinned otherwise in another lock")
    return faults


def faults_in(folder: Path) -> list[str]:
    """Return everything wrong with the locks in a folder; empty means good."""
    locks = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))}
    faults = [fault for name, text in locks.items() for fault in faults_of(name, text)]
    wanted = {path.with_suffix(".txt").name for path in folder.glob("*.in")}
    faults += [f"{name}: is not there; run make lock" for name in sorted(wanted - set(locks))]
    return faults + contradictions(locks)


if __name__ == "__main__":
    found = faults_in(FOLDER)
    sys.exit("\n".join(found) if found else 0)
