"""A manifest becomes a closed gallery's roll, and a re-issued one a difference to it.

Rules: CBP-1 (only people expected at this event), CBP-13 and N-6 (nobody outside the evidence), W-7 (gone at the
event's end). Nothing changes for who is on the list still, so that what was interrupted goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from countenance.decision import admit_reference
from countenance.documents import read_manifest
from countenance.errors import GalleryError
from countenance.ports import Entropy, UnitOfWork
from countenance.procedures.cautions import cautions
from countenance.procedures.erasing import together
from countenance.procedures.events import age_at, event_end, expected, is_about, movement_of
from countenance.procedures.gallery_errors import closed_gallery, foreign_gallery
from countenance.procedures.lanes import Lane, permit
from countenance.procedures.part_lists import check_lists, check_whole
from countenance.procedures.recording import expiry
from countenance.procedures.rolls import (
    drop_entries,
    naming_document,
    papers_of,
    pseudonym_of,
    read_entries,
    read_roll,
    save_entries,
    save_roll,
)
from countenance.procedures.staging import Staging
from countenance.terms import (
    Action,
    Actor,
    Cause,
    Destroyed,
    GalleryInfo,
    Instant,
    JsonObject,
    OperatingPoint,
    iso,
    utc_day,
)
from countenance.terms.documents import Manifest, ManifestFinding
from countenance.terms.staging import (
    Announced,
    EventTerms,
    Listed,
    Roll,
    RollEntry,
    TravellerState,
)

_WANTED = frozenset({TravellerState.WANTED, TravellerState.POOR})
_BY_AGE = ("outside_envelope.age", "outside_envelope.minimum_age", "outside_envelope.age_unknown")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a manifest changes on a roll."""

    roll: Roll
    entries: Mapping[str, RollEntry]
    """Everybody who is on it afterwards, by pseudonym."""
    changed: tuple[RollEntry, ...]
    added: int
    gone: tuple[str, ...]
    offset: int
    """The number before that of the file's first person."""


