"""The public, append-only log over the record: batches, tree heads, receipts, proofs, and the files under ``log/``.

A batch and its signed tree head are one transaction; the files follow as a projection and can lag behind it, but never
say anything that the transaction has not made true. What a reader can see of a batch is when it was published (every
few minutes, idle or not) and its padded size.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from countenance.errors import ConfigurationError, NotFound, RecordError
from countenance.ports import Entropy, RecordStore, Signer, Transactions, UnitOfWork
from countenance.record.canonical import canonical
from countenance.record.commitment import CHAIN_DOMAIN, link_to, random_32
from countenance.record.merkle import leaf_hash, verify_inclusion
from countenance.record.mirror import Mirror
from countenance.record.note import check_name, empty_head, read_head, tree_head
from countenance.record.projection import Projection
from countenance.record.tiles import STEP
from countenance.terms import Entry, InclusionProof, Instant, Json, Receipt, TreeHead, iso

RECEIPT_DOMAIN = b"countenance/receipt/v1\n"
BUNDLE_FORMAT = "countenance/bodies/v1"


class PublicLog:
    """Log port over ``Transactions`` and one folder. Safe between threads of the one process that holds the site."""

    def __init__(
        self,
        transactions: Transactions,
        signer: Signer,
        folder: Path,
        origin: str,
        entropy: Entropy,
        *,
        batch_ms: int = 300_000,
        include_within_ms: int = 600_000,
    ) -> None:
        """Publish the record of ``transactions`` into ``folder`` as log ``origin``, a batch every ``batch_ms``.

        Raises:
            RecordError: ``log.origin``: the origin cannot name a log.
            ConfigurationError: ``config.log_times``: batches are too far apart to keep the promise that receipts make.
        """
        if not 0 < batch_ms <= include_within_ms:
            raise ConfigurationError(
                "config.log_times",
                f"A batch every {batch_ms} ms cannot keep a promise of inclusion within {include_within_ms} ms.",
                remedy="Make the time between batches shorter than the time within which entries are included.",
            )
        self._transactions = transactions
        self._signer = signer
        self._origin = check_name(origin)
        self._entropy = entropy
        self._batch_ms = batch_ms
        self._mirror = Mirror(Projection(folder), origin, signer.public_key)
        self._chain = signer.sign(CHAIN_DOMAIN)
        self._published_at: Instant | None = None
        self._turn = threading.Lock()

    def link(self, commitment: bytes) -> str:
        """Return how an entry's facts name the entry before it, with this commitment; "" for b""."""
        return link_to(self._chain, commitment) if commitment else ""

    def receipt(self, entry: Entry) -> Receipt:
        """Sign what was recorded, before it is answered. The signature covers every other field (see ``terms``)."""
        fields = {
            "origin": self._origin,
            "commitment": entry.commitment.hex(),
            "include_by": iso(entry.include_by),
            "facts": entry.facts.decode(),
            "facts_salt": entry.facts_salt.hex(),
            "personal_mac": entry.personal_mac.hex(),
        }
        return Receipt(**fields, signature=self._signer.sign(RECEIPT_DOMAIN + canonical(fields)).hex())

    def tick(self, now: Instant) -> TreeHead | None:
        """Publish a batch if none was for ``batch_ms`` (or since start), dummies included; return its head or None.

        Raises:
            RecordError, StorageError: as ``publish``.
        """
        last = self._published_at
        return self.publish(now) if last is None or now - last >= self._batch_ms else None

    def publish(self, now: Instant) -> TreeHead:
        """Publish a batch at once: commit it with its signed tree head, then bring the files after it.

        Raises:
            RecordError: ``log.not_written`` when the files could not follow (the batch may stand; the next call
                catches up before it adds another), or whatever ``repair`` raises.
            StorageError: nothing happened.
        """
        with self._turn:
            with self._transactions.read() as tx:
                tree = self._mirror.catch_up(tx.record, self._head(tx.record))
            since = tree.size
            with self._transactions.write() as tx:
                batch = self._batch(tx.record.pending())
                tiles = tree.add(batch)
                head = tree_head(tree.size, tree.root(), self._origin, self._signer)
                if tx.record.append_batch(batch, now) != head.size:
                    raise _two_writers()
                tx.record.save_head(head.size, head.root, head.note, now)
                tx.commit()
            self._mirror.show(tree, tiles, head, since)
            self._published_at = now
            return head

    def _batch(self, pending: Sequence[bytes]) -> list[bytes]:
        """Return the pending commitments padded with dummies to a power of two of at least 64, sorted bytewise.

        Sorted, a commitment's place says nothing about when it was made or whether it is a dummy (invariant 10).
        """
        size = max(STEP, 1 << (len(pending) - 1).bit_length()) if pending else STEP
        return sorted([*pending, *(random_32(self._entropy) for _ in range(size - len(pending)))])

    def head(self) -> TreeHead:
        """Return the newest tree head; before the first batch, that of the empty tree.

        Raises:
            RecordError: ``log.note`` or ``record.damaged``.
        """
        with self._turn, self._transactions.read() as tx:
            return self._head(tx.record)

    def _head(self, record: RecordStore) -> TreeHead:
        note = record.head_note()
        if note is None:
            head = empty_head(self._origin, self._signer)
        else:
            head = read_head(note, self._origin, self._signer.public_key)
        if record.size() != head.size:
            raise RecordError(
                "record.damaged",
                f"The database holds {record.size()} leaves under a tree head of {head.size}.",
                remedy="Nothing was published. Restore the database from a backup that is not older than log/.",
            )
        return head

    def prove(self, commitment: bytes) -> InclusionProof:
        """Return the inclusion proof under the newest tree head, verified. Dummies have one like every leaf.

        Raises:
            NotFound: ``log.unknown_commitment``, or ``log.pending`` while it waits for its batch.
            RecordError: ``log.unreadable``: the files do not give a proof that verifies.
        """
        with self._turn:
            with self._transactions.read() as tx:
                index = tx.record.index_of(commitment)
                if index is None:
                    raise _pending() if tx.record.knows(commitment) else _unknown()
                head = self._head(tx.record)
            path = self._mirror.path(index, head)
        if not verify_inclusion(leaf_hash(commitment), index, head.size, path, head.root):
            raise RecordError(
                "log.unreadable",
                "No proof can be made: the tiles under log/ are not those of the newest tree head.",
                remedy="Restart the service: it repairs log/ from the record.",
            )
        return InclusionProof(commitment, index, head, path)

    def repair(self, *, thorough: bool = True) -> None:
        """Bring the files to what the record says; at start, before anything is answered.

        Thorough compares every byte, about 3 s for a million leaves, and holds the record against itself; otherwise
        names, lengths and the tree's right edge only, enough after any interruption (for a command that runs for a
        moment).

        Raises:
            RecordError: ``log.rolled_back`` (the database is older than ``log/checkpoint``), ``log.forked``,
                ``log.foreign``, ``log.note``, ``record.damaged``, ``record.edited``: nothing may start;
                ``log.not_written``: the disk refused.
        """
        with self._turn, self._transactions.read() as tx:
            head = self._head(tx.record)
            if thorough:
                self._mirror.rebuild(tx.record, head)
                tx.record.check(self.link)
            else:
                self._mirror.tidy(tx.record, head)

    def export_bundle(self, tx: UnitOfWork, now: Instant) -> dict[str, Json]:
        """Return every entry opened, for an auditor: what ``countenance audit --bodies`` checks against the log.

        The signed head states the tree at export, so that a later audit sees whether the log only grew since then.

        Raises:
            VaultError, RecordError: a body was changed.
        """
        head = self._head(tx.record)
        return {
            "format": BUNDLE_FORMAT,
            "origin": self._origin,
            "exported_at": iso(now),
            "tree_size": head.size,
            "tree_head": head.note,
            "chain": self._chain.hex(),
            "entries": list(tx.record.bodies()),
        }


def _two_writers() -> RecordError:
    return RecordError(
        "log.two_writers",
        "The tree grew while this batch was being made: another process writes to this site.",
        remedy="Nothing was published; stop the other process, then restart this one.",
    )


def _pending() -> NotFound:
    return NotFound(
        "log.pending",
        "This commitment was recorded and waits for its batch.",
        remedy="Ask again in a few minutes, at the latest when the receipt's include_by has passed.",
    )


def _unknown() -> NotFound:
    return NotFound(
        "log.unknown_commitment",
        "No such commitment was recorded here.",
        remedy="Compare the commitment with the receipt; if the receipt's signature is good, tell an auditor.",
    )
