"""The outsider's verifier: is this log what its key's owner promised? Standard library and ``cryptography`` only.

Nothing of countenance is imported, so this folder alone, copied to a machine that never saw a site, audits one:
``python -m audit LOG --key FILE``. It does not share a line with the code that writes logs, on purpose. Read ``verify``
first.
"""

from .findings import Check, Cosigned, Counts, Fault, Findings
from .layout import Folder, Source
from .memory import STALE_AFTER_MS, load_state, save_state, state_after, state_file
from .notes import Head, Key, read_checkpoint, read_key, read_note, verify_note
from .remembering import NO_STATE, audit_remembering
from .rows import COLUMNS, Census, Row, as_csv, summed
from .tree import verify_consistency, verify_inclusion
from .verify import audit
from .web import Web

__all__ = [
    "COLUMNS", "NO_STATE", "STALE_AFTER_MS", "Census", "Check", "Cosigned", "Counts", "Fault", "Findings", "Folder",
    "Head", "Key", "Row", "Source", "Web", "as_csv", "audit", "audit_remembering", "load_state", "read_checkpoint",
    "read_key", "read_note", "save_state", "state_after", "state_file", "summed", "verify_consistency",
    "verify_inclusion", "verify_note",
]  # fmt: skip
