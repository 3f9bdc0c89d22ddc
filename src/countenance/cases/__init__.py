"""What waits for a human: referrals, each kept under the charter's ``referred`` clock, and what stopped by itself.

``referral`` is the pure table of states, events and roles: :func:`make_referral` begins a case, :func:`take_step` is
one step or a refusal. :func:`queue` orders what waits, :func:`redress` says to the person what happened and where to
contest. :class:`SqlCaseStore` keeps cases, who was told, and suspensions. Photographs are not here: a referral names
vault items.
"""

from countenance.cases.queue import overdue, queue
from countenance.cases.redress import as_text, lines, receipt_languages, redress, title
from countenance.cases.referral import had_part, kept_until, make_referral, state_at, take_step
from countenance.cases.store import SqlCaseStore

__all__ = [
    "SqlCaseStore", "as_text", "had_part", "kept_until", "lines", "make_referral", "overdue", "queue",
    "receipt_languages", "redress", "state_at", "take_step", "title",
]  # fmt: skip
