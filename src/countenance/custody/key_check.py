"""Whether keys and database belong together, before anything is touched; then, what no row names goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from countenance.custody.epochs import SITE
from countenance.custody.subject_keys import PROOF, epoch_context, key_context
from countenance.errors import VaultError
from countenance.ports import KeyHolder
from countenance.storage.tables import vault_epochs, vault_keys
from countenance.terms import Instant


@dataclass(frozen=True, slots=True)
class EpochCard:
    """One epoch that the database knows."""

    epoch: str
    ends_at: Instant | None
    """None: when its event is over; for the site's own, never."""
    keys: int
    """How many subject keys are wrapped under its key."""


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
    prove_keys(((row.epoch, row.proof) for row in rows), holder)
    return tuple(sorted(held - {row.epoch for row in rows}))


def prove_keys(epochs: Iterable[tuple[str, bytes]], holder: KeyHolder) -> None:
    """Return only if the holder has the key of each of these (epoch, proof).

    Raises:
        VaultError: ``vault.foreign_keys`` or ``vault.key_missing``, or what else is wrong with a key.
    """
    for epoch, proof in epochs:
        try:
            holder.unwrap(epoch, proof, context=epoch_context(epoch))
        except VaultError as fault:
            if fault.code != "vault.unwrap":
                raise
            raise _foreign() from fault


def list_epochs(connection: Connection) -> tuple[EpochCard, ...]:
    """Return every epoch that the database knows, by name."""
    wrapped = func.count(vault_keys.c.key_id)
    query = (
        select(vault_epochs.c.epoch, vault_epochs.c.ends_at, wrapped)
        .join(vault_keys, vault_keys.c.epoch == vault_epochs.c.epoch, isouter=True)
        .group_by(vault_epochs.c.epoch, vault_epochs.c.ends_at)
        .order_by(vault_epochs.c.epoch)
    )
    return tuple(EpochCard(*row) for row in connection.execute(query))


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
