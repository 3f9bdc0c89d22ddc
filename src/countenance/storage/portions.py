"""Long lists in portions that one statement takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 4096
"""Values in one statement; SQLite allows 32,766."""


def portions(values: Sequence[T]) -> Iterator[list[T]]:
    """Yield the values in their order, at most ``AT_ONCE`` at a time; nothing for none."""
    return (list(values[start : start + AT_ONCE]) for start in range(0, len(values), AT_ONCE))
