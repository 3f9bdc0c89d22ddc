"""How procedures write to the record: facts about the event, a personal part about whom, never mixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from countenance.ports import Log, UnitOfWork
from countenance.procedures.lanes import Lane
from countenance.procedures.transparency.kinds import PUBLIC, kind_of, place_of
from countenance.terms import DAY_MS, Charter, Count, Entry, Instant, JsonObject, Receipt, RecordedEvent, iso

FACTS_VERSION = 1
_ENCOUNTER = "encounter/"


@dataclass(frozen=True, slots=True)
class Recorder:
    """Appends entries whose facts carry every hash that governed the event (invariant 11), and the entry before."""

    log: Log
    code: str
    """Version of this code, recorded only."""
    weights: str
    """SHA-256 name of the weights every comparison here uses."""

    def append(
        self, tx: UnitOfWork, lane: Lane, event: JsonObject, personal: JsonObject, *, subject: str, now: Instant
    ) -> Receipt:
        """Commit to one event inside ``tx`` and return its signed receipt; nothing is durable until ``tx`` commits."""
        entry = self.append_entry(tx, lane, event, personal, subject=subject, now=now)
        return self.log.receipt(entry)

    def append_entry(
        self, tx: UnitOfWork, lane: Lane, event: JsonObject, personal: JsonObject, *, subject: str, now: Instant
    ) -> Entry:
        """Commit to one event inside ``tx``; for bulk work that hands out no receipts.

        Facts about an encounter say until when anything about its person that this event sealed is kept at the longest
        (``kept_until``); the event names a later time where it sealed more than its entry.
        """
        return self.append_entries(tx, lane, [(event, personal, subject)], now=now)[0]

    def append_entries(
        self, tx: UnitOfWork, lane: Lane, events: Sequence[tuple[JsonObject, JsonObject, str]], *, now: Instant
    ) -> tuple[Entry, ...]:
        """Commit to several events (each: facts, personal part, subject) in their order, in a few statements."""
        kept, facts_kept = expiry(lane.charter, "personal", now), expiry(lane.charter, "facts", now)
        governed: JsonObject = {
            "v": FACTS_VERSION, "time": iso(now), "checkpoint": lane.checkpoint.checkpoint_id,
            "charter": lane.charter.sha256, "operating_point": lane.point.sha256, "weights": self.weights,
            "code": self.code,
        }  # fmt: skip
        stated: list[RecordedEvent] = []
        for event, personal, subject in events:
            about: JsonObject = {"kept_until": iso(kept)} if subject.startswith(_ENCOUNTER) else {}
            stated.append(RecordedEvent({**governed, **about, **event}, personal, subject, facts_kept, kept))
        _count(tx, [one.facts for one in stated], lane.charter, now)
        return tx.record.append_many(stated, now=now, link=self.log.link)

    def append_site_event(
        self, tx: UnitOfWork, charter: Charter, event: JsonObject, personal: JsonObject, *, now: Instant
    ) -> Entry:
        """Commit to an event of no checkpoint (an export, a new key); ``charter`` lends its record clock only."""
        facts: JsonObject = {
            "v": FACTS_VERSION, "time": iso(now), "weights": self.weights, "code": self.code, **event,
        }  # fmt: skip
        _count(tx, [facts], charter, now)
        kept = expiry(charter, "personal", now)
        stated = RecordedEvent(facts, personal, "site", expiry(charter, "facts", now), kept)
        return tx.record.append_many([stated], now=now, link=self.log.link)[0]


def _count(tx: UnitOfWork, entries: Sequence[JsonObject], charter: Charter, now: Instant) -> None:
    """Count for the public what entries say, in their transaction: nothing else counts, so both always agree."""
    found = Counter((place_of(kind, facts), kind) for facts in entries if (kind := kind_of(facts)) is not None)
    for (place, kind), count in found.items():
        until = expiry(charter, "facts", now)
        tx.aggregates.add(now // DAY_MS, place, [Count(PUBLIC, kind, count)], expires_at=until)


def expiry(charter: Charter, retention_class: str, now: Instant) -> Instant:
    """Return when an item of this class must be gone (CBP-14, 15)."""
    return Instant(now + charter.seconds_kept(retention_class) * 1000)


def latest(charter: Charter, now: Instant, *, classes: tuple[str, ...], at_least: Instant) -> str:
    """Return the last of these classes' clocks, or ``at_least``, as it stands in facts (``kept_until``)."""
    return iso(max(at_least, *(expiry(charter, retention_class, now) for retention_class in classes)))


def subject_of(encounter_id: str) -> str:
    """Return whose key seals everything kept of one encounter; no key and no row is named after a person."""
    return f"{_ENCOUNTER}{encounter_id}"
