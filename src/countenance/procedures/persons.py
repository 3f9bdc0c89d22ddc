"""A person's rights over what is kept: to see it, and to have it erased before its clock.

Seeing needs the claim under which the person came, or a photograph: that is compared with this controller's own
galleries and nothing else, and gone with the answer (F-10). Neither leaves the person's name in the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from countenance.decision import decide_identify
from countenance.errors import CustodyError, NotFound
from countenance.ports import Clock, Extractor, Galleries, Policy, Transactions, UnitOfWork
from countenance.procedures.erasing import Erasures, together
from countenance.procedures.finding import Finder, Found
from countenance.procedures.lanes import Lanes, permit
from countenance.procedures.recording import Recorder
from countenance.terms import (
    Accepted,
    Access,
    Action,
    Actor,
    Cause,
    Destroyed,
    Erased,
    ErasureReason,
    Instant,
    ItemLabel,
    JsonObject,
    Kept,
    Match,
)

_BASIS_CLAIM, _BASIS_SELFIE = "claim", "selfie"
_PHOTOGRAPHS = "image/v1"
_TEXTS = frozenset({"encounter/v1", "reply/v1", "roll/v1"})


@dataclass(frozen=True, slots=True)
class Persons:
    """Everything that these rights need, chosen by ``bootstrap``."""

    clock: Clock
    transactions: Transactions
    recorder: Recorder
    extractor: Extractor
    galleries: Galleries
    policy: Policy
    lanes: Lanes
    erasures: Erasures
    turn: Lock
    """The gallery's: held while a change commits and reaches the slab."""

    def erase(self, person: str, reason: ErasureReason, actor: Actor) -> Erased:
        """Destroy everything sealed about a person, with the keys, before its clock.

        (1) read the clock once; (2) policy; (3) find it, without holding up a lane; (4) nothing of it is held or
        before a human; (5) references, items and keys go in one transaction with the order's entry, which names nobody;
        (6) the slabs forget; (7) epoch keys, old bytes, the receipt.

        Raises:
            AccessError: ``access.denied``.
            NotFound: ``person.unknown``: nothing is kept about them.
            CustodyError: ``custody.held``; nothing was erased.
        """
        now = self.clock.now()  # (1)
        policy_id = permit(self.policy, actor, Action.ERASE, "")  # (2)
        finder = Finder(person)
        with self.transactions.read() as tx:
            finder.find(tx)  # (3)
        with self.turn:
            with self.transactions.write() as tx:
                found = _something(finder.find(tx))
                _check_free(tx, found, now)  # (4)
                destroyed = _destroy(tx, found)  # (5)
                facts: JsonObject = {
                    "event": "erasure.ordered", "by": actor.actor_id, "policy": policy_id, "reason": reason,
                    "items": destroyed.count, "encounters": list(found.encounters),
                }  # fmt: skip
                entry = self.recorder.append_site_event(tx, self.lanes.longest_record(), facts, {}, now=now)
                order = entry.commitment.hex()
                galleries = tuple(dict.fromkeys(gallery_id for gallery_id, _ in found.references))
                self.erasures.begin(tx, Cause.ORDER, destroyed, now=now, order=order, galleries=galleries)
                tx.commit()
            for gallery_id, reference_id in found.references:  # (6)
                self.galleries.remove(gallery_id, reference_id)
        self.erasures.complete(now)  # (7)
        return Erased(destroyed.count, len(found.encounters), len(found.references), order)

    def access(self, person: str, actor: Actor) -> Access:
        """Return everything kept about a person; that somebody looked is recorded first, not whom at.

        Raises:
            AccessError: ``access.denied``.
            NotFound: ``person.unknown``.
        """
        return self._access((person,), _BASIS_CLAIM, actor)[0]

    def access_by_selfie(self, image: bytes, actor: Actor) -> tuple[Access, ...]:
        """Return what is kept about whoever is on a photograph: the people of open galleries whom it matches.

        (1) policy, before the photograph is decoded; (2) a template in memory, gone with this call; (3) each open
        gallery is searched at its own checkpoint's operating point; (4) as :meth:`access`.

        Raises:
            AccessError: ``access.denied``.
            NotFound: ``person.unknown``: nobody kept here matches.
            CustodyError: ``custody.selfie``: no usable face; nothing was searched.
        """
        permit(self.policy, actor, Action.ERASE, "")  # (1)
        (extraction,) = self.extractor.extract_many([image])  # (2)
        if not isinstance(extraction, Accepted):
            raise CustodyError(
                "custody.selfie", "The photograph shows no face that can be compared.",
                remedy="Take another one: one person, facing the camera, in even light.",
            )  # fmt: skip
        with self.transactions.read() as tx:  # (3)
            people = tuple(sorted(self._matched(tx, extraction)))
        return self._access(people, _BASIS_SELFIE, actor)  # (4)

    def _matched(self, tx: UnitOfWork, extraction: Accepted) -> set[str]:
        people: set[str] = set()
        for info in (info for info in tx.galleries.all() if info.open and info.size):
            candidates = self.galleries.search(info.gallery_id, extraction.probe.template, 1)
            whose = {
                one.reference_id: tx.galleries.person_of(info.gallery_id, one.reference_id) or "" for one in candidates
            }
            point = self.lanes.governing(info.checkpoint_id, info.charter).point
            decision = decide_identify(candidates, point, person_of=whose, boarded=False, other_document=False)
            if isinstance(decision, Match):
                people.add(whose[decision.reference_id])
        return people

    def _access(self, people: tuple[str, ...], basis: str, actor: Actor) -> tuple[Access, ...]:
        now = self.clock.now()
        policy_id = permit(self.policy, actor, Action.ERASE, "")
        with self.transactions.write() as tx:
            shown = [_access(tx, person, _something(Finder(person).find(tx))) for person in people]
            facts: JsonObject = {
                "event": "person.shown", "by": actor.actor_id, "policy": policy_id, "basis": basis,
                "people": len(shown), "items": sum(len(one.kept) for one in shown),
            }  # fmt: skip
            self.recorder.append_site_event(tx, self.lanes.longest_record(), facts, {}, now=now)
            tx.commit()
        if not shown:
            raise _unknown()
        return tuple(shown)


