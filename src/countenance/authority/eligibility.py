"""Refusal before the camera: whoever may refuse must have been offered it (CBP-16, CBP-17).

Who may refuse comes from the charter; issue 4 makes it data with valid-from dates (CBP-30) behind the same question.
"""

from __future__ import annotations

from countenance.errors import EncounterError
from countenance.terms import Charter, Eligibility


def check_offer(charter: Charter, eligibility: Eligibility) -> None:
    """Return only if no encounter would be opened for a person who may refuse and was not told so.

    Opt-out first: document, eligibility, notice and choice, and only then the camera. A person of class "unknown" may
    always refuse. Offering it to somebody who has no such right does no harm and is not refused here.

    Raises:
        EncounterError: ``encounter.refusal_not_offered``; no token exists, so no frame can be sent.
    """
    if charter.may_refuse(eligibility.person_class) and not eligibility.refusal_offered:
        raise EncounterError(
            "encounter.refusal_not_offered",
            "This person may refuse and was not offered it (CBP-16).",
            remedy="Show the notice, say that refusing is allowed, and open the encounter with what the person chose.",
        )
