"""Rows become references of one gallery: a chunk is committed while the networks work on the next (CBP-1, CBP-2).

Each row gets a verdict, told once it is durable. One chunk is read ahead and no more, and a chunk ends early where its
photographs are large, so that memory is bounded whatever the gallery's size; whoever sends rows hears of a chunk when
the next one was read, or the rows ended.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from threading import Lock

from countenance.decision import admit_reference
from countenance.ports import Clock, Extractor, Galleries, Transactions, UnitOfWork
from countenance.procedures.gallery_errors import closed_gallery
from countenance.procedures.lanes import Lane, Lanes
from countenance.procedures.recording import Recorder, expiry
from countenance.terms import (
    Accepted,
    Enrolment,
    EnrolmentVerdict,
    Extraction,
    GalleryInfo,
    Instant,
    JsonObject,
    NotCompared,
    Reference,
    Refused,
)

CHUNK, LEAST = 48, 8
"""Rows that share one transaction, at most and in the first two chunks: a verdict is told only after its row is
durable, so that few rows tell early how it goes, and many cost few commits."""

CHUNK_BYTES = 16_000_000
"""Bytes of photographs after which a chunk ends early: two are held, and 96 photographs of 20 MB are no bound."""

Outcome = Extraction | NotCompared
"""What a row's photograph gave, or why it may not wait for a comparison."""


