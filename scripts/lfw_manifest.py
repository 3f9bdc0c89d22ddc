"""Write manifests for the photographs of LFW and the London set, wherever they lie; nothing of them is copied.

Use: lfw_manifest.py FACES OUT. It writes into OUT lfw.csv (all), lfw-tuning.csv and lfw-certifying.csv (two halves
without a person in common, split by the SHA-256 of the person's name), lfw-pairs.csv (ten folds) and london.csv.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

_FOLD = 300
"""Mated pairs, then as many non-mated ones, in each of LFW's ten folds."""


def main(faces: Path, out: Path) -> None:
    """Write all manifests."""
    out.mkdir(parents=True, exist_ok=True)
    people = sorted(path for path in (faces / "lfw").iterdir() if path.is_dir())
    rows = [(os.path.relpath(file, out), person.name) for person in people for file in sorted(person.glob("*.jpg"))]
    _write(out / "lfw.csv", ("path", "person"), rows)
    for half, wanted in (("tuning", 0), ("certifying", 1)):
        chosen = [row for row in rows if sha256(row[1].encode()).digest()[0] % 2 == wanted]
        _write(out / f"lfw-{half}.csv", ("path", "person"), chosen)
    _write(out / "lfw-pairs.csv", ("a", "b", "mated", "fold"), _pairs(faces / "lfw", out))
    _write(out / "london.csv", ("path", "person", "age", "capture_class", "group:sex", "group:ethnicity"),
           _london(faces / "london", out))  # fmt: skip


def _pairs(folder: Path, out: Path) -> Iterable[tuple[str, str, str, str]]:
    lines = (folder / "pairs.txt").read_text("utf-8").splitlines()[1:]
    for number, line in enumerate(lines):
        fields = line.split("\t")
        mated = len(fields) == 3  # noqa: PLR2004 - one name and two numbers; else two names
        first, second = (fields[0], fields[1]), (fields[0], fields[2]) if mated else (fields[2], fields[3])
        sides = [
            os.path.relpath(folder / name / f"{name}_{int(place):04d}.jpg", out) for name, place in (first, second)
        ]
        yield sides[0], sides[1], "1" if mated else "0", str(number // (2 * _FOLD))


def _london(folder: Path, out: Path) -> Iterable[tuple[str, ...]]:
    with (folder / "london_info.csv").open(encoding="utf-8", newline="") as file:
        stated = {row["face_id"]: row for row in csv.DictReader(file)}
    for side, number in (("neutral_front", "03"), ("smiling_front", "08")):
        for person, row in sorted(stated.items()):
            path = folder / side / f"{person}_{number}.jpg"
            values = [row[name] if row[name] != "NA" else "" for name in ("face_age", "face_gender", "face_eth")]
            yield os.path.relpath(path, out), person, values[0], "studio-portrait", values[1], values[2]


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
