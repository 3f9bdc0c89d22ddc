"""The database under everything: tables, migrations, and the one transaction that is either whole or not there.

``open_database`` and ``migrate`` at start, ``SqlTransactions`` for the life of the process, ``check_integrity`` and
``Scrubber`` for maintenance, ``snapshot`` for a copy of one instant. Stores live beside their stages and get a
connection from here. Layer 2.
"""

from countenance.storage import tables
from countenance.storage.database import check_integrity, checkpoint, empty_wal, migrate, open_database
from countenance.storage.portions import portions
from countenance.storage.scrubbing import Scrubber
from countenance.storage.snapshot import Snapshot, snapshot
from countenance.storage.unit_of_work import SqlTransactions, SqlUnitOfWork, Stores

__all__ = [
    "Scrubber", "Snapshot", "SqlTransactions", "SqlUnitOfWork", "Stores", "check_integrity", "checkpoint", "empty_wal",
    "migrate", "open_database", "portions", "snapshot", "tables",
]  # fmt: skip
