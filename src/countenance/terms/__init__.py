"""Every noun that crosses a module, frozen; one file per stage of the way a face takes.

The words follow ISO/IEC 2382-37 (probe, reference, candidate, template, mated), ISO/IEC 19795-1 (error rates) and
OSIA (encounter, gallery). A new stage returns a new type; nothing has optional fields that are filled in later;
refusal is a type with a reason. Layer 0: imports nothing of ours but itself.
"""

from countenance.terms.access import (
    Action,
    Actor,
    ApiKeyRecord,
    Device,
    LedgerLine,
    Partner,
    PartnerAudit,
    Role,
    Training,
)
from countenance.terms.authority import (
    EVERYONE,
    NOBODY,
    UNKNOWN,
    Charter,
    Checkpoint,
    ClassRetention,
    ClassRule,
    Eligibility,
    EligibilityRules,
    Explanation,
    Finding,
    Mode,
    Notice,
    NoticeCheck,
    PolicyDecision,
    PolicyRequest,
    Retention,
    Review,
)
from countenance.terms.cases import (
    Case,
    CaseEvent,
    CaseState,
    CaseStep,
    Compared,
    Notification,
    OfficerReason,
    Redress,
    Referral,
    SecondFact,
    Suspension,
    Telling,
)
from countenance.terms.decision import Decision, Match, NextStep, NoMatch, NotCompared, Outcome, Referred, Rule
from countenance.terms.encounter import (
    Attempt,
    Encounter,
    EncounterState,
    Opened,
    OpenRequest,
    Reply,
    StageTime,
    Submission,
)
from countenance.terms.evidence import (
    Bounds,
    Envelope,
    ErrorRate,
    Estimate,
    Extrapolated,
    GroupEstimate,
    OperatingPoint,
    Pairs,
    Target,
    Unmeasured,
)
from countenance.terms.face import (
    Accepted,
    Box,
    Extraction,
    Frame,
    Landmarks,
    Probe,
    Quality,
    QualityLimits,
    Reason,
    Refused,
    Score,
    Stage,
    StageMillis,
    Template,
)
from countenance.terms.gallery import Candidate, Enrolment, EnrolmentVerdict, GalleryInfo, Reference
from countenance.terms.monitoring import (
    AFTER_AN_ANSWER,
    CAPTURED,
    DAY_MS,
    UNSTATED,
    Clearance,
    ClearanceReason,
    Count,
    Counted,
    Ended,
    Monitor,
    PublicRun,
    Sex,
    Signal,
    Stated,
    Tally,
    TallySource,
)
from countenance.terms.record import Entry, InclusionProof, Json, JsonObject, Receipt, TreeHead
from countenance.terms.time import Instant, iso, parse_iso
from countenance.terms.vault import ItemLabel

__all__ = [
    "AFTER_AN_ANSWER", "CAPTURED", "DAY_MS", "EVERYONE", "NOBODY", "UNKNOWN", "UNSTATED", "Accepted", "Action", "Actor",
    "ApiKeyRecord", "Attempt", "Bounds", "Box", "Candidate", "Case", "CaseEvent", "CaseState", "CaseStep", "Charter",
    "Checkpoint", "ClassRetention", "ClassRule", "Clearance", "ClearanceReason", "Compared", "Count", "Counted",
    "Decision", "Device", "Eligibility", "EligibilityRules", "Encounter", "EncounterState", "Ended", "Enrolment",
    "EnrolmentVerdict", "Entry", "Envelope", "ErrorRate", "Estimate", "Explanation", "Extraction", "Extrapolated",
    "Finding", "Frame", "GalleryInfo", "GroupEstimate", "InclusionProof", "Instant", "ItemLabel", "Json", "JsonObject",
    "Landmarks", "LedgerLine", "Match", "Mode", "Monitor", "NextStep", "NoMatch", "NotCompared", "Notice",
    "NoticeCheck", "Notification", "OfficerReason", "OpenRequest", "Opened", "OperatingPoint", "Outcome", "Pairs",
    "Partner", "PartnerAudit", "PolicyDecision", "PolicyRequest", "Probe", "PublicRun", "Quality", "QualityLimits",
    "Reason", "Receipt", "Redress", "Reference", "Referral", "Referred", "Refused", "Reply", "Retention", "Review",
    "Role", "Rule", "Score", "SecondFact", "Sex", "Signal", "Stage", "StageMillis", "StageTime", "Stated", "Submission",
    "Suspension", "Tally", "TallySource", "Target", "Telling", "Template", "Training", "TreeHead", "Unmeasured", "iso",
    "parse_iso",
]  # fmt: skip
