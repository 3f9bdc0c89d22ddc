"""An auditor's word that what is told agrees with the record: counted again from the facts, signed with the own key.

The statement is about numbers that never change, so it holds as long as they are told: everybody can find them in any
later document and check the signature over their hash.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from countenance.errors import ConfigurationError, RecordError
from countenance.procedures.transparency.kinds import kind_of, place_of
from countenance.procedures.transparency.runs import SMALLEST
from countenance.record import canonical
from countenance.terms import Instant, Json, iso

FORMAT = "countenance/transparency-statement/v1"
DOMAIN = b"countenance/transparency-statement/v1\n"
_FIELDS = frozenset({
    "format", "site", "auditor", "key", "stated_at", "through", "numbers", "sha256", "counted_again", "too_old",
    "tree_head_sha256", "signature",
})  # fmt: skip
_NUMBERS = frozenset({"numbers", "counted_again", "too_old"})


@dataclass(frozen=True, slots=True)
class Number:
    """One told count."""

    checkpoint_id: str
    kind: str
    since: str
    until: str
    number: int

    @property
    def words(self) -> str:
        """Which one it is, for people."""
        return f"{self.kind} at {self.checkpoint_id or 'the site'}, {self.since} to {self.until}"


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What counting again found."""

    counted_again: int
    """Numbers that were counted again and agree."""
    too_old: int
    """Numbers of days whose facts the record's clock has taken: nobody can count these again."""
    faults: tuple[str, ...]
    """A sentence for each number that does not agree, or should not have been told."""


def numbers_of(document: Mapping[str, Any], through: str) -> tuple[Number, ...]:
    """Return every told count that ended on ``through`` (a day) or earlier, in order.

    Raises:
        ConfigurationError: ``transparency.unreadable``.
    """
    try:
        found = [
            Number(str(one["checkpoint"]), str(one["kind"]), _day(run["since"]), _day(run["until"]), int(run["number"]))
            for one in document["counts"]["series"] for run in one["told"]
        ]  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise unreadable("document") from error
    ended = [one for one in found if one.until <= through]
    return tuple(sorted(ended, key=lambda one: (one.checkpoint_id, one.kind, one.since)))


def reconcile(document: Mapping[str, Any], bundle: Mapping[str, Any]) -> Reconciled:
    """Count the record's facts again and compare every told number with them.

    Raises:
        ConfigurationError: ``transparency.unreadable``.
    """
    counted: Counter[tuple[str, str, str]] = Counter()
    gone: set[date] = set()
    try:
        for entry in bundle["entries"]:
            if "facts" not in entry:
                gone.add(date.fromisoformat(entry["include_by"][:10]))
                continue
            facts = json.loads(entry["facts"])
            kind = kind_of(facts)
            if kind is not None:
                counted[place_of(kind, facts), kind.value, _day(facts["time"][:10])] += 1
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise unreadable("bundle") from error
    told = numbers_of(document, "9999-12-31")
    living = [one for one in told if not _may_lack(one, gone)]
    faults = [fault for one in living if (fault := _fault(one, counted))]
    return Reconciled(len(living) - len(faults), len(told) - len(living), (*faults, *_never_to_be_told(told)))


def _may_lack(one: Number, gone: Iterable[date]) -> bool:
    """Return whether an entry without facts may be of the run's days: it was included within a week at most."""
    first, last = date.fromisoformat(one.since), date.fromisoformat(one.until) + timedelta(7)
    return any(first <= day <= last for day in gone)


def _fault(one: Number, counted: Mapping[tuple[str, str, str], int]) -> str:
    found = sum(
        number for (place, kind, on), number in counted.items()
        if (place, kind) == (one.checkpoint_id, one.kind) and one.since <= on <= one.until
    )  # fmt: skip
    return "" if found == one.number else f"{one.words}: told {one.number}, the record has {found}."


def _never_to_be_told(told: Sequence[Number]) -> list[str]:
    """Return a sentence for each number that is too small, or shares a day with another of its series."""
    small = [f"{one.words}: {one.number} is fewer than {SMALLEST}." for one in told if one.number < SMALLEST]
    shared = [
        f"{one.words}: shares days with the next."
        for one, after in itertools.pairwise(told)
        if (one.checkpoint_id, one.kind) == (after.checkpoint_id, after.kind) and one.until >= after.since
    ]
    return small + shared


def state(  # noqa: PLR0917 - one statement's whole content
    document: Mapping[str, Any], bundle: Mapping[str, Any], found: Reconciled, auditor: str, key: bytes,
    sign: Callable[[bytes], bytes], now: Instant,
) -> dict[str, Any]:  # fmt: skip
    """Return the signed statement of ``auditor``, whose public key is ``key`` (32 bytes)."""
    told = numbers_of(document, "9999-12-31")
    fields: dict[str, Any] = {
        "format": FORMAT, "site": str(document.get("site", "")), "auditor": auditor, "key": key.hex(),
        "stated_at": iso(now), "through": max((one.until for one in told), default=""), "numbers": len(told),
        "sha256": digest(told), "counted_again": found.counted_again, "too_old": found.too_old,
        "tree_head_sha256": sha256(str(bundle.get("tree_head", "")).encode()).hexdigest(),
    }  # fmt: skip
    return {**fields, "signature": sign(DOMAIN + canonical(fields)).hex()}


def checks(statement: Mapping[str, Any], document: Mapping[str, Any]) -> tuple[tuple[str, bool], ...]:
    """Return what holds of a statement, each as a sentence: shape, signature, site, numbers.

    Raises:
        ConfigurationError: ``transparency.unreadable``.
    """
    if not _shaped(statement):
        raise unreadable("statement")
    told = numbers_of(document, str(statement["through"]))
    return (
        ("The signature is by the key that the statement names.", signed(statement)),
        ("It is about this site.", statement["site"] == document.get("site")),
        (
            f"The {statement['numbers']} numbers it is about are told unchanged.",
            (len(told), digest(told)) == (statement["numbers"], statement["sha256"]),
        ),
    )


def signed(statement: Mapping[str, Any]) -> bool:
    """Return whether the signature is by the key in the statement; whose key that is, it cannot say."""
    if not _shaped(statement):
        return False
    fields = {name: value for name, value in statement.items() if name != "signature"}
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(statement["key"]))
        key.verify(bytes.fromhex(statement["signature"]), DOMAIN + canonical(fields))
    except (InvalidSignature, ValueError, TypeError, KeyError, RecordError):
        return False
    return True


def _shaped(statement: Mapping[str, Any]) -> bool:
    """Return whether a statement has the fields of one, each of its kind."""
    kinds = {name: int if name in _NUMBERS else str for name in _FIELDS}
    return (
        set(statement) == _FIELDS
        and all(isinstance(statement[name], kind) for name, kind in kinds.items())
        and statement["format"] == FORMAT
    )  # fmt: skip


def digest(told: Sequence[Number]) -> str:
    """Return the SHA-256 (hex) of numbers, as canonical JSON lists: checkpoint, kind, first and last day, number."""
    rows: list[Json] = [[one.checkpoint_id, one.kind, one.since, one.until, one.number] for one in told]
    return sha256(canonical({"numbers": rows})).hexdigest()


def unreadable(what: str) -> ConfigurationError:
    """Return the error that says that a file is not what it should be."""
    return ConfigurationError(
        "transparency.unreadable", f"The {what} is not one of this version of countenance.",
        remedy="Give the document that GET /transparency answers, a bundle of 'record export', and a statement as made "
        "by 'transparency statement'.",
    )  # fmt: skip


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()
