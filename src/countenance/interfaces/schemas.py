"""What travels over HTTP, as the OpenAPI document shows it: one model per request and reply, each field explained.

These are edges, not nouns: the nouns are ``countenance.terms``, and ``interfaces.shown`` turns those into these. No
model here has a place for a score.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from countenance.terms import NextStep, Outcome

Identifier = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$")]
Pseudonym = Annotated[str, Field(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]


MrzText = Annotated[str, Field(max_length=1_000)]
ChipFiles = Annotated[dict[str, str], Field(max_length=18)]


class Sent(BaseModel):
    """A request body: strict types, no unknown fields."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Answered(BaseModel):
    """A reply body."""

    model_config = ConfigDict(frozen=True)


class FieldFault(Answered):
    """One field that does not fit."""

    field: str = Field(description="JSON pointer into the body, or the header or path parameter's name.")
    expected: str = Field(description="What is expected there.")


class Problem(Answered):
    """RFC 9457 problem details, as ``application/problem+json``; every error has this shape."""

    type: str = Field(description="URN made of the code.", examples=["urn:countenance:problem:encounter.unknown_token"])
    title: str = Field(description="The kind of problem.", examples=["The encounter does not allow this"])
    status: int = Field(description="The HTTP status again.", examples=[409])
    detail: str = Field(description="What exactly is wrong.", examples=["This token opened no encounter here."])
    code: str = Field(description="Stable; programs may rely on it.", examples=["encounter.unknown_token"])
    remedy: str = Field(description="What to do now.", examples=["Open an encounter at this checkpoint first."])
    instance: str = Field(description="Random; quote it to the administrator.")
    errors: list[FieldFault] | None = Field(default=None, description="With 422: the fields that do not fit.")


# --- encounters ---------------------------------------------------------------------------------------------------
class EligibilityBody(Sent):
    """What was established about the person before the camera."""

    person_class: str = Field(
        max_length=40, pattern=r"^[a-z][a-z0-9_-]*$", examples=["citizen"],
        description="A class the charter's opt-out list knows; `unknown` is entitled to refuse.",
    )  # fmt: skip
    age: int = Field(ge=-1, le=150, examples=[34], description="Completed years from the document; -1 when unknown.")
    reference_years: int = Field(
        -1, ge=-1, le=150, examples=[4],
        description="Completed years since the document's portrait was taken, from its date of issue; -1 when unknown. "
        "For verifications.",
    )  # fmt: skip
    refusal_offered: bool = Field(
        description="Whether the person was told that they may refuse. Must be true for whoever may (CBP-16)."
    )


class StatedBody(Sent):
    """What the document states besides age: for counts alone, stored nowhere, seen by no decision. Never a guess."""

    sex: Literal["female", "male", "unspecified", "unstated"] = Field(
        default="unstated", description="As the document has it."
    )
    issuing_state: str = Field(
        default="", pattern="^[A-Z]{0,3}$", examples=["UTO"], description="ICAO 9303; empty: unstated."
    )


class OpenBody(Sent):
    """Opens an encounter, before any camera."""

    checkpoint: Identifier = Field(examples=["lane-1"], description="A checkpoint that a charter of this site names.")
    eligibility: EligibilityBody
    gallery: str = Field("", max_length=80, description="The closed gallery to search, where the mode is identify.")
    claim: Pseudonym = Field(
        "", examples=["traveller-81"],
        description="Your pseudonym for whom the person claims to be, never a name; empty when nobody is claimed.",
    )  # fmt: skip
    mrz: MrzText = Field(
        "",
        description="The document's zone, in place of `claim`: the claim is made from its issuer and number by a key "
        "that the site alone has, and neither is stored. A verification then takes papers of that document alone; at a "
        "gate it must be one of the person found, where a manifest tells.",
    )
    stated: StatedBody = Field(default_factory=StatedBody)

    @model_validator(mode="after")
    def _one_claim(self) -> Self:
        if self.claim and self.mrz:
            raise PydanticCustomError("one_claim", "Either 'claim' or 'mrz'")
        return self


class IdentificationBody(Sent):
    """One attempt of a search."""

    attempt: int = Field(ge=1, le=99, description="1, 2 or 3: the fourth is refused with no frame decoded.")
    live: str = Field(min_length=1, description="The live photograph's file (JPEG, PNG or WebP), base64 (RFC 4648 §4).")


class VerificationBody(IdentificationBody):
    """One attempt of a verification: the document's portrait, or what was read from it."""

    portrait: str = Field("", description="The document's portrait file, base64; or in its place `mrz`, `chip`, both.")
    mrz: MrzText = Field("", description="The machine-readable zone as read, with or without line ends.")
    chip: ChipFiles = Field(
        default_factory=dict,
        description="The chip's files, base64, by their names in ICAO 9303: `EF.SOD`, `DG1`, `DG2` …",
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.portrait) == bool(self.mrz or self.chip):
            raise PydanticCustomError("one_way", "Either 'portrait', or 'mrz', 'chip' or both")
        return self


class ReceiptBody(Answered):
    """Proves what was recorded, not about whom; check it offline with the site's public key (docs/auditing.md)."""

    origin: str = Field(description="The log's name, the first line of its tree heads.")
    commitment: str = Field(description="32 bytes in hex: the leaf that the log will include.")
    include_by: str = Field(description="The log promises inclusion by then (RFC 3339).")
    facts: str = Field(description="What was recorded, as the canonical JSON text itself; nothing about the person.")
    facts_salt: str = Field(description="32 bytes in hex.")
    personal_mac: str = Field(description="Binds the personal part without showing it; 32 bytes in hex.")
    signature: str = Field(description="Ed25519 by the log key over all other fields; 64 bytes in hex.")


