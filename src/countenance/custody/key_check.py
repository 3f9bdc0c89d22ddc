"""Whether keys and database belong together, before anything is touched; then, what no row names goes."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from countenance.custody.epochs import SITE
from countenance.custody.subject_keys import PROOF, epoch_context, key_context
from countenance.errors import VaultError
from countenance.ports import KeyHolder
from countenance.storage.tables import vault_epochs, vault_keys


def check_keys(connection: Connection, holder: KeyHolder) -> tuple[str, ...]:
    """Return the epochs whose keys no row names: their erasure or rotation was cut short, and they must go.

    A database without epochs is new, or of an earlier version: its first epoch is that of ``vault.key``.

    Raises:
        VaultError: ``vault.foreign_keys``: the keys are another site's, or this database is another site's;
            ``vault.key_missing``: an epoch's key is not there. Nothing was changed.
    """
    held = holder.epochs()
    rows = connection.execute(select(vault_epochs.c.epoch, vault_epochs.c.proof)).all()
    if not rows:
        return _first(connection, holder, held)
    for row in rows:
        try:
            holder.unwrap(row.epoch, row.proof, context=epoch_context(row.epoch))
        except VaultError as fault:
            if fault.code != "vault.unwrap":
                raise
            raise _foreign() from fault
    return tuple(sorted(held - {row.epoch for row in rows}))


def _first(connection: Connection, holder: KeyHolder, held: frozenset[str]) -> tuple[str, ...]:
    if held - {SITE}:
        raise _foreign()
    for row in connection.execute(select(vault_keys).limit(1)):  # of an earlier version
        holder.unwrap(row.epoch, row.wrapped, context=key_context(row.subject, row.purpose))
    proof = holder.wrap(SITE, PROOF, context=epoch_context(SITE))
    row_of_site = {"epoch": SITE, "period": SITE, "ends_at": None, "proof": proof}
    connection.execute(insert(vault_epochs), row_of_site)
    return ()


def _foreign() -> VaultError:
    return VaultError(
        "vault.foreign_keys",
        "The keys are not those of this database.",
        remedy="Nothing was touched. Check that keys/ and db/ belong to the same site and the same backup; to go back "
        "to a backup, use: countenance restore",
    )
