"""Every table, a file for each part that keeps something: SQLite now, PostgreSQL by URL.

Instants are integer milliseconds since 1970; blobs are sealed or hashes.
Changing a table means a migration beside it (``storage/migrations``); a test compares the two.
"""

from countenance.storage.tables.access import api_keys, devices, partner_audits, partners, trainings
from countenance.storage.tables.aggregates import monitor_counts, monitor_signals, monitor_states
from countenance.storage.tables.authority import signed_acts
from countenance.storage.tables.cases import case_steps, notifications, referrals, suspensions
from countenance.storage.tables.custody import erasures, holds, vault_epochs, vault_items, vault_keys
from countenance.storage.tables.galleries import boardings, galleries, gallery_references
from countenance.storage.tables.naming import metadata
from countenance.storage.tables.record import attempts, encounters, entries, leaves, pending, tree_heads
from countenance.storage.tables.time import trusted_time
from countenance.storage.tables.transparency import public_runs

__all__ = [
    "api_keys", "attempts", "boardings", "case_steps", "devices", "encounters", "entries", "erasures", "galleries",
    "gallery_references", "holds", "leaves", "metadata", "monitor_counts", "monitor_signals", "monitor_states",
    "notifications", "partner_audits", "partners", "pending", "public_runs", "referrals", "signed_acts",
    "suspensions", "trainings", "tree_heads", "trusted_time", "vault_epochs", "vault_items", "vault_keys",
]  # fmt: skip
