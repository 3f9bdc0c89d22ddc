"""Encounters and their attempts, in SQL; what says something about the person is sealed in the vault."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, insert, select, update

from countenance.errors import StorageError
from countenance.ports import Vault
from countenance.record.canonical import canonical
from countenance.record.sealed import opened
from countenance.storage import portions, tables
from countenance.terms import Attempt, Eligibility, Encounter, EncounterState, Instant, ItemLabel, Mode

_PURPOSE = "encounter"
_ERASED = b'{"age":-1,"claim":"","person_class":"unknown","reference_years":-1}'


class SqlEncounterStore:
    """EncounterStore over the tables encounters and attempts, and the vault of the same transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        """Work inside the transaction that ``connection`` is in."""
        self._connection = connection
        self._vault = vault

    def insert(self, encounter: Encounter, *, retention: str, keep_until: Instant) -> None:
        """Store a new encounter; claim, person class and ages are sealed under ``retention`` until ``keep_until``.

        Raises:
            StorageError: its id or token is already there.
        """
        item_id = f"encounter-{encounter.encounter_id}"
        subject = f"encounter/{encounter.encounter_id}"
        label = ItemLabel(item_id, subject, _PURPOSE, "encounter/v1", retention, keep_until)
        self._vault.seal(label, _personal(encounter))
        row = {
            "encounter_id": encounter.encounter_id,
            "token_sha256": encounter.token_sha256,
            "checkpoint_id": encounter.checkpoint_id,
            "charter": encounter.charter,
            "mode": encounter.mode.value,
            "gallery_id": encounter.gallery_id,
            "personal_item": item_id,
            "refusal_offered": encounter.eligibility.refusal_offered,
            "opened_by": encounter.opened_by,
            "opened_at": encounter.opened_at,
            "expires_at": encounter.expires_at,
            "state": encounter.state.value,
            "attempts_used": encounter.attempts_used,
        }
        self._connection.execute(insert(tables.encounters), row)

    def by_token(self, token_sha256: bytes) -> Encounter | None:
        """Return the encounter opened with this token.

        Once its personal part is gone it names nobody: claim "", class "unknown", ages -1.

        Raises:
            VaultError: the personal part was changed.
        """
        return self._found(tables.encounters.c.token_sha256 == token_sha256)

    def by_id(self, encounter_id: str) -> Encounter | None:
        """Return the encounter with this id; as :meth:`by_token`."""
        return self._found(tables.encounters.c.encounter_id == encounter_id)

    def claims(self, encounter_ids: Sequence[str]) -> Mapping[str, str]:
        """Return what each of these encounters claims, "" where that is gone or was never stated; unknown ids missing.

        Raises:
            VaultError: a personal part was changed.
        """
        held = tables.encounters.c
        claims: dict[str, str] = {}
        for asked in portions(encounter_ids):
            query = select(held.encounter_id, held.personal_item).where(held.encounter_id.in_(asked))
            items = {row.personal_item: row.encounter_id for row in self._connection.execute(query)}
            claims |= dict.fromkeys(items.values(), "")
            there = self._vault.of_subjects([f"encounter/{encounter_id}" for encounter_id in items.values()])
            sealed = self._vault.open_many([label.item_id for label in there if label.item_id in items])
            claims |= {items[item_id]: str(json.loads(text)["claim"]) for item_id, text in sealed}
        return claims

    def _found(self, which: ColumnElement[bool]) -> Encounter | None:
        row = self._connection.execute(select(tables.encounters).where(which)).one_or_none()
        if row is None:
            return None
        personal = json.loads(opened(self._vault, row.personal_item) or _ERASED)
        return Encounter(
            encounter_id=row.encounter_id,
            token_sha256=row.token_sha256,
            checkpoint_id=row.checkpoint_id,
            charter=row.charter,
            mode=Mode(row.mode),
            gallery_id=row.gallery_id,
            claim=personal["claim"],
            eligibility=Eligibility(
                personal["person_class"],
                personal["age"],
                personal.get("reference_years", -1),  # 0.1.0 did not ask
                row.refusal_offered,
            ),
            opened_by=row.opened_by,
            opened_at=Instant(row.opened_at),
            expires_at=Instant(row.expires_at),
            state=EncounterState(row.state),
            attempts_used=row.attempts_used,
        )

    def advance(self, encounter_id: str, state: EncounterState, attempts_used: int) -> None:
        """Set the state and the attempts used.

        Raises:
            StorageError: ``storage.no_encounter``.
        """
        target = update(tables.encounters).where(tables.encounters.c.encounter_id == encounter_id)
        done = self._connection.execute(target.values(state=state.value, attempts_used=attempts_used))
        if done.rowcount != 1:
            raise StorageError(
                "storage.no_encounter",
                "An encounter that should be advanced is not in the database.",
                remedy="Nothing was recorded; open a new encounter.",
            )

    def change_class(self, encounter_id: str, person_class: str) -> None:
        """Set the person's class, sealed anew under the clock it had; nothing where the personal part is gone.

        Raises:
            VaultError: the personal part was changed.
        """
        held = [label for label in self._vault.of_subjects([f"encounter/{encounter_id}"]) if label.purpose == _PURPOSE]
        for label in held:
            personal = json.loads(self._vault.open(label.item_id)) | {"person_class": person_class}
            self._vault.destroy(label.item_id)
            self._vault.seal(label, canonical(personal))

    def personal_item(self, encounter_id: str) -> str:
        """Return the vault item with what is sealed of an encounter, be it there or gone; "" if unknown."""
        held = tables.encounters.c
        query = select(held.personal_item).where(held.encounter_id == encounter_id)
        return self._connection.execute(query).scalar() or ""

    def attempt(self, encounter_id: str, number: int) -> Attempt | None:
        """Return the stored answer to an attempt."""
        held = tables.attempts.c
        query = select(tables.attempts).where(held.encounter_id == encounter_id, held.number == number)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return Attempt(row.encounter_id, row.number, row.body_sha256, row.device_id, row.reply_item)

    def save_attempt(self, attempt: Attempt) -> None:
        """Store the answer to an attempt.

        Raises:
            StorageError: ``storage.attempt_exists``: an attempt with this number is already answered.
        """
        if self.attempt(attempt.encounter_id, attempt.number) is not None:
            raise StorageError(
                "storage.attempt_exists",
                "This attempt of the encounter was already answered.",
                remedy="Nothing was recorded; send the next attempt, or open a new encounter.",
            )
        row = {
            "encounter_id": attempt.encounter_id,
            "number": attempt.number,
            "body_sha256": attempt.body_sha256,
            "device_id": attempt.device_id,
            "reply_item": attempt.reply_item,
        }
        self._connection.execute(insert(tables.attempts), row)


def _personal(encounter: Encounter) -> bytes:
    """Return what of an encounter says something about the person, as canonical JSON."""
    eligibility = encounter.eligibility
    return canonical({
        "claim": encounter.claim, "person_class": eligibility.person_class, "age": eligibility.age,
        "reference_years": eligibility.reference_years,
    })  # fmt: skip