Expected = Callable[[UnitOfWork, Sequence[Enrolment]], Collection[str]]
"""Says whose rows, by person, may still become references when their chunk commits."""
_NOT_EXPECTED = (
    EnrolmentVerdict.REFUSED, "gallery.not_expected", "The manifest has changed since: look whose portraits it wants.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What happened to one row, in the order in which rows came."""

    row: int
    """1 for the first."""
    reference_id: str
    verdict: EnrolmentVerdict
    reason: str
    """Stable code for refusals, "" otherwise."""
    advice: str


@dataclass(frozen=True, slots=True)
class _Begun:
    """A chunk whose photographs the networks have."""

    rows: Sequence[tuple[int, Enrolment]]
    refused: Sequence[NotCompared | None]
    extracted: Callable[[], Sequence[Extraction]]

    def outcomes(self) -> list[Outcome]:
        """Wait for the networks and return what became of each row."""
        extractions = iter(self.extracted())
        return [next(extractions) if refusal is None else refusal for refusal in self.refused]


def _chunks(rows: Iterator[tuple[int, Enrolment]]) -> Iterator[Sequence[tuple[int, Enrolment]]]:
    """Yield rows by chunks; what was read before an error of the rows comes before the error."""
    for size in _sizes():
        chunk: list[tuple[int, Enrolment]] = []
        held = 0
        try:
            for row in islice(rows, size):
                chunk.append(row)
                held += len(row[1].image)
                if held >= CHUNK_BYTES:
                    break
        except Exception:
            if chunk:
                yield chunk
            raise
        if not chunk:
            return
        yield chunk


def _sizes() -> Iterator[int]:
    """Yield 8, 8, 16, 32, 48, 48 and so on."""
    yield LEAST
    size = LEAST
    while True:
        yield size
        size = min(2 * size, CHUNK)


@dataclass(frozen=True, slots=True)
class Enrolling:
    """One stream of rows into one gallery, under the policy that allowed it."""

    clock: Clock
    transactions: Transactions
    recorder: Recorder
    extractor: Extractor
    galleries: Galleries
    lanes: Lanes
    turn: Lock
    """The gallery's: held while a change commits and reaches the slab."""
    gallery_id: str
    lane: Lane
    policy_id: str
    expected: Expected

    def verdicts(self, rows: Iterator[Enrolment]) -> Iterator[RowVerdict]:
        """Yield each row's verdict once it is durable. What was read before an error of the rows is told before it."""
        chunks = map(self._begin, _chunks(enumerate(rows, start=1)))
        ahead: _Begun | None = None
        while True:
            try:
                begun = next(chunks, None)
            except Exception:
                if ahead is not None:
                    yield from self._commit(ahead)
                raise
            if ahead is not None:
                yield from self._commit(ahead)
            if begun is None:
                return
            ahead = begun

    def _begin(self, chunk: Sequence[tuple[int, Enrolment]]) -> _Begun:
        """Hand photographs over, the charter still in force; who is outside the evidence is refused, undecoded."""
        self.lanes.in_force(self.lane.checkpoint.checkpoint_id, self.clock.now())
        refused = [
            admit_reference(self.lane.point, age=row.age, reference_years=row.reference_years) for _, row in chunk
        ]
        images = [row.image for (_, row), refusal in zip(chunk, refused, strict=True) if refusal is None]
        return _Begun(chunk, refused, self.extractor.begin_many(images) if images else tuple)

    def _commit(self, begun: _Begun) -> Iterator[RowVerdict]:
        """Commit references and entries together, make them searchable, and only then tell the verdicts."""
        outcomes = begun.outcomes()
        now = self.clock.now()
        self.lanes.in_force(self.lane.checkpoint.checkpoint_id, now)
        with self.turn:
            with self.transactions.write() as tx:
                info = self._open(tx)
                taken = set(tx.galleries.present(self.gallery_id, [row.reference_id for _, row in begun.rows]))
                expected = self.expected(tx, [row for _, row in begun.rows])
                verdicts: list[RowVerdict] = []
                added: list[Reference] = []
                for (number, row), outcome in zip(begun.rows, outcomes, strict=True):
                    given = self._verdict(row, outcome, info.size + len(added), taken)
                    word, reason, advice = given if row.person_id in expected else _NOT_EXPECTED
                    verdicts.append(RowVerdict(number, row.reference_id, word, reason, advice))
                    if word is EnrolmentVerdict.ENROLLED:
                        assert isinstance(outcome, Accepted)  # noqa: S101 - nothing else is enrolled
                        added.append(Reference(row.reference_id, row.person_id, outcome.probe.template))
                        taken.add(row.reference_id)
                self._store(tx, begun, verdicts, added, now)
                tx.commit()
            self.galleries.add(self.gallery_id, added)
        yield from verdicts

    def _open(self, tx: UnitOfWork) -> GalleryInfo:
        info = tx.galleries.get(self.gallery_id)
        if info is None or not info.open:
            raise closed_gallery(self.gallery_id)
        return info

    def _verdict(
        self, row: Enrolment, outcome: Outcome, size: int, taken: set[str]
    ) -> tuple[EnrolmentVerdict, str, str]:
        most = self.lane.charter.max_gallery_size
        if row.reference_id in taken:
            return EnrolmentVerdict.DUPLICATE, "gallery.duplicate", "Already enrolled; remove it first."
        if size >= most:
            return EnrolmentVerdict.FULL, "gallery.full", f"The charter allows {most} references."
        if isinstance(outcome, NotCompared):
            return EnrolmentVerdict.REFUSED, outcome.reason, outcome.rules[-1].sentence
        if isinstance(outcome, Refused):
            return EnrolmentVerdict.REFUSED, f"{outcome.stage}.{outcome.reason}", outcome.advice
        return EnrolmentVerdict.ENROLLED, "", ""

    def _store(
        self, tx: UnitOfWork, begun: _Begun, verdicts: Sequence[RowVerdict], added: Sequence[Reference], now: Instant
    ) -> None:
        expires_at = expiry(self.lane.charter, "reference", now)
        tx.galleries.add_many(self.gallery_id, added, retention="reference", expires_at=expires_at, now=now)
        events: list[tuple[JsonObject, JsonObject, str]] = []
        for (_, row), verdict in zip(begun.rows, verdicts, strict=True):
            facts: JsonObject = {
                "event": "reference.offered", "gallery": self.gallery_id, "policy": self.policy_id,
                "verdict": verdict.verdict, "reason": verdict.reason,
            }  # fmt: skip
            personal: JsonObject = {"pseudonym": row.person_id, "reference": row.reference_id}
            events.append((facts, personal, f"person/{row.person_id}"))
        self.recorder.append_entries(tx, self.lane, events, now=now)
