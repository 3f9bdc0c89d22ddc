"""A site watches itself: crossings count, staff note, the tests look on, and a limit acts (``limits``).

Counts by day and checkpoint hold nobody. They become rates, tests and bounds in ``evaluate.drift``, the one part of
``evaluate`` that this folder, and nothing else of ``procedures``, may import.
"""

from countenance.procedures.monitoring.counting import Counting, Documents, Search
from countenance.procedures.monitoring.limits import passes_limit, reset_limit
from countenance.procedures.monitoring.noting import Noting, note_cleared
from countenance.procedures.monitoring.watching import Pace, Watching

__all__ = [
    "Counting", "Documents", "Noting", "Pace", "Search", "Watching", "note_cleared", "passes_limit", "reset_limit",
]  # fmt: skip
