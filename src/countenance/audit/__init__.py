"""The outsider's verifier: is this log what its key's owner promised? Standard library and ``cryptography`` only.

Nothing of countenance is imported, so this folder alone, copied to a machine that never saw a site, audits one:
``python -m audit LOG --key FILE``. It does not share a line with the code that writes logs, on purpose. Read ``verify``
first.
"""

from .findings import Check, Counts, Fault, Findings
from .notes import Head, Key, read_checkpoint, read_key, read_note, verify_note
from .tree import verify_consistency, verify_inclusion
from .verify import audit

__all__ = [
    "Check", "Counts", "Fault", "Findings", "Head", "Key", "audit", "read_checkpoint", "read_key", "read_note",
    "verify_consistency", "verify_inclusion", "verify_note",
]  # fmt: skip
