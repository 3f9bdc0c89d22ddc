"""What an audit found: the checks that were made, the faults, and how much was looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from .notes import Head
from .rows import Census

MOST_FAULTS = 1000
"""Faults kept by name; a folder of garbage must not fill the auditor's memory."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it must be."""

    code: str
    """Stable: "file.missing", "tile.content", "receipt.not_included" …"""
    sentence: str
    """Names the file, entry, body or receipt."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was verified, or was tried and did not hold."""

    name: str
    sentence: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Cosigned:
    """Somebody else's signature under the checkpoint."""

    name: str
    key_id: str
    """Hex."""
    seconds: int
    """When a witness signed, in seconds since 1970; 0 for a signer whom the auditor did not name."""
    trusted: bool
    """Whether the auditor named it as a witness and its signature fits; the others are ignored."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was looked at."""

    files: int = 0
    """Files under the log folder, the checkpoint included."""
    entries: int = 0
    """Entries whose leaf hash was recomputed; which of them are dummies nobody can tell."""
    bodies: int = 0
    bodies_pending: int = 0
    """Not in the tree, and not due yet."""
    bodies_without_personal: int = 0
    """The personal part is gone; the facts were verified without it."""
    bodies_without_facts: int = 0
    """Both parts are gone; the commitment's place in the tree and the erasure's receipt were verified."""
    receipts: int = 0
    receipts_pending: int = 0


@dataclass(frozen=True, slots=True)
class Findings:
    """The result of an audit."""

    faults: tuple[Fault, ...]
    faults_left_out: int
    """Faults found beyond the first thousand."""
    checks: tuple[Check, ...]
    counts: Counts
    origin: str
    """The log's name, from the key."""
    tree_size: int
    """What the verified checkpoint states, or 0."""
    tree_root: str
    """Hex, or "" when no checkpoint was verified."""
    tree_head: str = ""
    """The verified checkpoint's text without signatures, for the next audit to compare with."""
    signers: tuple[Cosigned, ...] = ()
    """Who signed the checkpoint besides the log."""
    census: Census | None = None
    """Every encounter, where a bundle was given."""

    @property
    def ok(self) -> bool:
        """Whether nothing at all is wrong."""
        return not self.faults

    @property
    def strangers(self) -> tuple[Cosigned, ...]:
        """Who signed the checkpoint and is neither the log nor a witness whom the auditor named."""
        return tuple(signer for signer in self.signers if not signer.trusted)

    def passed(self, name: str) -> bool:
        """Return whether a check of this name was made and held."""
        return any(check.name == name and check.passed for check in self.checks)

    def as_json(self) -> dict[str, object]:
        """Return everything as plain JSON values, with ``ok`` first."""
        return {"ok": self.ok, **asdict(self)}


@dataclass(frozen=True, slots=True)
class Vouched:
    """A checkpoint whose log signature holds."""

    head: Head
    text: str
    """What was signed."""
    signers: tuple[Cosigned, ...]


class Report:
    """Collects faults and checks while an audit runs."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._checks: list[Check] = []
        self._found = 0

    @property
    def found(self) -> int:
        """How many faults were found so far."""
        return self._found

    def fault(self, code: str, sentence: str) -> None:
        """Note that something is wrong."""
        self._found += 1
        if len(self._faults) < MOST_FAULTS:
            self._faults.append(Fault(code, sentence))

    def checked(self, name: str, sentence: str, *, since: int) -> None:
        """Note what was verified; it holds when no fault was found after the first ``since``."""
        self._checks.append(Check(name, sentence, self._found == since))

    def judged(self, name: str, sentence: str, complete: bool, *, since: int) -> None:  # noqa: FBT001 - a fact, not a mode
        """As ``checked``; it does not hold either when the entries could not all be read."""
        self._checks.append(Check(name, sentence, complete and self._found == since))

    def findings(
        self, counts: Counts, origin: str, head: Vouched | None = None, census: Census | None = None
    ) -> Findings:
        """Return everything noted; without a verified ``head`` the tree is that of nothing."""
        left_out = self._found - len(self._faults)
        found = Findings(tuple(self._faults), left_out, tuple(self._checks), counts, origin, 0, "", census=census)
        if head is None:
            return found
        return replace(
            found, tree_size=head.head.size, tree_root=head.head.root.hex(), tree_head=head.text, signers=head.signers
        )
