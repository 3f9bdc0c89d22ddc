"""What was erased after a backup is erased again before the restored site answers anybody, and the log goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from countenance.custody import Tombstone, period_of
from countenance.ports import UnitOfWork
from countenance.procedures.erasing import Erasures, together
from countenance.record import Continued
from countenance.terms import Cause, Destroyed, Instant, JsonObject


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of a backup once it was told what had happened since."""

    items: int
    """Sealed items that went again."""
    leaves: int
    """Leaves that the published log had and the backup had not."""
    without_body: int
    """Those of them that no entry of the backup stands behind: entries that are lost, and leaves that never had one."""


def replay(
    erasures: Erasures,
    stones: Sequence[Tombstone],
    continued: Continued | None,
    facts: Mapping[str, str | int],
    now: Instant,
) -> Replayed:
    """Erase again and go on with the log, in one transaction with the entry ``site.restored``.

    (1) references of events that had ended; (2) keys by id, those of ended events, and those that no epoch's key can
    open; (3) references whose templates went; (4) the note that the erasure began; (5) leaves that were published
    after the backup; (6) the entry, with ``facts`` and the counts. Old bytes, epoch keys and the erasure's receipt
    follow with :meth:`Erasures.complete`.

    Raises:
        VaultError, StorageError, RecordError: nothing was changed.
    """
    with erasures.transactions.write() as tx:
        periods = sorted({period for stone in stones for period in stone.periods})
        gone, galleries = _closed(tx, periods)  # (1)
        ids = [key for stone in stones for key in stone.keys]
        gone.append(tx.vault.destroy_keys([*ids, *tx.vault.lost_keys(periods)]))  # (2)
        galleries += tx.galleries.forget(gone[-1].items)  # (3)
        destroyed = together(*gone)
        if destroyed.count:
            erasures.begin(tx, Cause.RESTORE, destroyed, now=now, galleries=galleries)  # (4)
        leaves = continued.leaves if continued is not None else ()
        without_body = sum(not tx.record.knows(leaf) for leaf in leaves)
        if continued is not None:
            tx.record.append_batch(leaves, now)  # (5)
            tx.record.save_head(continued.head.size, continued.head.root, continued.head.note, now)
        entry: JsonObject = {
            "event": "site.restored", **facts, "tombstones": len(stones), "items_erased_again": destroyed.count,
            "leaves_continued": len(leaves), "leaves_without_body": without_body,
        }  # fmt: skip
        erasures.recorder.append_site_event(tx, erasures.lanes.longest_record(), entry, {}, now=now)  # (6)
        tx.commit()
    return Replayed(destroyed.count, len(leaves), without_body)


def _closed(tx: UnitOfWork, periods: Sequence[str]) -> tuple[list[Destroyed], list[str]]:
    ended = [
        info.gallery_id for info in tx.galleries.all()
        if info.open and period_of(Instant(0), info.gallery_id)[0] in periods
    ]  # fmt: skip
    return [tx.galleries.close(gallery_id) for gallery_id in ended], ended
