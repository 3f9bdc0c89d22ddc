"""Every verb that has more than one implementation, as a Protocol; ``bootstrap`` alone chooses among them.

A port says what callers may rely on: promises, units, errors. Each has a contract suite in ``tests/contract`` that all
its implementations pass. Layer 1: imports ``terms`` and ``errors`` only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from countenance.terms import (
    ApiKeyRecord,
    Attempt,
    Box,
    Candidate,
    Case,
    CaseStep,
    ChipFile,
    Count,
    Counted,
    Destroyed,
    Device,
    Encounter,
    EncounterState,
    Entry,
    Erasing,
    Extraction,
    Frame,
    GalleryInfo,
    Hold,
    InclusionProof,
    Instant,
    ItemLabel,
    JsonObject,
    Landmarks,
    Notification,
    Partner,
    PartnerAudit,
    PolicyDecision,
    PolicyRequest,
    PublicRun,
    Receipt,
    RecordedEvent,
    Reference,
    Referral,
    Signal,
    SignedAct,
    Suspension,
    Template,
    Training,
    TreeHead,
)
from countenance.terms.documents import Traveller
from countenance.terms.staging import SourcePortrait


# --- the edges of a pure middle -----------------------------------------------------------------------------------
class Clock(Protocol):
    """Trusted time: never runs backwards within a site, also over restarts."""

    def now(self) -> Instant:
        """Return the present instant; read once per encounter and passed down."""
        ...


class Entropy(Protocol):
    """Randomness for keys, salts, tokens and dummies."""

    def token_bytes(self, count: int) -> bytes:
        """Return ``count`` unpredictable bytes."""
        ...


class Signer(Protocol):
    """A holder of one Ed25519 private key."""

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature over ``message``."""
        ...

    @property
    def public_key(self) -> bytes:
        """The 32-byte public key."""
        ...


class KeyHolder(Protocol):
    """Holds epoch keys outside the database: in files, or in a PKCS#11 token. A key never leaves its holder readable.

    An epoch is named by up to 64 characters of a-z, 0-9 and "-"; no name is used twice in a site.
    """

    def create(self, epoch: str) -> None:
        """Make a random key for a new epoch, durable when this returns.

        Raises:
            VaultError: there is one already, or it cannot be kept.
        """
        ...

    def wrap(self, epoch: str, key: bytes, *, context: bytes) -> bytes:
        """Return ``key`` encrypted under the epoch's key, bound to ``context``.

        Raises:
            VaultError: there is no key of this epoch.
        """
        ...

    def unwrap(self, epoch: str, wrapped: bytes, *, context: bytes) -> bytes:
        """Return the key.

        Raises:
            VaultError: there is no key of this epoch; or another epoch key, another context, or changed bytes.
        """
        ...

    def destroy(self, epoch: str) -> None:
        """Destroy the epoch's key: what it wrapped is unreadable for ever. One that is gone stays gone.

        Raises:
            VaultError: it cannot be destroyed.
        """
        ...

    def epochs(self) -> frozenset[str]:
        """Return the epochs of which it holds a key."""
        ...


# --- documents ----------------------------------------------------------------------------------------------------
class ChipReader(Protocol):
    """A reader with one document on it, its access control (BAC or PACE, Doc 9303-11 4) already passed."""

    def read(self, file: ChipFile) -> bytes | None:
        """Return one file whole, from its tag to its last byte; None when the chip does not have or give it.

        Raises:
            DocumentError: the chip is gone or does not answer (``chip.reader``).
        """
        ...


class PortraitSource(Protocol):
    """Where photographs of expected travellers are kept: a folder, a service."""

    def of(self, traveller: Traveller) -> Sequence[SourcePortrait]:
        """Return the traveller's portraits, at most five; none where the source has none.

        Raises:
            DocumentError: the source did not answer, or not in bounds (``portraits.…``).
        """
        ...


