"""Under which conditions was measured: ages, age of the reference, kind of capture; None where a manifest is silent.

An operating point copies these bounds, and outside them nothing is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from countenance.evaluate.comparisons import Comparisons
from countenance.evaluate.manifest import Image

_FEWEST_PEOPLE = 20
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Measured:
    """The bounds of what was measured; None = nobody measured it."""

    ages: tuple[int, int] | None
    """Youngest and oldest, completed years, of at least 20 people whose age the manifest states."""
    reference_years: tuple[int, int] | None
    """Shortest and longest time between two photographs of one person, completed years."""
    capture_classes: tuple[str, ...] | None


def measured(images: Sequence[Image], comparisons: Comparisons) -> Measured:
    """Return the bounds that the manifest states of photographs that were compared."""
    stated = {image.person: image.age for image in images if image.age >= 0}
    ages = [image.age for image in images if image.age >= 0]
    classes = {image.capture_class for image in images}
    return Measured(
        ages=(min(ages), max(ages)) if len(stated) >= _FEWEST_PEOPLE else None,
        reference_years=_years_between(images, comparisons),
        capture_classes=tuple(sorted(classes)) if classes and "" not in classes else None,
    )


def _years_between(images: Sequence[Image], comparisons: Comparisons) -> tuple[int, int] | None:
    days = np.array(
        [date.fromisoformat(image.captured_on).toordinal() if image.captured_on else -1 for image in images], np.int64
    )
    mated = comparisons.mated
    known = (days[mated.a] >= 0) & (days[mated.b] >= 0) if len(mated.a) else np.zeros(0, np.bool_)
    if len(np.unique(mated.persons[known])) < _FEWEST_PEOPLE:
        return None
    between = np.abs(days[mated.a[known]] - days[mated.b[known]]) / _DAYS_A_YEAR
    return int(between.min()), int(between.max())
