"""New keys in the old ones' place: every epoch's key is made anew, nothing that is sealed is read."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from countenance.errors import VaultError
from countenance.ports import KeyHolder, Transactions
from countenance.procedures.recording import Recorder
from countenance.terms import Charter, Instant, JsonObject


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did."""

    destroyed: tuple[str, ...]
    """Epochs whose keys are gone."""
    made: tuple[str, ...]
    """Epochs whose keys took their place."""


def rotate(transactions: Transactions, keys: KeyHolder, recorder: Recorder, charter: Charter, now: Instant) -> Rotated:
    """Wrap every subject key under new epoch keys, record it in the same transaction, destroy the old ones after it.

    A stop before the commit leaves new keys that no row names, one after it old ones: the next start destroys them
    (``custody.check_keys``). ``charter`` lends its record clock.

    Raises:
        VaultError: a subject key does not open, or a key cannot be made: no row changed, and new keys are gone again;
            ``vault.key_undestroyed``: everything is done but that.
        StorageError, RecordError: nothing was changed.
    """
    before = keys.epochs()
    with transactions.write() as tx:
        try:
            old = tx.vault.rotate()
            made = tuple(sorted(keys.epochs() - before))
            facts: JsonObject = {"event": "keys.rotated", "destroyed": list(old), "made": list(made)}
            recorder.append_site_event(tx, charter, facts, {}, now=now)
        except BaseException:
            for epoch in sorted(keys.epochs() - before):
                with suppress(VaultError):  # the next start destroys what stayed
                    keys.destroy(epoch)
            raise
        tx.commit()  # whether a commit that failed is on disk shows at the next start only: until then both are kept
    for epoch in old:
        keys.destroy(epoch)
    return Rotated(old, made)
