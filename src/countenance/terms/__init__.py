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
from countenance.terms.acts import ActKind, SignedAct
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
from countenance.terms.decision import (
    EARLIER_REFERRAL,
    Decision,
    Match,
    NextStep,
    NoMatch,
    NotCompared,
    Outcome,
    Referred,
    Rule,
)
from countenance.terms.encounter import (
    NO_PAPERS,
    Attempt,
    Encounter,
    EncounterState,
    Opened,
    OpenRequest,
    Papers,
    ReferenceFrom,
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
from countenance.terms.orders import Access, Erased, ErasureReason, Hold, HoldReason, Kept
from countenance.terms.passport import (
    ChipAuthentic,
    ChipCheck,
    ChipData,
    ChipFile,
    ChipNotAuthentic,
    ChipStep,
    Portrait,
    PortraitCoding,
    StepVerdict,
)
from countenance.terms.record import Entry, InclusionProof, Json, JsonObject, Receipt, RecordedEvent, TreeHead
from countenance.terms.text import LONGEST, says_something
from countenance.terms.time import Instant, iso, parse_iso, utc_day
from countenance.terms.vault import Cause, Destroyed, Erasing, ItemLabel

__all__ = [
    "AFTER_AN_ANSWER", "CAPTURED", "DAY_MS", "EARLIER_REFERRAL", "EVERYONE", "LONGEST", "NOBODY", "NO_PAPERS",
    "UNKNOWN", "UNSTATED", "Accepted", "Access", "ActKind", "Action", "Actor", "ApiKeyRecord", "Attempt", "Bounds",
    "Box", "Candidate", "Case", "CaseEvent", "CaseState", "CaseStep", "Cause", "Charter", "Checkpoint",
    "ChipAuthentic", "ChipCheck", "ChipData", "ChipFile", "ChipNotAuthentic", "ChipStep", "ClassRetention",
    "ClassRule", "Clearance", "ClearanceReason", "Compared", "Count", "Counted", "Decision", "Destroyed", "Device",
    "Eligibility", "EligibilityRules", "Encounter", "EncounterState", "Ended", "Enrolment", "EnrolmentVerdict",
    "Entry", "Envelope", "Erased", "Erasing", "ErasureReason", "ErrorRate", "Estimate", "Explanation", "Extraction",
    "Extrapolated", "Finding", "Frame", "GalleryInfo", "GroupEstimate", "Hold", "HoldReason", "InclusionProof",
    "Instant", "ItemLabel", "Json", "JsonObject", "Kept", "Landmarks", "LedgerLine", "Match", "Mode", "Monitor",
    "NextStep", "NoMatch", "NotCompared", "Notice", "NoticeCheck", "Notification", "OfficerReason", "OpenRequest",
    "Opened", "OperatingPoint", "Outcome", "Pairs", "Papers", "Partner", "PartnerAudit", "PolicyDecision",
    "PolicyRequest", "Portrait", "PortraitCoding", "Probe", "PublicRun", "Quality", "QualityLimits", "Reason",
    "Receipt", "RecordedEvent", "Redress", "Reference", "ReferenceFrom", "Referral", "Referred", "Refused", "Reply",
    "Retention", "Review", "Role", "Rule", "Score", "SecondFact", "Sex", "Signal", "SignedAct", "Stage",
    "StageMillis", "StageTime", "Stated", "StepVerdict", "Submission", "Suspension", "Tally", "TallySource",
    "Target", "Telling", "Template", "Training", "TreeHead", "Unmeasured", "iso", "parse_iso", "says_something",
    "utc_day",
]  # fmt: skip
