"""What a crossing adds to the aggregates: one call beside its entry, in the same transaction, and no person in it.

What a document states besides age is remembered here, in memory, until the encounter ends or its token does, and is
stored nowhere but as a count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from threading import Lock

from countenance.evaluate.drift import (
    DIMENSIONS,
    ENDED,
    LIVE,
    MISSED,
    WAIT_OTHERS,
    age_band,
    kind,
    search_counts,
    wait_cell,
)
from countenance.ports import UnitOfWork
from countenance.procedures.lanes import Lane
from countenance.procedures.recording import expiry
from countenance.terms import (
    CAPTURED,
    DAY_MS,
    EARLIER_REFERRAL,
    UNSTATED,
    Candidate,
    Count,
    Decision,
    Encounter,
    Ended,
    Instant,
    Match,
    NoMatch,
    NotCompared,
    Referred,
    Refused,
    Sex,
    Stated,
)

_AGES = frozenset({"outside_envelope.age", "outside_envelope.age_unknown", "outside_envelope.minimum_age"})
_BY_PART: Mapping[str, Ended] = {
    "quality": Ended.CAPTURE, "reference": Ended.REFERENCE, "gallery": Ended.REFERENCE, "score": Ended.MATCHING,
}  # fmt: skip
_REMEMBERED = 10_000
"""Encounters whose document is remembered at most; beyond that the oldest counts as unstated."""


@dataclass(frozen=True, slots=True)
class Search:
    """What a search returned, for the tail; it was made anyway."""

    ranked: Sequence[Candidate]
    persons: Mapping[str, str]
    found: str
    gallery_size: int


class Documents:
    """What documents state, by encounter, for as long as its token lives; in memory alone."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._stated: dict[str, tuple[Instant, Stated]] = {}

    def remember(self, encounter: Encounter, stated: Stated) -> None:
        """Keep what is stated until the encounter's token ends; forget what is past that."""
        if stated == UNSTATED:
            return
        with self._lock:
            for known, (expires_at, _) in list(self._stated.items()):
                if expires_at > encounter.opened_at and len(self._stated) < _REMEMBERED:
                    break  # in the order of opening: the rest is younger
                del self._stated[known]
            self._stated[encounter.encounter_id] = (encounter.expires_at, stated)

    def forget(self, encounter_id: str) -> Stated:
        """Return what was stated, this once."""
        with self._lock:
            return self._stated.pop(encounter_id, (Instant(0), UNSTATED))[1]


@dataclass(frozen=True, slots=True)
class Counting:
    """Adds to the aggregates."""

    documents: Documents

    def opened(
        self, tx: UnitOfWork, encounter: Encounter, lane: Lane, stated: Stated, refused: NotCompared | Referred | None
    ) -> None:
        """Count who is not compared from the outset; remember the others' documents until they are answered.

        Whoever comes back to an open referral was counted with it.
        """
        if isinstance(refused, Referred):
            return
        if refused is None:
            self.documents.remember(encounter, stated)
            return
        ended = _refused(refused.reason)
        missed = [] if ended is Ended.EXEMPT else [Count(MISSED, refused.reason, 1)]
        _add(tx, lane, encounter.opened_at, [Count(ENDED, ended, 1), *missed])

    def opted_out(self, tx: UnitOfWork, encounter: Encounter, lane: Lane, now: Instant) -> None:
        """Count a refusal; whose it was is forgotten at once."""
        self.documents.forget(encounter.encounter_id)
        _add(tx, lane, now, [Count(ENDED, Ended.OPTED_OUT, 1)])

    def answered(  # noqa: PLR0917 - one answer's whole context
        self,
        tx: UnitOfWork,
        encounter: Encounter,
        lane: Lane,
        decision: Decision | Refused,
        search: Search | None,
        now: Instant,
    ) -> None:
        """Count how an encounter ended: the way, a match's wait, a search's strangers, and the groups.

        An attempt that may be repeated ends nothing and counts nothing.
        """
        if isinstance(decision, Refused):
            return
        if isinstance(decision, Referred) and decision.reason == EARLIER_REFERRAL:  # counted with that referral
            self.documents.forget(encounter.encounter_id)
            return
        ended = _ended(decision)
        counts = [Count(ENDED, ended, 1)]
        if ended not in CAPTURED and isinstance(decision, NotCompared):
            counts.append(Count(MISSED, decision.reason, 1))
        if ended is Ended.MATCHED:
            counts.append(Count(WAIT_OTHERS, wait_cell((now - encounter.opened_at) / 1000), 1))
        if search is not None and search.found:
            ranked = [(search.persons[one.reference_id], one.score) for one in search.ranked]
            counts += search_counts(
                ranked, found=search.found, gallery_size=search.gallery_size, threshold=lane.point.threshold
            )
        _add(tx, lane, now, counts)
        stated = self.documents.forget(encounter.encounter_id)
        cells = (stated.sex, age_band(encounter.eligibility.age), stated.issuing_state or Sex.UNSTATED)
        become = "referred" if ended is Ended.MATCHING else "" if ended in CAPTURED else "missed"
        groups = [
            Count(kind(LIVE, of, way), cell, 1)
            for of, cell in zip(DIMENSIONS, cells, strict=True)
            for way in ("people", become)
            if way
        ]
        expires_at = expiry(lane.charter, "facts", now)
        tx.aggregates.add(months_first(now), lane.checkpoint.checkpoint_id, groups, expires_at=expires_at)


def months_first(now: Instant) -> int:
    """Return the first day of the month of ``now``, in days since 1970: where groups are counted."""
    return (datetime.fromtimestamp(now // 1000, UTC).date().replace(day=1) - date(1970, 1, 1)).days


def _add(tx: UnitOfWork, lane: Lane, now: Instant, counts: Sequence[Count]) -> None:
    expires_at = expiry(lane.charter, "facts", now)
    tx.aggregates.add(now // DAY_MS, lane.checkpoint.checkpoint_id, counts, expires_at=expires_at)


def _refused(reason: str) -> Ended:
    """Return whether nobody of this age is compared, or a part or its authority is missing."""
    return Ended.EXEMPT if reason in _AGES else Ended.UNAVAILABLE


def _ended(decision: Decision) -> Ended:
    if isinstance(decision, Match):
        return Ended.MATCHED
    if isinstance(decision, NoMatch | Referred):
        return Ended.MATCHING
    part, _, what = decision.reason.partition(".")
    if what == "not_live":
        return Ended.ATTACK_DETECTION
    return _BY_PART.get(part) or _refused(decision.reason)
