"""What a site signed to say what it may do, one act after the other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from countenance.terms.time import Instant


class ActKind(StrEnum):
    """What a site signs to say what it may do."""

    CHARTER = "charter"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class SignedAct:
    """That a charter or a prohibition was signed, or withdrawn; what was signed last under a name holds."""

    number: int
    """1, 2, 3 … within the site."""
    kind: ActKind
    file: str
    """Name of the file in its folder."""
    sha256: str
    """Of the text, or "" when it was withdrawn."""
    charter_id: str
    """"" for prohibitions."""
    version: int
    """0 for prohibitions."""
    at: Instant
    signature: bytes
    """64 bytes, over this act and the signature of the one before."""
