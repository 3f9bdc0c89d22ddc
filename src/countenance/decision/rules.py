"""Every rule a decision can name, in one place: stable ids for records and instructions, sentences for people.

No sentence holds a score, a threshold or an error rate: nobody may see one before their own verdict (invariant 4), and
replies to devices carry these sentences. ``docs/operating-points.md`` lists every id.
"""

from __future__ import annotations

from countenance.terms import ChipStep, Rule

# --- before any frame: the charter and the evidence envelope --------------------------------------------------------
CHARTER_NOT_IN_FORCE = Rule("charter-not-in-force", "The charter is not in force now: ordinary manual check.")
POINT_NOT_THE_CHARTERS = Rule(
    "operating-point-not-the-charters", "The threshold is not the one that the charter names: ordinary manual check."
)
POINT_NOT_IN_DATE = Rule(
    "operating-point-not-in-date", "The evidence behind the threshold is not in date: ordinary manual check."
)
UNMEASURED = Rule(
    "unmeasured-bounds-need-a-trial", "Nobody measured this use, and the charter is no trial: ordinary manual check."
)
EXTRAPOLATED = Rule(
    "extrapolated-evidence-needs-a-trial",
    "Galleries of this size were not tested, and the charter is no trial: ordinary manual check.",
)
MODE_OUTSIDE = Rule("mode-outside-evidence", "This way of comparing was not measured: ordinary manual check.")
CAPTURE_CLASS_OUTSIDE = Rule(
    "capture-class-outside-evidence", "This way of taking photographs was not measured: ordinary manual check."
)
AGE_UNKNOWN = Rule("age-unknown", "The age is not known, and the evidence depends on it: ordinary manual check.")
BELOW_MINIMUM_AGE = Rule("below-minimum-age", "People of this age are never compared: ordinary manual check.")
AGE_OUTSIDE = Rule("age-outside-evidence", "People of this age were not measured: ordinary manual check.")
REFERENCE_AGE_UNKNOWN = Rule(
    "reference-age-unknown",
    "It is not known when the reference was taken, and the evidence depends on it: ordinary manual check.",
)
REFERENCE_AGE_OUTSIDE = Rule(
    "reference-age-outside-evidence",
    "References as old or as new as this were not measured: ordinary manual check.",
)
GALLERY_EMPTY = Rule("gallery-empty", "The gallery holds nobody to compare with: ordinary manual check.")
GALLERY_OVER_CHARTER = Rule(
    "gallery-larger-than-charter", "The gallery is larger than the charter allows: ordinary manual check."
)
GALLERY_OUTSIDE = Rule(
    "gallery-larger-than-evidence", "Galleries as large as this were not measured: ordinary manual check."
)

# --- after the comparison -------------------------------------------------------------------------------------------
SCORE_REACHED = Rule("score-at-or-above-threshold", "The comparison score reached the operating point's threshold.")
SCORE_BELOW = Rule(
    "score-below-threshold", "The comparison score stayed below the threshold: an officer looks at the document."
)
SCORE_INVALID = Rule("score-not-usable", "The comparison gave no usable score: ordinary manual check.")
GALLERY_CHANGED = Rule(
    "gallery-changed-while-searching", "The gallery changed during the search: ordinary manual check."
)
ALREADY_BOARDED = Rule("already-boarded", "This person went through before: an officer looks.")
OTHER_TRAVELLER = Rule(
    "other-traveller", "The document that was shown is not the one of the person found: an officer looks at both."
)
SECOND_PERSON = Rule(
    "second-person-at-or-above-threshold", "More than one expected person resembles the photograph: an officer looks."
)

EARLIER_REFERRAL = Rule(
    "earlier-referral-in-secondary",
    "An earlier referral of this person is still in secondary inspection: bring the person there.",
)

# --- no comparison was possible -------------------------------------------------------------------------------------
THIRD_ATTEMPT = Rule("third-attempt", "Three photographs could not be used: ordinary manual check.")
LIVENESS_NOT_SHOWN = Rule(
    "liveness-not-shown", "The camera could not tell that somebody stood before it: ordinary manual check."
)
SUSPENDED = Rule(
    "charter-suspended", "The charter is suspended because too many people were referred: ordinary manual check."
)
UNAVAILABLE = Rule("inference-unavailable", "The comparison is not available now: ordinary manual check.")


# --- a document's reference ------------------------------------------------------------------------------------------
NO_CSCA_STORE = Rule(
    "no-csca-store", "There are no certificates here to check the chip against: ordinary manual check."
)
OTHER_CHIP = Rule("other-chip", "The page and the chip are not of one document: ordinary manual check.")
DOCUMENT_EXPIRED = Rule("document-expired", "The document has expired: ordinary manual check.")
NO_REFERENCE = Rule("no-reference", "There is no portrait of this document to compare with: ordinary manual check.")
REFERENCE_UNAVAILABLE = Rule(
    "reference-unavailable", "The place that keeps the portraits does not answer now: ordinary manual check."
)


def chip_not_authentic(step: ChipStep) -> Rule:
    """Return the rule that a chip's chain did not hold; an officer sees the first step that is broken."""
    return Rule(
        "chip-not-authentic",
        f"The chip was not shown to be authentic, step {step.number} ({step.name}): ordinary manual check.",
    )


def quality_refused(advice: str) -> Rule:
    """Return the rule that a photograph could not be used, with the advice that the person was given."""
    return Rule("quality-refused", advice)
