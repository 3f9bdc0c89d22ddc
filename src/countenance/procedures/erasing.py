"""Two-phase erasure: rows and keys go in one transaction; old bytes, epoch keys and the receipt follow, come what may.

(1) One transaction removes ciphertext, wrapped key and reference, and notes that the erasure began. (2) Whatever could
undo it goes: a line in the list of tombstones so that no backup brings it back, the epoch keys whose turn it is, the
database's journal. (3) The receipt is recorded. A restart does (2) and (3) before anything is answered.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from countenance.ports import Entropy, KeyHolder, Tombstones, Transactions, UnitOfWork
from countenance.procedures.lanes import Lanes
from countenance.procedures.recording import Recorder
from countenance.terms import Cause, Destroyed, Erasing, Instant, JsonObject, iso

TOGETHER_MS = 60_000
"""What clocks erase within this time has one receipt, so that a busy lane does not fill the record with them."""
_ENCOUNTER = "encounter/"


@dataclass(frozen=True, slots=True)
class Erasures:
    """Everything that finishing an erasure needs, chosen by ``bootstrap``."""

    entropy: Entropy
    transactions: Transactions
    recorder: Recorder
    lanes: Lanes
    keys: KeyHolder
    tombstones: Tombstones
    truncate: Callable[[], bool]
    """Empties the write-ahead log and clears pages: destroyed bytes lie in no file. False while a reader is at it."""

    def begin(
        self,
        tx: UnitOfWork,
        cause: Cause,
        destroyed: Destroyed,
        *,
        now: Instant,
        order: str = "",
        galleries: Sequence[str] = (),
        counts: int = 0,
    ) -> str:
        """Note inside ``tx`` that what left the vault there is being erased; return the erasure's id."""
        under_way = next((one for one in tx.erasures.unfinished() if one.cause is cause is Cause.CLOCK), None)
        begun = under_way or Erasing(self.entropy.token_bytes(16).hex(), cause, now, order, {}, (), (), 0, (), ())
        if destroyed.by_retention.get("facts"):
            tx.record.note_erasure(destroyed.items, begun.erasure_id)
        encounters = [name.removeprefix(_ENCOUNTER) for name in destroyed.subjects if name.startswith(_ENCOUNTER)]
        tx.erasures.save(
            replace(
                begun,
                items=dict(sorted((Counter(begun.items) + Counter(destroyed.by_retention)).items())),
                encounters=_joined(begun.encounters, encounters),
                galleries=_joined(begun.galleries, galleries),
                counts=begun.counts + counts,
                keys=_joined(begun.keys, () if cause is Cause.CLOCK else destroyed.keys),
                epochs=_joined(begun.epochs, tx.vault.end_epochs(now)),
            )
        )
        return begun.erasure_id

    def complete(self, now: Instant, *, everything: bool = False) -> int:
        """Do (2) for every erasure under way and (3) for those that wait no longer; return how many are finished.

        ``everything``: also those that would wait for others to share their receipt, as at start and at the end.

        Raises:
            VaultError, StorageError, RecordError: the next call goes on where this one stopped.
        """
        with self.transactions.read() as tx:
            under_way = tx.erasures.unfinished()
        if not under_way:
            return 0
        for erasing in under_way:
            self.tombstones.add(erasing)
            for epoch in erasing.epochs:
                self.keys.destroy(epoch)
        if not self.truncate():
            return 0
        ripe = [one for one in under_way if everything or one.cause is not Cause.CLOCK or _waited(one, now)]
        if ripe:
            with self.transactions.write() as tx:
                for erasing in ripe:
                    self._receipt(tx, erasing, now)
                    tx.erasures.finish(erasing.erasure_id)
                tx.commit()
        return len(ripe)

    def _receipt(self, tx: UnitOfWork, erasing: Erasing, now: Instant) -> None:
        bodies = tx.record.erased_by(erasing.erasure_id)
        facts: JsonObject = {
            "event": "erasure.receipt", "erasure": erasing.erasure_id, "cause": erasing.cause, "order": erasing.order,
            "begun": iso(erasing.begun_at), "items": dict(erasing.items), "encounters": list(erasing.encounters),
            "galleries": list(erasing.galleries), "epochs": list(erasing.epochs), "counts": erasing.counts,
            "bodies": len(bodies), "bodies_sha256": hashlib.sha256(b"".join(bodies)).hexdigest() if bodies else "",
        }  # fmt: skip
        self.recorder.append_site_event(tx, self.lanes.longest_record(), facts, {}, now=now)


def together(*parts: Destroyed) -> Destroyed:
    """Return several destructions of one transaction as one."""
    counts = sum((Counter(part.by_retention) for part in parts), Counter[str]())
    return Destroyed(
        items=tuple(item for part in parts for item in part.items),
        by_retention=dict(sorted(counts.items())),
        keys=tuple(key for part in parts for key in part.keys),
        subjects=tuple(dict.fromkeys(subject for part in parts for subject in part.subjects)),
    )


def _waited(erasing: Erasing, now: Instant) -> bool:
    return now - erasing.begun_at >= TOGETHER_MS


def _joined(before: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*before, *more)))
