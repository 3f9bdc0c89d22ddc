"""Try what could make templates better, on one manifest: mirror averaging, and fusing a burst by quality.

Use: try_improvements.py MANIFEST. Prints FNMR at FMR 1e-3, 1e-4 and 1e-5 for single photographs, for the mean of a
photograph's and its mirror image's embedding, and, for people with at least four photographs, of templates fused from
three of them (plain mean, and mean weighted by feature norm) against the rest. docs/accuracy.md says what came of it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from countenance import face
from countenance.capture import decode
from countenance.config import read_settings
from countenance.evaluate.comparisons import compare_all, people_of
from countenance.evaluate.manifest import read_manifest
from countenance.evaluate.samples import MEASURES, Samples
from countenance.evaluate.verification import at_target
from countenance.face.align import align
from countenance.terms import Frame

_BURST, _FEWEST = 3, 4


def main(path: Path) -> None:
    """Print what each improvement gives."""
    settings = read_settings(os.environ)
    weights = face.open_weights(settings.cache, settings.weights_manifest)
    config = face.choose_config(settings.pipeline)
    pipeline = face.build_pipeline(weights, config, limits=face.NO_LIMITS, main_face="central")
    persons, plain, mirrored = [], [], []
    spent = 0.0
    for image in read_manifest(path).images:
        frame = decode(image.file.read_bytes())
        found = pipeline.run(frame) if isinstance(frame, Frame) else None
        if not isinstance(frame, Frame) or found is None or not hasattr(found, "probe"):
            continue
        crop = align(frame.pixels, found.probe.landmarks)
        start = perf_counter()
        mirrored.append(pipeline.embedder.embed(crop[np.newaxis, :, ::-1])[0])
        spent += perf_counter() - start
        plain.append(found.probe.template.values * found.probe.quality.feature_norm)
        persons.append(image.person)
    one, other = np.array(plain, np.float32), np.array(mirrored, np.float32)
    _told("single photographs", persons, one)
    _told(f"mirror averaging (+{1000 * spent / len(persons):.1f} ms)", persons, one + other)
    for name, weigh in (("burst of three, plain mean", False), ("burst of three, weighted by feature norm", True)):
        _told(name, *_fused(persons, one, weigh=weigh))


def _fused(persons: list[str], rows: NDArray[np.float32], *, weigh: bool) -> tuple[list[str], NDArray[np.float32]]:
    """Return each person's first photographs fused to one, and the rest as they are; people with enough of them."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    weighed = rows if weigh else rows / norms  # an embedding's length is its quality: leaving it in weighs by it
    kept: list[str] = []
    fused: list[NDArray[np.float32]] = []
    for person in dict.fromkeys(persons):
        places = [place for place, name in enumerate(persons) if name == person]
        if len(places) >= _FEWEST:
            fused += [weighed[places[:_BURST]].mean(axis=0), *(rows[place] for place in places[_BURST:])]
            kept += [person] * (len(places) - _BURST + 1)
    return kept, np.array(fused, np.float32)


def _told(name: str, persons: list[str], rows: NDArray[np.float32]) -> None:
    values = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    count = len(values)
    nothing = np.zeros((count, len(MEASURES)), np.float32)
    samples = Samples(values, np.ones(count, np.bool_), ("",) * count, nothing, nothing[:, :4], "")
    found = compare_all(people_of(persons, samples, None), samples, lambda _done, _of: None)
    rates = [at_target(found, target) for target in (1e-3, 1e-4, 1e-5)]
    shown = "  ".join(f"{100 * one.fnmr:.3f} ({100 * one.balanced:.2f})" for one in rates)
    print(f"{name}: {count} templates; FNMR % pooled (person-balanced) at 1e-3, 1e-4, 1e-5: {shown}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
