"""What happened, for ever: events as commitments in a public Merkle tree, their bodies sealed in the vault.

``SqlRecordStore`` commits to an event inside the caller's transaction; ``PublicLog`` signs its receipt, batches
commitments into a tree (RFC 9162) with signed heads (C2SP), and projects the tree into ``log/``. ``verifier_key`` is
the text an auditor needs. ``SqlEncounterStore`` keeps encounters, ``SqlAggregateStore`` counts
of people with nobody in them, until their clock. The record never deletes: personal parts go with
their key (custody), and the tree does not change for it.
"""

from countenance.record.aggregates import SqlAggregateStore
from countenance.record.canonical import canonical
from countenance.record.continuing import Continued, read_continuation
from countenance.record.encounters import SqlEncounterStore
from countenance.record.log import PublicLog
from countenance.record.note import tree_head, verifier_key
from countenance.record.store import SqlRecordStore
from countenance.record.tiles import GrowingTree

__all__ = [
    "Continued", "GrowingTree", "PublicLog", "SqlAggregateStore", "SqlEncounterStore", "SqlRecordStore",
    "canonical", "read_continuation", "tree_head", "verifier_key",
]  # fmt: skip