@dataclass(frozen=True, slots=True)
class Announcing:
    """Everything that announcing a manifest needs, chosen by ``bootstrap``."""

    staging: Staging
    entropy: Entropy
    claim: Callable[[str, str, str], str]
    """The claim that a document makes, from the charter's id, the issuing state and the number."""

    def look(self, file: bytes, actor: Actor) -> Manifest:
        """Return what a manifest says; nobody is staged, nothing is kept, and nothing is recorded.

        Raises:
            AccessError: ``access.denied``.
            DocumentError: the manifest is damaged.
        """
        permit(self.staging.policy, actor, Action.MANAGE_GALLERY, "")
        return read_manifest(file, today=utc_day(self.staging.clock.now()))

    def announce(self, gallery_id: str, checkpoint_id: str, file: bytes, terms: EventTerms, actor: Actor) -> Announced:
        """Open a gallery for a manifest's event, or bring it to what a re-issued manifest says.

        (1) read the clock once; (2) the checkpoint's charter is in force and lets galleries be opened, the policy this
        actor; (3) the manifest is read, all but what staging needs dropped; (4) the event's end, which the references'
        clock bounds, lies ahead; (5) in one transaction: the gallery and its end, who is new, who is gone with their
        references and keys, and the entry, which names nobody; (6) the slab follows, and the receipt of what was
        destroyed; (7) whose portraits are needed. Same file, same roll: nothing changes. A file of late additions or of
        no-shows alone changes a roll that is there.

        Raises:
            DocumentError: the manifest is damaged.
            NotFound, CharterError, AccessError, GalleryError: nothing was changed.
        """
        now = self.staging.clock.now()  # (1)
        lane = self.staging.gallery_lane(checkpoint_id, now)  # (2)
        policy_id = permit(self.staging.policy, actor, Action.MANAGE_GALLERY, checkpoint_id)
        manifest = read_manifest(file, today=utc_day(now))  # (3)
        with self.staging.turn:
            with self.staging.transactions.write() as tx:
                before = tx.galleries.get(gallery_id)
                if terms.listed is not Listed.WHOLE:
                    _check_announced(tx, gallery_id)
                card = self._card(before, gallery_id, lane, manifest, terms, now)  # (4)
                if before is None:
                    tx.galleries.create(card)
                tx.galleries.end_at(gallery_id, card.closes_at)
                sha256 = hashlib.sha256(file).hexdigest()
                found = self._difference(tx, card, manifest, sha256, terms, lane, now)
                enrolled = tx.galleries.people(gallery_id)
                references = [one for one in enrolled if one[1] in found.gone]
                findings = (*manifest.findings, *cautions(tx, card, found.roll, manifest, terms, lane.charter))
                if _changes(before, card, found, tx, gallery_id):  # (5)
                    self._save(tx, lane, card, found, references, policy_id, now)
                tx.commit()
            if before is None:  # (6)
                self.staging.galleries.open(gallery_id, card.weights, self.staging.dimension)
            for reference_id, _ in references:
                self.staging.galleries.remove(gallery_id, reference_id)
        self.staging.erasures.complete(now)
        staged = {person for _, person in enrolled}.difference(found.gone)
        return _announced(card, found, findings, staged)  # (7)

    def _card(  # noqa: PLR0917 - one event's whole context
        self, before: GalleryInfo | None, gallery_id: str, lane: Lane, manifest: Manifest, terms: EventTerms,
        now: Instant,
    ) -> GalleryInfo:  # fmt: skip
        card = before or GalleryInfo(
            gallery_id, lane.checkpoint.checkpoint_id, lane.charter.sha256, self.staging.recorder.weights,
            open=True, size=0, searches=0, opened_at=now,
        )  # fmt: skip
        if (card.checkpoint_id, card.charter) != (lane.checkpoint.checkpoint_id, lane.charter.sha256):
            raise foreign_gallery(gallery_id)
        if not card.open:
            raise closed_gallery(gallery_id)
        bound = expiry(lane.charter, "reference", card.opened_at)
        end = event_end(manifest, terms, margin_minutes=lane.charter.event_margin_minutes)
        closes_at = bound if end is None else min(end, bound)
        if closes_at <= now:
            raise GalleryError(
                "gallery.event_over", f"The event of this manifest was over at {iso(closes_at)}.",
                remedy="Stage a manifest of an event that lies ahead; check the port's time zone.",
            )  # fmt: skip
        return replace(card, closes_at=closes_at)

    def _difference(  # noqa: PLR0917 - one manifest's whole context
        self, tx: UnitOfWork, card: GalleryInfo, manifest: Manifest, sha256: str, terms: EventTerms,
        lane: Lane, now: Instant,
    ) -> Difference:  # fmt: skip
        check_lists(manifest, terms)
        movement = movement_of(manifest, terms)
        roll = read_roll(tx, card.gallery_id) or Roll(
            self.entropy.token_bytes(16).hex(), movement, "", (), comparing=False
        )
        if not is_about(manifest, terms, roll.movement):
            raise GalleryError(
                "gallery.other_movement", f"Gallery {card.gallery_id!r} is staged for {roll.movement}.",
                remedy="Stage the manifest of another movement, or another list, in a gallery of its own.",
            )  # fmt: skip
        there = read_entries(tx, card.gallery_id)
        late = terms.listed is Listed.ADDITIONS
        offset = max((one.number for one in there.values()), default=0) if late else 0
        named: dict[str, RollEntry] = {}
        for number, traveller in expected(manifest, terms):
            person = pseudonym_of(traveller, roll.salt)
            paper = naming_document(traveller)
            age = age_at(traveller.birth_date, now)
            papers = papers_of(traveller, roll.salt, partial(self.claim, lane.charter.charter_id))
            new = _entry(person, offset + number, age, paper.kind if paper else "", papers, lane.point)
            named.setdefault(person, _kept(there.get(person), new))
        after = _after(there, named, terms.listed)
        if terms.listed is Listed.WHOLE and set(there) - set(after):
            check_whole(manifest)
        pairs = tuple(pair for pair in roll.alike if set(pair) <= set(after))
        return Difference(
            replace(roll, manifest=sha256, alike=pairs), after,
            tuple(one for person, one in after.items() if there.get(person) != one),
            len(set(after) - set(there)), tuple(sorted(set(there) - set(after))), offset,
        )  # fmt: skip

    def _save(  # noqa: PLR0917 - one transaction's whole context
        self, tx: UnitOfWork, lane: Lane, card: GalleryInfo, found: Difference,
        references: Sequence[tuple[str, str]], policy_id: str, now: Instant,
    ) -> None:  # fmt: skip
        kept_until = expiry(lane.charter, "reference", now)
        save_roll(tx, card.gallery_id, found.roll, kept_until)
        save_entries(tx, card.gallery_id, found.changed, kept_until)
        gone: list[Destroyed] = [drop_entries(tx, card.gallery_id, found.gone)]
        gone += [tx.galleries.remove(card.gallery_id, reference_id) for reference_id, _ in references]
        facts: JsonObject = {
            "event": "manifest.announced", "gallery": card.gallery_id, "policy": policy_id,
            "movement": found.roll.movement, "manifest": found.roll.manifest, "closes_at": iso(card.closes_at),
            "expected": len(found.entries), "added": found.added, "removed": len(found.gone),
        }  # fmt: skip
        receipt = self.staging.recorder.append(tx, lane, facts, {}, subject=f"gallery/{card.gallery_id}", now=now)
        if found.gone:
            self.staging.erasures.begin(
                tx, Cause.REMOVAL, together(*gone), now=now, order=receipt.commitment, galleries=[card.gallery_id]
            )


