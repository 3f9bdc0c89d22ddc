"""A gallery's roll: who is expected, sealed in the vault for as long as the gallery lives; names nobody.

People are known by a hash of their travel document under a key of this gallery's own, so that the same passenger has
another pseudonym on every flight and nobody can link two galleries, or test a passport number against a stolen row.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict

from countenance.ports import UnitOfWork
from countenance.terms import Destroyed, Instant, ItemLabel
from countenance.terms.documents import TravelDocument, Traveller
from countenance.terms.staging import Roll, RollEntry, TravellerState

PURPOSE = "roll"
_SCHEMA = "roll/v1"
_RETENTION = "reference"


def naming_document(traveller: Traveller) -> TravelDocument | None:
    """Return the document that names a person whatever the order in the file: a passport first, then by number."""
    stated = [one for one in traveller.documents if one.number]
    return min(stated, key=lambda one: (one.kind != "P", one.issuer, one.number), default=None)


def pseudonym_of(traveller: Traveller, salt: str) -> str:
    """Return who a traveller is in the gallery with this salt; by name and birth date where there is no document."""
    paper = naming_document(traveller)
    known_by = (
        ("document", paper.issuer, paper.number)
        if paper
        else ("name", traveller.surname, traveller.given_names, str(traveller.birth_date))
    )
    return "t-" + hmac.new(bytes.fromhex(salt), json.dumps(known_by).encode(), hashlib.sha256).hexdigest()[:32]


def papers_of(traveller: Traveller, salt: str, claim: Callable[[str, str], str]) -> tuple[str, ...]:
    """Return what a roll keeps of a traveller's documents, given the claim that an issuer and a number make."""
    if not all(one.number and one.issuer for one in traveller.documents):
        return ()
    return tuple(sorted(_paper(claim(one.issuer, one.number), salt) for one in traveller.documents))


def shows_other(tx: UnitOfWork, gallery_id: str, person: str, claim: str) -> bool:
    """Return whether a document's claim is of none of the documents that the roll has of a person.

    Where there is no roll, or it cannot tell, nothing is held against anybody.
    """
    roll, entry = read_roll(tx, gallery_id), read_some(tx, gallery_id, [person]).get(person)
    return (
        roll is not None and entry is not None and bool(entry.papers) and _paper(claim, roll.salt) not in entry.papers
    )


def _paper(claim: str, salt: str) -> str:
    return hmac.new(bytes.fromhex(salt), claim.encode(), hashlib.sha256).hexdigest()[:32]


def read_roll(tx: UnitOfWork, gallery_id: str) -> Roll | None:
    """Return what the gallery knows of its manifest, or None if it was not staged from one."""
    if all(label.purpose != PURPOSE for label in tx.vault.of_subjects([gallery_id])):
        return None
    found = json.loads(tx.vault.open(_item_id(gallery_id, "")))
    return Roll(**{"comparing": True, **found, "alike": tuple((one, other) for one, other in found["alike"])})


def save_roll(tx: UnitOfWork, gallery_id: str, roll: Roll, expires_at: Instant) -> None:
    """Seal what the gallery knows of its manifest in place of what it knew."""
    label = _label(gallery_id, "", expires_at)
    tx.vault.destroy(label.item_id)
    tx.vault.seal(label, _content(asdict(roll)))


def read_entries(tx: UnitOfWork, gallery_id: str) -> Mapping[str, RollEntry]:
    """Return everybody on the roll by pseudonym."""
    return _opened(tx, [label for label in _labels(tx, gallery_id) if label.subject != gallery_id])


def read_some(tx: UnitOfWork, gallery_id: str, people: Iterable[str]) -> Mapping[str, RollEntry]:
    """Return those of these people who are on the roll; opens nobody else."""
    labels = tx.vault.of_subjects([f"{gallery_id}/{person}" for person in people])
    return _opened(tx, [label for label in labels if label.purpose == PURPOSE])


def _opened(tx: UnitOfWork, labels: list[ItemLabel]) -> Mapping[str, RollEntry]:
    people = [label.item_id for label in labels]
    entries = [json.loads(text) for _, text in tx.vault.open_many(people)]
    return {
        one["person_id"]: RollEntry(**{
            **one, "state": TravellerState(one["state"]), "papers": tuple(one.get("papers", ())),
        })
        for one in entries
    }  # fmt: skip


def save_entries(tx: UnitOfWork, gallery_id: str, entries: Iterable[RollEntry], expires_at: Instant) -> None:
    """Seal people on the roll in place of what was there about them."""
    sealed = [(_label(gallery_id, one.person_id, expires_at), _content(asdict(one))) for one in entries]
    tx.vault.destroy_many([label.item_id for label, _ in sealed])
    tx.vault.seal_many(sealed)


def drop_entries(tx: UnitOfWork, gallery_id: str, people: Iterable[str]) -> Destroyed:
    """Destroy what the roll says about people."""
    return tx.vault.destroy_many([_item_id(gallery_id, person) for person in people])


def drop_roll(tx: UnitOfWork, gallery_id: str) -> Destroyed:
    """Destroy the whole roll with its salt."""
    return tx.vault.destroy_many([label.item_id for label in _labels(tx, gallery_id)])


def _label(gallery_id: str, person: str, expires_at: Instant) -> ItemLabel:
    return ItemLabel(
        item_id=_item_id(gallery_id, person), subject=f"{gallery_id}/{person}" if person else gallery_id,
        purpose=PURPOSE, schema=_SCHEMA, retention=_RETENTION, expires_at=expires_at, event=gallery_id,
    )  # fmt: skip


def _content(stated: Mapping[str, object]) -> bytes:
    return json.dumps(stated, separators=(",", ":")).encode()


def _labels(tx: UnitOfWork, gallery_id: str) -> list[ItemLabel]:
    return list(tx.vault.of_event(gallery_id, PURPOSE))


def _item_id(gallery_id: str, person: str) -> str:
    return "r-" + hashlib.sha256(f"{gallery_id}\n{person}".encode()).hexdigest()