def _destroy(tx: UnitOfWork, found: Found) -> Destroyed:
    gone = [tx.galleries.remove(gallery_id, reference_id) for gallery_id, reference_id in found.references]
    gone.append(tx.vault.destroy_many([label.item_id for label in found.labels]))
    return together(*gone)


def _access(tx: UnitOfWork, person: str, found: Found) -> Access:
    opened = dict(tx.vault.open_many([label.item_id for label in found.labels]))
    kept = tuple(_kept(label, opened[label.item_id]) for label in found.labels)
    galleries = tuple(dict.fromkeys(gallery_id for gallery_id, _ in found.references))
    return Access(person, found.encounters, galleries, kept)


def _kept(label: ItemLabel, plaintext: bytes) -> Kept:
    text = plaintext.decode("utf-8", "replace") if label.schema in _TEXTS else ""
    if label.purpose == "personal":
        text = plaintext[32:].decode("utf-8", "replace")  # after its salt
    media = plaintext if label.schema == _PHOTOGRAPHS else b""
    return Kept(label.purpose, label.retention, label.expires_at, text, media, len(plaintext))


def _something(found: Found) -> Found:
    if not found.labels and not found.references:
        raise _unknown()
    return found


def _check_free(tx: UnitOfWork, found: Found, now: Instant) -> None:
    """Return only if no lock and no human still needs what would go: an order must not end a check (CBP-21)."""
    open_cases = {case.referral.encounter_id for case in tx.cases.unsettled(now)}
    for encounter_id in found.encounters:
        hold = tx.holds.of_encounter(encounter_id, now)
        if hold is not None or encounter_id in open_cases:
            what = "under an evidence lock" if hold else "before a human who has not ended it"
            raise CustodyError(
                "custody.held",
                f"Encounter {encounter_id} is {what}; nothing was erased.",
                remedy="Release the lock, or let the referral or contest be ended; then order the erasure again.",
            )


def _unknown() -> NotFound:
    return NotFound(
        "person.unknown", "Nothing is kept here about such a person.",
        remedy="Check the spelling of the claim; what its clock erased is gone already.",
    )  # fmt: skip
