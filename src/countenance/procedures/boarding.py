"""An announced gallery is filled with portraits and boarded: a verdict for each, and where everybody stands.

Rules: CBP-1 (only people expected at this event), CBP-2 (templates kept, photographs discarded). A portrait that was
staged before is a duplicate, so that an interrupted stream is simply sent again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from countenance.errors import GalleryError
from countenance.ports import UnitOfWork
from countenance.procedures.alike import alike
from countenance.procedures.enrolling import CHUNK, RowVerdict
from countenance.procedures.events import band_of
from countenance.procedures.lanes import Lane
from countenance.procedures.recording import expiry
from countenance.procedures.rolls import (
    read_entries,
    read_roll,
    read_some,
    save_entries,
    save_roll,
)
from countenance.procedures.staging import Staging
from countenance.procedures.streams import Stream, Streams
from countenance.terms import (
    Action,
    Actor,
    Enrolment,
    EnrolmentVerdict,
)
from countenance.terms.staging import (
    Boarding,
    PortraitRow,
    PortraitVerdict,
    Roll,
    RollEntry,
    TravellerLine,
    TravellerState,
)

_NOT_USABLE = frozenset({EnrolmentVerdict.REFUSED, EnrolmentVerdict.FULL})


@dataclass(frozen=True, slots=True)
class Boardings:
    """Everything that an announced event needs, chosen by ``bootstrap``."""

    staging: Staging
    streams: Streams

    def portray(self, gallery_id: str, rows: Iterable[PortraitRow], actor: Actor) -> Iterator[PortraitVerdict]:
        """Stage portraits of expected travellers as they come and tell each one's verdict once it is durable.

        (1) the gallery has a roll; (2) each portrait is enrolled as in ``Staging.enrol``, under the traveller's age;
        who is on no roll ends the stream, who was taken off it meanwhile is refused; (3) whose portrait was not usable
        is noted on the roll, who has a reference is seen from the references; (4) at the end each new reference is
        searched in its own gallery for people who cannot be told apart, and every one where another stream broke off.

        Raises:
            GalleryError: ``gallery.no_manifest`` before the first verdict, ``gallery.not_expected`` in the stream.
            NotFound, CharterError, AccessError: as ``Staging.enrol``.
        """
        self.staging.managed(gallery_id, actor, Action.ENROL)
        with self.staging.turn, self.staging.transactions.write() as tx:
            roll = _roll(tx, gallery_id)  # (1)
            stream = self.streams.begin(gallery_id)
            self._save(tx, gallery_id, replace(roll, comparing=True))
            by_number = {one.number: one for one in read_entries(tx, gallery_id).values()}
            tx.commit()
        offered: list[tuple[int, RollEntry]] = []
        enrolments = _enrolments(gallery_id, rows, by_number, offered)
        verdicts = self.staging.enrol(gallery_id, enrolments, actor, partial(_expected, gallery_id))  # (2)
        return self._portray(stream, verdicts, offered, interrupted=roll.comparing)

    def _portray(
        self,
        stream: Stream,
        verdicts: Iterator[RowVerdict],
        offered: list[tuple[int, RollEntry]],
        *,
        interrupted: bool,
    ) -> Iterator[PortraitVerdict]:
        gallery_id = stream.gallery_id
        poor: dict[str, RollEntry] = {}
        enrolled: set[str] = set()
        for at, verdict in enumerate(verdicts):
            number, entry = offered[at]
            if verdict.verdict in _NOT_USABLE and entry.state is not TravellerState.EXCLUDED:
                poor[entry.person_id] = replace(entry, state=TravellerState.POOR, reason=verdict.reason)
            if verdict.verdict is EnrolmentVerdict.ENROLLED:
                enrolled.add(entry.person_id)
            if len(poor) >= CHUNK:  # (3)
                self._note(gallery_id, poor.values())
                poor.clear()
            yield PortraitVerdict(verdict.row, number, verdict.verdict, verdict.reason, verdict.advice)
        self._note(gallery_id, poor.values())
        self._compare(stream, None if interrupted else enrolled)  # (4)

    def _note(self, gallery_id: str, entries: Collection[RollEntry]) -> None:
        if not entries:
            return
        now = self.staging.clock.now()
        with self.staging.turn, self.staging.transactions.write() as tx:
            still = read_some(tx, gallery_id, [one.person_id for one in entries])
            lane = self._lane(tx, gallery_id)
            known = [
                replace(still[one.person_id], state=one.state, reason=one.reason)
                for one in entries
                if one.person_id in still and still[one.person_id].state is not TravellerState.EXCLUDED
            ]
            save_entries(tx, gallery_id, known, expiry(lane.charter, "reference", now))
            tx.commit()

    def _compare(self, stream: Stream, people: Collection[str] | None) -> None:
        """Find whom ``people`` (None: anybody) cannot be told from; nobody at a lane waits for the searches.

        A stream beside this one may break off yet, or has: then the next one compares everybody.
        """
        gallery_id = stream.gallery_id
        with self.staging.transactions.read() as tx:
            if read_roll(tx, gallery_id) is None:
                return  # closed meanwhile
            pairs = alike(tx, self.staging.galleries, gallery_id, self._lane(tx, gallery_id).point, people)
        with self.staging.turn, self.staging.transactions.write() as tx:
            roll = read_roll(tx, gallery_id)
            if roll is None:
                return
            there = {person for _, person in tx.galleries.people(gallery_id)}
            still = {pair for pair in (*roll.alike, *pairs) if set(pair) <= there}
            self._save(tx, gallery_id, replace(roll, alike=tuple(sorted(still)), comparing=not stream.alone))
            tx.commit()

    def _save(self, tx: UnitOfWork, gallery_id: str, roll: Roll) -> None:
        kept_until = expiry(self._lane(tx, gallery_id).charter, "reference", self.staging.clock.now())
        save_roll(tx, gallery_id, roll, kept_until)

    def _lane(self, tx: UnitOfWork, gallery_id: str) -> Lane:
        info = tx.galleries.get(gallery_id)
        assert info is not None  # noqa: S101 - galleries are closed, never deleted
        return self.staging.lanes.governing(info.checkpoint_id, info.charter)

    def status(self, gallery_id: str, actor: Actor) -> Boarding:
        """Return where a staged gallery stands: coverage, missing, poor, alike, aboard; by number, never by name.

        Raises:
            NotFound, AccessError: ``gallery.unknown``, ``access.denied``.
            GalleryError: ``gallery.no_manifest``.
        """
        self.staging.managed(gallery_id, actor, Action.READ_GALLERY)
        with self.staging.transactions.read() as tx:
            info = tx.galleries.get(gallery_id)
            assert info is not None  # noqa: S101 - galleries are closed, never deleted
            if not info.open:
                return Boarding(gallery_id, "", open=False, closes_at=info.closes_at, travellers=(), alike=())
            roll = _roll(tx, gallery_id)
            entries = read_entries(tx, gallery_id)
            references = Counter(person for _, person in tx.galleries.people(gallery_id))
            aboard = tx.galleries.aboard(gallery_id)
        lines = [_line(one, references[one.person_id], aboard=one.person_id in aboard) for one in entries.values()]
        pairs = [sorted(entries[person].number for person in pair) for pair in roll.alike if set(pair) <= set(entries)]
        return Boarding(
            gallery_id, roll.movement, open=True, closes_at=info.closes_at,
            travellers=tuple(sorted(lines, key=lambda line: line.number)),
            alike=tuple(sorted((one, other) for one, other in pairs)),
        )  # fmt: skip


def _roll(tx: UnitOfWork, gallery_id: str) -> Roll:
    roll = read_roll(tx, gallery_id)
    if roll is None:
        raise GalleryError(
            "gallery.no_manifest", f"Gallery {gallery_id!r} was not staged from a manifest.",
            remedy="Stage a manifest first: countenance manifest stage.",
        )  # fmt: skip
    return roll


def _expected(gallery_id: str, tx: UnitOfWork, rows: Sequence[Enrolment]) -> Collection[str]:
    """Return who of these people is on the roll still, of the age under which the photograph was taken in."""
    still = read_some(tx, gallery_id, {row.person_id for row in rows})
    return {row.person_id for row in rows if row.person_id in still and still[row.person_id].age == row.age}


def _enrolments(
    gallery_id: str, rows: Iterable[PortraitRow], by_number: Mapping[int, RollEntry],
    offered: list[tuple[int, RollEntry]],
) -> Iterator[Enrolment]:  # fmt: skip
    """Yield an enrolment for each portrait and note in ``offered`` whose it is."""
    count: dict[str, int] = {}
    for row in rows:
        entry = by_number.get(row.number)
        if entry is None:
            raise GalleryError(
                "gallery.not_expected", f"Gallery {gallery_id!r} expects no traveller {row.number}.",
                remedy="Offer portraits of the travellers whom the manifest staged last lists (CBP-1).",
            )  # fmt: skip
        person = entry.person_id
        count[person] = count.get(person, 0) + 1
        offered.append((row.number, entry))
        portrait = row.portrait
        yield Enrolment(f"{person}-{count[person]}", person, entry.age, portrait.reference_years, portrait.image)


def _line(one: RollEntry, references: int, *, aboard: bool) -> TravellerLine:
    state = TravellerState.STAGED if references else one.state
    reason = "" if references else one.reason
    return TravellerLine(one.number, one.document, band_of(one.age), state, reason, references, aboard)
