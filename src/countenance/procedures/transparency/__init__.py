"""What a site tells everybody: what it may do, how well it was measured, and how often it acted, and about nobody.

``kinds`` says what an entry counts as, ``runs`` when a count may be told, ``document`` what is told, ``publishing``
keeps it ready, ``statement`` lets an auditor count again and sign. Counts are made where entries are (``recording``).
"""

from countenance.procedures.transparency.document import CONTEXT
from countenance.procedures.transparency.kinds import TOTALS, Kind, kind_of
from countenance.procedures.transparency.publishing import Page, Shelf, Transparency
from countenance.procedures.transparency.statement import Reconciled, checks, reconcile, signed, state, unreadable

__all__ = [
    "CONTEXT", "TOTALS", "Kind", "Page", "Reconciled", "Shelf", "Transparency", "checks", "kind_of", "reconcile",
    "signed", "state", "unreadable",
]  # fmt: skip
