"""Whether a running site still is what it was measured to be: pure functions on counts, which hold nobody.

``rates`` and ``denominators`` say what share of the people presented was captured and matched; ``waiting`` whether
refusing costs time; ``cusum`` watches the match rate and ``tail`` the strangers' scores, one search after another;
``groups`` and ``suppression`` keep small cells in. ``report`` puts them together. Imports ``terms`` alone.
"""

from countenance.evaluate.drift.cusum import MATCH_RATE, Cusum
from countenance.evaluate.drift.denominators import (
    CLEARED,
    ENDED,
    EXEMPT,
    MISSED,
    PEOPLE,
    Denominators,
    denominators,
    presented_kind,
)
from countenance.evaluate.drift.groups import (
    DIMENSIONS,
    LIVE,
    GroupRow,
    GroupTable,
    age_band,
    due_snapshots,
    group_table,
    is_group,
    kind,
)
from countenance.evaluate.drift.rates import Insufficient, Rate, rate, upper_limit
from countenance.evaluate.drift.report import (
    WAIT_OTHERS,
    WAIT_REFUSED,
    CheckpointReport,
    MatchRateReport,
    Report,
    checkpoint_report,
    shown_cells,
    waits,
)
from countenance.evaluate.drift.suppression import SMALLEST_CELL, hidden_cells
from countenance.evaluate.drift.tail import (
    TAIL_LIMIT,
    TailBound,
    TailReport,
    TailState,
    advance,
    search_counts,
    tail_report,
)
from countenance.evaluate.drift.waiting import Waiting, compare_waits, wait_cell

__all__ = [
    "CLEARED", "DIMENSIONS", "ENDED", "EXEMPT", "LIVE", "MATCH_RATE", "MISSED", "PEOPLE", "SMALLEST_CELL", "TAIL_LIMIT",
    "WAIT_OTHERS", "WAIT_REFUSED", "CheckpointReport", "Cusum", "Denominators", "GroupRow", "GroupTable",
    "Insufficient", "MatchRateReport", "Rate", "Report", "TailBound", "TailReport", "TailState", "Waiting", "advance",
    "age_band", "checkpoint_report", "compare_waits", "denominators", "due_snapshots", "group_table", "hidden_cells",
    "is_group", "kind", "presented_kind", "rate", "search_counts", "shown_cells", "tail_report", "upper_limit",
    "wait_cell", "waits",
]  # fmt: skip