class RuleBody(Answered):
    """One rule that fired."""

    rule_id: str = Field(examples=["score-at-or-above-threshold"])
    sentence: str


class ReplyBody(Answered):
    """What is answered to one attempt or refusal. It has no place for a score."""

    encounter_id: str = Field(description="16 bytes in hex.")
    outcome: Outcome = Field(description="The word to act on.")
    reason: str = Field(description="Stable code; empty for a plain match or no match.", examples=["quality.too_dark"])
    advice: str = Field(description="One sentence to the person or officer; may be empty.")
    next_step: NextStep = Field(description="What happens to the person now.")
    attempts_left: int = Field(description="How many more photographs may be sent; 0 ends the comparison.")
    reference_id: str = Field(description="Whom an identification matched, for operators; always empty for devices.")
    rules: list[RuleBody] = Field(description="The rules that fired, in order.")
    operating_point: str = Field(description="SHA-256 of the operating point; empty where none was used.")
    receipt: ReceiptBody


class OpenedBody(Answered):
    """An encounter that may be captured."""

    outcome: Literal["opened"] = "opened"
    next_step: Literal["capture"] = "capture"
    token: str = Field(description="Shown this once. Send it as the header Countenance-Token; never put it in a URL.")
    encounter_id: str
    expires_at: str = Field(description="The token's end (RFC 3339).")
    may_refuse: bool = Field(description="Whether the person may still refuse; then offer it before the camera.")
    notice_id: str = Field(description="The notice the person must have seen; its text is in /charters.")
    receipt: ReceiptBody


class ReceiptReply(Answered):
    """Done and recorded."""

    receipt: ReceiptBody


# --- the public log -----------------------------------------------------------------------------------------------
class TreeHeadBody(Answered):
    """The newest signed statement of the log's size and root."""

    size: int
    root: str = Field(description="32 bytes in hex.")
    note: str = Field(description="The C2SP signed note; the same text as /log/checkpoint.")


class ProofBody(Answered):
    """RFC 9162 2.1.3 inclusion proof."""

    commitment: str
    index: int = Field(description="The leaf's position, from 0.")
    path: list[str] = Field(description="Sibling hashes from the leaf to the root, hex.")
    tree_head: TreeHeadBody


# --- charters, administration ---------------------------------------------------------------------------------
class NoticeBody(Answered):
    """What people read before the camera."""

    notice_id: str
    language: str
    text: str
    sha256: str


class CheckpointBody(Answered):
    """A place where a person already has to stop."""

    checkpoint: str
    name: str
    existing_check: str
    notice_id: str
    biometric: bool = Field(description="Whether a camera compares here; where not, frames are dropped unseen.")


class ClassRuleBody(Answered):
    """What holds now for one class of person."""

    person_class: str = Field(
        description="A class, or `everyone` for classes that the charter names and has no rule for."
    )
    may_refuse: bool
    exempt_under: int = Field(description="Younger people must not be photographed; 0: no such rule.")
    exempt_over: int = Field(description="Older people must not be photographed; -1: no such rule.")


class CharterBody(Answered):
    """A published charter in words: why, by which law, where, until when."""

    charter: str = Field(description="SHA-256 of the charter's file, as entries and receipts name it.")
    charter_id: str
    version: int
    profile: str
    trial: bool
    use: str = Field(description="What the comparison is for, in one word.")
    forbidden_uses: list[str]
    public_page: str = Field(description="Where the public reads the charter.")
    purpose: str
    legal_basis: str
    controller: str
    contact: str
    place: str
    mode: str
    may_opt_out: list[str] = Field(description="Classes that may refuse now; so may `unknown`, and who has no rule.")
    eligibility: list[ClassRuleBody] = Field(description="The rules that hold now, one for each class.")
    operating_point: str = Field(description="SHA-256 of the operating point it decides with.")
    evidence: Literal["measured", "unmeasured", "extrapolated"] = Field(
        description="Whether what matters here was measured, or a trial goes beyond what was: `unmeasured` bounds, or "
        "galleries `extrapolated` from smaller ones."
    )
    checkpoints: list[CheckpointBody]
    notices: list[NoticeBody]
    valid_from: str
    valid_until: str
    in_force: bool


class DeviceBody(Sent):
    """Enrols a capture device, or replaces its key."""

    device: Identifier = Field(examples=["camera-7"])
    public_key: str = Field(pattern="^[0-9a-f]{64}$", description="Ed25519 public key, 32 bytes in hex.")
    checkpoints: list[Identifier] = Field(min_length=1, max_length=100, description="Where it stands.")
    partner: str = Field("", max_length=120, description="Who runs it, such as an airline; empty: the controller.")


class EnrolledBody(Answered):
    """The device may send photographs."""

    device: str


class KeyBody(Sent):
    """Issues an API key."""

    holder: str = Field(
        min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$", examples=["operator:17"],
        description="Names a post, not a private person: it appears in the record.",
    )  # fmt: skip
    role: Literal["operator", "supervisor", "auditor", "administrator", "device"]
    device: str = Field("", max_length=120, description="For role device: the enrolled device it belongs to.")


class IssuedKeyBody(Answered):
    """A new key."""

    api_key: str = Field(description="Shown this once; only its SHA-256 is stored.")
