"""Runs the versions inside the caller's transaction; alembic loads this file by path (see ``storage.migrate``)."""

from __future__ import annotations

from alembic import context

from countenance.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite's schema changes roll back with the transaction they are in
)
with context.begin_transaction():
    context.run_migrations()
