"""What waits for a human: referrals, each kept under the charter's ``referred`` clock.

:func:`make_referral` builds one from an encounter's outcome; :class:`SqlCaseStore` keeps it. Photographs are not here:
a referral names vault items. States, queues and redress receipts come with issue 4.
"""

from countenance.cases.referral import make_referral
from countenance.cases.store import SqlCaseStore

__all__ = ["SqlCaseStore", "make_referral"]
