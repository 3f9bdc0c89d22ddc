"""A site's record of a given size, made up at once, so that its speed at that size can be measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from sqlalchemy import insert

from countenance.bootstrap.logs import open_log
from countenance.bootstrap.setup import create_site
from countenance.bootstrap.wiring import Storage, open_storage
from countenance.custody import FileSigner, SystemEntropy
from countenance.record import GrowingTree, PublicLog, tree_head, verifier_key
from countenance.storage import open_database, tables
from countenance.terms import Instant, JsonObject, RecordedEvent, iso

_AT_ONCE = 10_000
_LEAF = 32
_FOR_EVER = 10**12


@dataclass(frozen=True, slots=True)
class FilledRecord:
    """The record of a site of its own, its log published."""

    folder: Path
    """The public log."""
    vkey: str
    storage: Storage
    log: PublicLog

    def append(self, facts: JsonObject) -> tuple[bytes, float, float]:
        """Record one event and sign its receipt; return its commitment, the milliseconds of that, and the commit's.

        The first is everything a recorded event costs but the disk: the link to the entry before, salts, two sealed
        parts, rows and receipt. The second ends when it is durable.
        """
        now = self.storage.clock.now()
        with self.storage.transactions.write() as tx:
            start = perf_counter()
            kept = Instant(now + _FOR_EVER)
            event = RecordedEvent(
                {**facts, "v": 1, "time": iso(now)}, {"pseudonym": "traveller"}, "site", kept, kept,
            )  # fmt: skip
            (entry,) = tx.record.append_many([event], now=now, link=self.log.link)
            self.log.receipt(entry)
            appended = perf_counter()
            tx.commit()
        return entry.commitment, (appended - start) * 1000, (perf_counter() - appended) * 1000


def fill_record(path: Path, count: int) -> FilledRecord:
    """Make a site in the empty folder ``path`` with ``count`` entries in its record, a multiple of 64, and publish.

    Rows and tree are those of a real record; of the made-up entries nothing is sealed, as if their facts were gone.
    """
    site = create_site(path, charters=()).site
    entropy, signer = SystemEntropy(), FileSigner(site.keys / "log.key")
    storage = open_storage(site, entropy, None)
    now, tree = storage.clock.now(), GrowingTree()
    engine = open_database(site.db_url)
    with engine.begin() as connection:
        for start, leaves in _batches(entropy, count):
            connection.execute(insert(tables.entries), [_row(start + at, leaf, now) for at, leaf in enumerate(leaves)])
            rows = [{"position": start + at, "commitment": leaf} for at, leaf in enumerate(leaves)]
            connection.execute(insert(tables.leaves), rows)
            tree.add(leaves)
        head = tree_head(tree.size, tree.root(), site.log_origin, signer)
        row = {"size": head.size, "root": head.root, "note": head.note, "signed_at": now}
        connection.execute(insert(tables.tree_heads), row)
    engine.dispose()
    log = open_log(site, storage, entropy, thorough=False)
    return FilledRecord(site.log, verifier_key(site.log_origin, signer.public_key), storage, log)


def _batches(entropy: SystemEntropy, count: int) -> Iterator[tuple[int, list[bytes]]]:
    for start in range(0, count, _AT_ONCE):
        drawn = entropy.token_bytes(_LEAF * min(_AT_ONCE, count - start))
        yield start, sorted(drawn[at : at + _LEAF] for at in range(0, len(drawn), _LEAF))


def _row(position: int, leaf: bytes, now: Instant) -> dict[str, object]:
    return {
        "commitment": leaf, "sequence": position + 1, "facts_item": f"gone-{position}", "personal_item": "gone",
        "personal_mac": bytes(_LEAF), "recorded_at": now, "include_by": now, "erased_by": "",
    }  # fmt: skip