# --- face ---------------------------------------------------------------------------------------------------------
class Detector(Protocol):
    """Finds faces in an upright frame."""

    def detect(self, frame: Frame) -> Sequence[tuple[Box, Landmarks]]:
        """Return every face found, in pixels of the frame, the surest first."""
        ...


class Embedder(Protocol):
    """Turns aligned crops into embeddings."""

    @property
    def weights(self) -> str:
        """SHA-256 that names the network and its preprocessing."""
        ...

    @property
    def dimension(self) -> int:
        """Length of one embedding."""
        ...

    def embed(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return embeddings, shape (n, dimension), float32, **before** L2 normalisation.

        ``crops`` has shape (n, 112, 112, 3), uint8, RGB, aligned to the five-point template.
        """
        ...


class Extractor(Protocol):
    """Photograph bytes in, a probe or a reasoned refusal out."""

    @property
    def weights(self) -> str:
        """SHA-256 name that every template from here carries, and that operating points must have been measured on."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a template's vector."""
        ...

    @property
    def frames_decoded(self) -> int:
        """How many images were handed to a decoder since start; refusals before the camera leave it unchanged."""
        ...

    def extract(self, image: bytes) -> Extraction:
        """Return ``Accepted`` or ``Refused``; bad images never raise.

        Raises:
            InferenceError: no inference process answered in time (nothing is known about the image).
        """
        ...

    def extract_many(self, images: Sequence[bytes]) -> tuple[Extraction, ...]:
        """Return one result per image, in order; uses every inference process there is. Errors as ``extract``."""
        ...

    def begin_many(self, images: Sequence[bytes]) -> Callable[[], tuple[Extraction, ...]]:
        """Begin with images and return at once what waits for their results; calling that raises as ``extract``."""
        ...


class PresentationAttackDetector(Protocol):
    """A plug-in that tells a live face from a print or screen (ISO/IEC 30107-3); none ships (see MODELS §3)."""

    @property
    def name(self) -> str:
        """What it is called in the record."""
        ...

    def is_bona_fide(self, frame: Frame, box: Box) -> bool:
        """Return whether the presentation counts as bona fide."""
        ...


# --- authority ----------------------------------------------------------------------------------------------------
class Policy(Protocol):
    """Says whether an actor may do something somewhere. Deny by default."""

    def decide(self, request: PolicyRequest, at: Instant | None = None) -> PolicyDecision:
        """Return the answer and the id of the rule that gave it, or several with a space between them.

        ``at`` is when; without it a policy that has a clock answers for now.
        """
        ...

    def sentences(self, policy_id: str) -> tuple[tuple[str, str], ...]:
        """Return (id, why) of each rule that an answer named."""
        ...


# --- galleries ----------------------------------------------------------------------------------------------------
class Galleries(Protocol):
    """The searchable, in-memory side of every open gallery. Exact: the contract is in ``gallery.slab``."""

    def search(self, gallery_id: str, template: Template, count: int) -> tuple[Candidate, ...]:
        """Return the ``count`` best candidates, score descending, then reference id.

        Raises:
            GalleryError: the gallery is not open here, or its weights are not the template's.
        """
        ...

    def reaching(self, gallery_id: str, template: Template, threshold: float) -> tuple[Candidate, ...]:
        """Return every candidate whose score is at least ``threshold``, in the same order; the same errors."""
        ...

    def open(self, gallery_id: str, weights: str, dimension: int) -> None:
        """Make an empty gallery searchable."""
        ...

    def add(self, gallery_id: str, references: Sequence[Reference]) -> None:
        """Make committed references searchable."""
        ...

    def remove(self, gallery_id: str, reference_id: str) -> None:
        """Take a reference whose removal was committed out, and overwrite its row."""
        ...

    def close(self, gallery_id: str) -> None:
        """Drop the gallery from memory, its rows overwritten."""
        ...

    def size(self, gallery_id: str) -> int:
        """Return how many references are searchable."""
        ...


# --- stores inside one transaction --------------------------------------------------------------------------------
class Vault(Protocol):
    """Every stored biometric or personal item goes through here: AES-256-GCM, a key per subject and purpose."""

    def seal(self, label: ItemLabel, plaintext: bytes) -> None:
        """Store ``plaintext`` sealed under its label."""
        ...

    def seal_many(self, items: Sequence[tuple[ItemLabel, bytes]]) -> None:
        """Store many plaintexts sealed under their labels, in a few statements."""
        ...

    def open(self, item_id: str) -> bytes:
        """Return the plaintext.

        Raises:
            VaultError: unknown item, wrong or destroyed key, or changed ciphertext or label.
        """
        ...

    def open_many(self, item_ids: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield (item id, plaintext) for many items at once; the same errors."""
        ...

    def destroy(self, item_id: str) -> bool:
        """Remove the item, and its subject's key with the subject's last item. Return whether it was there."""
        ...

    def destroy_many(self, item_ids: Sequence[str]) -> Destroyed:
        """Destroy many items at once, a whole gallery without holding up a lane; return what was there."""
        ...

    def destroy_keys(self, key_ids: Sequence[str]) -> Destroyed:
        """Destroy subject keys by their ids, with everything that they sealed; ids that are unknown are no error."""
        ...

    def of_subjects(self, subjects: Sequence[str]) -> tuple[ItemLabel, ...]:
        """Return the labels of everything sealed of these subjects, by item id."""
        ...

    def of_purpose(self, purpose: str) -> tuple[ItemLabel, ...]:
        """Return the labels of everything sealed for one purpose, by item id."""
        ...

    def of_event(self, event: str, purpose: str) -> tuple[ItemLabel, ...]:
        """Return the labels of everything sealed for one purpose at one event, by item id."""
        ...

    def hold(self, item_ids: Sequence[str], until: Instant) -> int:
        """Let items live until ``until``, sealed anew, those that live longer as they are; return how many it held."""
        ...

    def release(self, item_ids: Sequence[str], held_until: Instant, expires_at: Instant) -> int:
        """Give items whose clock ends exactly at ``held_until`` another one, sealed anew; return how many."""
        ...

    def shorten(self, item_ids: Sequence[str], expires_at: Instant) -> int:
        """Let items end at ``expires_at``, those that end earlier as they are; return how many. Never the other way."""
        ...

    def lost_keys(self, periods: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of subject keys of these periods, and of those whose epoch is unknown: none may open again."""
        ...

    def expired(self, now: Instant, limit: int) -> tuple[str, ...]:
        """Return the ids of at most ``limit`` items that must be gone at ``now``, the longest overdue first."""
        ...

    def ended_epochs(self, now: Instant) -> tuple[str, ...]:
        """Return the epochs whose key is to go: days that are over, events of which nothing is left."""
        ...

    def end_epochs(self, now: Instant) -> tuple[str, ...]:
        """Wrap what outlives such an epoch under another one's key and forget the epoch; return which keys must go.

        They may be destroyed as soon as this transaction has committed, and not before.
        """
        ...

    def rotate(self) -> tuple[str, ...]:
        """Wrap every subject key under new epoch keys, no item touched; return which epoch keys must go then."""
        ...


class Tombstones(Protocol):
    """Remembers, outside the database, which keys were destroyed before their time, so that no backup brings them back.

    It holds random ids and hashed events, nothing about anybody.
    """

    def add(self, erasing: Erasing) -> None:
        """Remember an erasure, durably; once more is no error.

        Raises:
            VaultError: it cannot be written.
        """
        ...


class HoldStore(Protocol):
    """Evidence locks in force."""

    def add(self, hold: Hold) -> None:
        """Store a hold."""
        ...

    def all(self, now: Instant) -> tuple[Hold, ...]:
        """Return the holds that have not ended at ``now``, the first to end first."""
        ...

    def of_encounter(self, encounter_id: str, now: Instant) -> Hold | None:
        """Return the hold on an encounter that has not ended at ``now``."""
        ...

    def remove(self, hold_id: str) -> None:
        """Forget a hold."""
        ...

    def forget_ended(self, now: Instant) -> None:
        """Forget the holds that have ended at ``now``."""
        ...


class ErasureStore(Protocol):
    """Erasures that have begun and are not finished, so that a restart finishes them."""

    def save(self, erasing: Erasing) -> None:
        """Store that an erasure began, or took more with it, in the transaction that removes its rows."""
        ...

    def unfinished(self) -> tuple[Erasing, ...]:
        """Return what has begun and has no receipt yet, the oldest first."""
        ...

    def finish(self, erasure_id: str) -> None:
        """Forget that it is under way, in the transaction that records its receipt."""
        ...


class EncounterStore(Protocol):
    """Encounters and their attempts."""

    def insert(self, encounter: Encounter, *, retention: str, keep_until: Instant) -> None:
        """Store a new encounter; claim, person class and age are sealed under ``retention`` until ``keep_until``."""
        ...

    def by_token(self, token_sha256: bytes) -> Encounter | None:
        """Return the encounter opened with this token."""
        ...

    def by_id(self, encounter_id: str) -> Encounter | None:
        """Return the encounter with this id."""
        ...

    def claims(self, encounter_ids: Sequence[str]) -> Mapping[str, str]:
        """Return what each of these claims, "" where that is gone or was never stated; unknown ids are missing."""
        ...

    def advance(self, encounter_id: str, state: EncounterState, attempts_used: int) -> None:
        """Set the state and the attempts used."""
        ...

    def change_class(self, encounter_id: str, person_class: str) -> None:
        """Set the person's class, sealed anew under the clock it had; nothing where the personal part is gone."""
        ...

    def personal_item(self, encounter_id: str) -> str:
        """Return the vault item with what is sealed of an encounter, be it there or gone; "" if unknown."""
        ...

    def attempt(self, encounter_id: str, number: int) -> Attempt | None:
        """Return the stored answer to an attempt."""
        ...

    def save_attempt(self, attempt: Attempt) -> None:
        """Store the answer to an attempt; a second one with the same number is a ``StorageError``."""
        ...


class GalleryStore(Protocol):
    """Galleries and their references as rows; templates go through the vault."""

    def create(self, info: GalleryInfo) -> None:
        """Store a new, empty, open gallery.

        Raises:
            GalleryError: ``gallery.exists``.
        """
        ...

    def get(self, gallery_id: str) -> GalleryInfo | None:
        """Return the gallery's card."""
        ...

    def all(self) -> tuple[GalleryInfo, ...]:
        """Return every gallery, open or closed, by id."""
        ...

    def close(self, gallery_id: str) -> Destroyed:
        """Mark closed and destroy its references; return what left the vault."""
        ...

    def end_at(self, gallery_id: str, closes_at: Instant) -> None:
        """Set when the gallery's event is over."""
        ...

    def over(self, now: Instant) -> tuple[str, ...]:
        """Return the open galleries whose event has ended at ``now``, by id."""
        ...

    def people(self, gallery_id: str) -> tuple[tuple[str, str], ...]:
        """Return (reference id, person id) of every reference, by reference id; no template is opened."""
        ...

    def aboard(self, gallery_id: str) -> frozenset[str]:
        """Return everybody who went through."""
        ...

    def contains(self, gallery_id: str, reference_id: str) -> bool:
        """Return whether the reference is enrolled."""
        ...

    def present(self, gallery_id: str, reference_ids: Sequence[str]) -> frozenset[str]:
        """Return which of these references are enrolled."""
        ...

    def add_many(
        self, gallery_id: str, references: Sequence[Reference], *, retention: str, expires_at: Instant, now: Instant
    ) -> None:
        """Store references in a few statements, all or none; the errors of ``add``."""
        ...

    def add(self, gallery_id: str, reference: Reference, *, retention: str, expires_at: Instant, now: Instant) -> None:
        """Store a reference, its template sealed.

        Raises:
            GalleryError: ``gallery.duplicate`` or ``gallery.unknown``.
        """
        ...

    def remove(self, gallery_id: str, reference_id: str) -> Destroyed:
        """Destroy a reference; return what left the vault, nothing if it was not there."""
        ...

    def forget(self, items: Sequence[str]) -> tuple[str, ...]:
        """Drop the references whose templates these vault items were, gone already; return the galleries' ids."""
        ...

    def of_person(self, person_id: str) -> tuple[tuple[str, str], ...]:
        """Return (gallery id, reference id) of every reference of this person, by these."""
        ...

    def references(self, gallery_id: str, people: Collection[str] | None = None) -> Iterator[Reference]:
        """Yield every reference with its template, by reference id; with ``people``, theirs alone."""
        ...

    def expire(self, now: Instant) -> tuple[tuple[str, str], ...]:
        """Drop references that must be gone at ``now``; return (gallery id, reference id) of each, by these.

        Their templates are overdue in the vault too and go with the sweep in the same transaction.
        """
        ...

    def person_of(self, gallery_id: str, reference_id: str) -> str | None:
        """Return whose reference it is."""
        ...

    def spend_search(self, gallery_id: str) -> int:
        """Count one search and return the new total."""
        ...

    def boarded(self, gallery_id: str, person_id: str) -> bool:
        """Return whether the person already went through."""
        ...

    def board(self, gallery_id: str, person_id: str, now: Instant) -> bool:
        """Note that the person went through; return False if they already had."""
        ...


class CaseStore(Protocol):
    """What waits for a human: cases, who must see what, and charters that stopped."""

    def add(self, referral: Referral) -> None:
        """Store a referral."""
        ...

    def get(self, reference: str) -> Case | None:
        """Return the case of this referral, or the newest of this encounter."""
        ...

    def add_step(self, step: CaseStep) -> None:
        """Store what somebody did; a second step of the same number is a ``StorageError``."""
        ...

    def unsettled(self, now: Instant) -> tuple[Case, ...]:
        """Return cases that nobody has ended and whose clock runs, or that are contested, oldest first."""
        ...

    def cleared(self, now: Instant) -> tuple[Case, ...]:
        """Return cases that somebody cleared last and whose live photograph's clock runs, oldest first."""
        ...

    def tell(self, notification: Notification) -> None:
        """Store that a human must see something."""
        ...

    def told(self) -> tuple[Notification, ...]:
        """Return what nobody has acknowledged, oldest first."""
        ...

    def see(self, reference: str, by: str) -> bool:
        """Note who acknowledged one notification, or all about one referral or charter; return whether any waited."""
        ...

    def suspend(self, suspension: Suspension) -> bool:
        """Suspend a charter; return False where it is already."""
        ...

    def resume(self, charter_id: str) -> bool:
        """Lift a suspension; return whether there was one."""
        ...

    def suspension(self, charter_id: str) -> Suspension | None:
        """Return the charter's suspension while it lasts."""
        ...

    def suspensions(self) -> tuple[Suspension, ...]:
        """Return every suspension that lasts, by charter."""
        ...


class AccessStore(Protocol):
    """API keys, capture devices, training, partners."""

    def add_key(self, key: ApiKeyRecord) -> None:
        """Store a key's hash."""
        ...

    def key(self, key_id: str) -> ApiKeyRecord | None:
        """Return a key that was not revoked."""
        ...

    def revoke_key(self, key_id: str, now: Instant) -> bool:
        """Revoke a key; return whether it was there."""
        ...

    def add_device(self, device: Device) -> None:
        """Enrol a device, or replace its key."""
        ...

    def device(self, device_id: str) -> Device | None:
        """Return an enrolled device, revoked or not."""
        ...

    def devices(self) -> tuple[Device, ...]:
        """Return every enrolled device, revoked or not, by id."""
        ...

    def add_training(self, training: Training) -> None:
        """Store somebody's training in place of an earlier one."""
        ...

    def training(self, actor_id: str) -> Training | None:
        """Return somebody's newest training."""
        ...

    def trainings(self) -> tuple[Training, ...]:
        """Return everybody's newest training, by who."""
        ...

    def add_partner(self, partner: Partner) -> None:
        """Store a partner, or replace what is known of it; its audits stay."""
        ...

    def partner(self, partner_id: str) -> Partner | None:
        """Return a partner."""
        ...

    def partners(self) -> tuple[Partner, ...]:
        """Return every partner, by id."""
        ...

    def add_audit(self, audit: PartnerAudit) -> None:
        """Store an audit; a partner has one at an instant."""
        ...

    def audits(self, partner_id: str) -> tuple[PartnerAudit, ...]:
        """Return a partner's audits, oldest first."""
        ...


class ActStore(Protocol):
    """What the site signed to say what it may do, in order."""

    def add(self, act: SignedAct) -> None:
        """Store the next act."""
        ...

    def all(self) -> tuple[SignedAct, ...]:
        """Return every act, in order."""
        ...

    def clear(self) -> None:
        """Forget every act: their key is lost."""
        ...


class AggregateStore(Protocol):
    """Counts of people by day and checkpoint, the tests' states, and signals. Holds nothing about any person."""

    def add(self, day: int, checkpoint_id: str, counts: Sequence[Count], *, expires_at: Instant) -> None:
        """Add to cells, making those that are not there; ``expires_at`` governs new ones."""
        ...

    def put(self, day: int, checkpoint_id: str, counts: Sequence[Count], *, expires_at: Instant) -> None:
        """Set cells to these numbers."""
        ...

    def counts(self, since: int, until: int) -> tuple[Counted, ...]:
        """Return every cell of days [since, until], by day, checkpoint, kind and cell."""
        ...

    def state(self, checkpoint_id: str, name: str) -> JsonObject | None:
        """Return a test's saved state."""
        ...

    def save_state(self, checkpoint_id: str, name: str, state: JsonObject, *, expires_at: Instant) -> None:
        """Save a test's state in place of the last."""
        ...

    def add_signal(self, signal: Signal, *, expires_at: Instant) -> None:
        """Store a signal; one test at one checkpoint raises one at an instant."""
        ...

    def signals(self, since: Instant) -> tuple[Signal, ...]:
        """Return signals from ``since`` on, oldest first."""
        ...

    def runs(self) -> tuple[PublicRun, ...]:
        """Return every run of counts for the public, told or not, by checkpoint, kind and first day."""
        ...

    def save_runs(self, runs: Sequence[PublicRun]) -> None:
        """Save runs in place of what they were; one that was told stays as it is. No clock removes them."""
        ...

    def overdue(self, now: Instant) -> bool:
        """Return whether anything must be gone at ``now``."""
        ...

    def expire(self, now: Instant) -> int:
        """Remove everything that must be gone at ``now``; return how many rows went."""
        ...


class RecordStore(Protocol):
    """The record inside a transaction: commitments waiting for a batch, batches, sealed bodies."""

    def append_many(
        self, events: Sequence[RecordedEvent], *, now: Instant, link: Callable[[bytes], str]
    ) -> tuple[Entry, ...]:
        """Commit to events in their order: seal both parts, store commitments as pending, return what receipts need.

        ``prev`` in each one's facts is what ``link`` makes of the commitment before, b"" before the first.
        """
        ...

    def pending(self) -> tuple[bytes, ...]:
        """Return commitments (32 bytes) that are in no batch yet."""
        ...

    def append_batch(self, leaves: Sequence[bytes], now: Instant) -> int:
        """Append leaves in order to the tree, unmark pending ones; return the tree's new size."""
        ...

    def size(self) -> int:
        """Return the number of leaves in the tree."""
        ...

    def leaves(self, start: int, end: int) -> tuple[bytes, ...]:
        """Return leaves [start, end) in tree order."""
        ...

    def index_of(self, commitment: bytes) -> int | None:
        """Return a commitment's position in the tree, or None while pending or unknown."""
        ...

    def knows(self, commitment: bytes) -> bool:
        """Return whether the commitment was ever recorded here, pending or not."""
        ...

    def personal_item(self, commitment: bytes) -> str:
        """Return the vault item with an entry's personal part, be it there or gone; "" if unknown."""
        ...

    def note_erasure(self, facts_items: Sequence[str], erasure_id: str) -> None:
        """Note which erasure took the facts in these vault items."""
        ...

    def pseudonym(self, sealed: bytes) -> str:
        """Return whom an entry's opened personal part is about, "" for nobody."""
        ...

    def erased_by(self, erasure_id: str) -> tuple[bytes, ...]:
        """Return the commitments (32 bytes) of the entries whose facts an erasure took, sorted bytewise."""
        ...

    def size_before(self, instant: Instant) -> int:
        """Return how many leaves the tree had in the newest head signed before ``instant``."""
        ...

    def head_note(self) -> str | None:
        """Return the newest signed tree head's note text."""
        ...

    def save_head(self, size: int, root: bytes, note: str, now: Instant) -> None:
        """Store a signed tree head."""
        ...

    def body(self, commitment: bytes) -> JsonObject | None:
        """Return one entry opened as ``bodies`` does, or None when no such entry was recorded."""
        ...

    def check(self, link: Callable[[bytes], str]) -> None:
        """Return if entries, their links, leaves, sealed bodies and encounters agree; raise naming what was edited."""
        ...

    def bodies(self) -> Iterator[JsonObject]:
        """Yield every entry opened for the auditor: commitment, facts, s1, and personal and s2 while they live."""
        ...


class UnitOfWork(Protocol):
    """One transaction over everything: commits together or leaves nothing."""

    @property
    def access(self) -> AccessStore:
        """API keys and capture devices."""
        ...

    @property
    def acts(self) -> ActStore:
        """What the site signed."""
        ...

    @property
    def aggregates(self) -> AggregateStore:
        """Counts, tests' states and signals."""
        ...

    @property
    def cases(self) -> CaseStore:
        """What waits for a human."""
        ...

    @property
    def encounters(self) -> EncounterStore:
        """Encounters and their attempts."""
        ...

    @property
    def holds(self) -> HoldStore:
        """Evidence locks."""
        ...

    @property
    def erasures(self) -> ErasureStore:
        """Erasures under way."""
        ...

    @property
    def galleries(self) -> GalleryStore:
        """Galleries and references as rows."""
        ...

    @property
    def record(self) -> RecordStore:
        """The record inside this transaction."""
        ...

    @property
    def vault(self) -> Vault:
        """Sealed items."""
        ...

    def commit(self) -> None:
        """Make everything durable (fsync) at once.

        Raises:
            StorageError: it did not become durable; nothing happened.
        """
        ...


class Transactions(Protocol):
    """Opens units of work. Writers queue: one at a time, in order."""

    def write(self) -> AbstractContextManager[UnitOfWork]:
        """Begin a writing transaction; leaving without ``commit`` rolls back."""
        ...

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """Begin a reading transaction on a stable snapshot."""
        ...


class Log(Protocol):
    """The public, append-only log over the record."""

    def link(self, commitment: bytes) -> str:
        """Return how an entry's facts name the entry before it, for auditors alone to follow; "" for b""."""
        ...

    def receipt(self, entry: Entry) -> Receipt:
        """Sign what was recorded, before it is answered."""
        ...

    def tick(self, now: Instant) -> TreeHead | None:
        """Publish a batch if one is due, dummies included; return the new tree head or None."""
        ...

    def publish(self, now: Instant) -> TreeHead:
        """Publish a batch at once (clean stop, CLI exit)."""
        ...

    def head(self) -> TreeHead:
        """Return the newest tree head."""
        ...

    def prove(self, commitment: bytes) -> InclusionProof:
        """Return the inclusion proof under the newest tree head.

        Raises:
            NotFound: ``log.unknown_commitment``, or ``log.pending`` while it waits for its batch.
        """
        ...

    def export_bundle(self, tx: UnitOfWork, now: Instant) -> JsonObject:
        """Return every entry opened for the auditor, as ``audit`` reads it."""
        ...