def _after(there: Mapping[str, RollEntry], named: Mapping[str, RollEntry], listed: Listed) -> Mapping[str, RollEntry]:
    """Return who is on the roll after a file that names some of its people, or all."""
    match listed:
        case Listed.ADDITIONS:
            return {**named, **there}
        case Listed.REMOVALS:
            return {person: one for person, one in there.items() if person not in named}
        case Listed.WHOLE:
            return named


def _check_announced(tx: UnitOfWork, gallery_id: str) -> None:
    if read_roll(tx, gallery_id) is None:
        raise GalleryError(
            "gallery.no_manifest", f"Gallery {gallery_id!r} was not staged from a manifest.",
            remedy="Stage the whole manifest first; then additions and removals can come alone.",
        )  # fmt: skip


def _changes(before: GalleryInfo | None, card: GalleryInfo, found: Difference, tx: UnitOfWork, gallery_id: str) -> bool:
    same_end = before is not None and before.closes_at == card.closes_at
    return not same_end or found.changed != () or found.gone != () or read_roll(tx, gallery_id) != found.roll


def _entry(  # noqa: PLR0917 - one traveller's whole context
    person: str, number: int, age: int, document: str, papers: tuple[str, ...], point: OperatingPoint
) -> RollEntry:
    refused = admit_reference(point, age=age, reference_years=-1)
    excluded = refused is not None and refused.reason in _BY_AGE
    state = TravellerState.EXCLUDED if excluded else TravellerState.WANTED
    return RollEntry(person, number, age, document, state, refused.reason if refused and excluded else "", papers)


def _kept(before: RollEntry | None, new: RollEntry) -> RollEntry:
    """Return the new entry with what came of portraits before, unless the manifest now says another age."""
    if before is None or new.state is TravellerState.EXCLUDED or before.state is TravellerState.EXCLUDED:
        return new
    return replace(new, state=before.state, reason=before.reason)


def _announced(
    card: GalleryInfo, found: Difference, findings: tuple[ManifestFinding, ...], staged: Collection[str]
) -> Announced:
    entries = sorted(found.entries.values(), key=lambda one: one.number)
    return Announced(
        card.gallery_id, found.roll.movement, card.closes_at, len(entries), found.added, len(found.gone),
        sum(one.state is TravellerState.EXCLUDED for one in entries),
        tuple(one.number for one in entries if one.person_id not in staged and one.state in _WANTED), found.offset,
        findings,
    )  # fmt: skip
