"""Which pairs are compared, when not all of them: a CSV with ``a,b,mated`` and optionally ``fold``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from countenance.evaluate.manifest import Manifest
from countenance.evaluate.tables import Fault, read_table

_TRUE, _FALSE = {"1", "true", "yes", "mated"}, {"0", "false", "no", "non-mated"}
NO_FOLD = -1


@dataclass(frozen=True, slots=True)
class PairList:
    """The pairs that a file names, faulty rows told and left out."""

    a: NDArray[np.int32]
    """Shape (n,): positions in the manifest's images."""
    b: NDArray[np.int32]
    mated: NDArray[np.bool_]
    fold: NDArray[np.int32]
    """-1 where no fold is stated."""
    faults: tuple[Fault, ...]
    sha256: str


def read_pairs(path: Path, manifest: Manifest) -> PairList:
    """Return the pairs in the CSV at ``path``; both sides are paths as the manifest writes them.

    Left out and told: an unknown path, a photograph against itself, a pair that stood before, a ``mated`` that is
    neither yes nor no or contradicts the manifest's persons.

    Raises:
        EvaluationError: see :func:`countenance.evaluate.tables.read_table`.
    """
    table = read_table(path, ("a", "b", "mated"))
    places = {image.name: place for place, image in enumerate(manifest.images)}
    rows: list[tuple[int, int, bool, int]] = []
    faults = list(table.faults)
    seen: set[tuple[int, int]] = set()
    for row, fields in table.rows:
        found = _pair(dict(zip(table.header, fields, strict=True)), row, places, manifest, seen)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            seen.add((min(found[:2]), max(found[:2])))
            rows.append(found)
    columns = np.array([row[:2] for row in rows], np.int32).reshape(-1, 2)
    return PairList(
        columns[:, 0].copy(),
        columns[:, 1].copy(),
        np.array([row[2] for row in rows], np.bool_),
        np.array([row[3] for row in rows], np.int32),
        tuple(sorted(faults, key=lambda fault: fault.row)),
        table.sha256,
    )


def _pair(
    values: dict[str, str], row: int, places: dict[str, int], manifest: Manifest, seen: set[tuple[int, int]]
) -> tuple[int, int, bool, int] | Fault:
    unknown = next((values[side] for side in ("a", "b") if values[side] not in places), None)
    if unknown is not None:
        return Fault(row, "unknown_path", f"{unknown!r} is no usable photograph of the manifest.")
    a, b = places[values["a"]], places[values["b"]]
    word, fold = values["mated"].lower(), values.get("fold", "")
    same = manifest.images[a].person == manifest.images[b].person
    wrong = (
        ("same_photograph", "A photograph is not compared with itself.", a == b),
        ("duplicate", "This pair stands in the file already.", (min(a, b), max(a, b)) in seen),
        ("mated", f"{values['mated']!r} is neither 1 (one person) nor 0 (two people).", word not in _TRUE | _FALSE),
        ("contradicts_manifest", "The manifest says otherwise about whose photographs these are.",
         (word in _TRUE) != same),
        ("fold", f"The fold {fold!r} is no number.", not _is_fold(fold)),
    )  # fmt: skip
    fault = next((Fault(row, reason, sentence) for reason, sentence, is_so in wrong if is_so), None)
    return fault or (a, b, word in _TRUE, int(fold) if fold else NO_FOLD)


def _is_fold(text: str) -> bool:
    return not text or (text.isdecimal() and text.isascii() and len(text) < 7)  # noqa: PLR2004 - a fold's digits
