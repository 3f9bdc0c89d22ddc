"""What a manifest may be at most: an aircraft has fewer than 900 seats, a ferry a few thousand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ManifestLimits:
    """Bounds on a file before and while it is read; each is refused with a code of its own."""

    max_bytes: int = 4_000_000
    """Reading takes up to 60 bytes of memory for each."""
    max_segments: int = 200_000
    """Segments of an interchange, objects and lists of JSON together."""
    max_segment_characters: int = 4_000
    """Characters of one segment, one cell of a table or one text of JSON."""
    max_travellers: int = 10_000
    """People, also rows of a table, and messages of an interchange."""
    max_findings: int = 1_000
    """Findings that are kept; the last one then says that there are more."""
