"""What the exit status says, so that a script at a lane fails closed: only 0 lets a person proceed."""

from __future__ import annotations

from countenance import errors

OK = 0
"""Done; for ``verify`` and ``identify``: a match."""
NOT_AS_EXPECTED = 1
"""Answered, and the answer is not the good one: an audit found a fault, a face was not matched or not compared,
a document was refused."""
USAGE = 2
"""The command line itself is wrong."""
REFUSED = 3
"""Charter, access, encounter or gallery do not allow it; nothing was computed."""
NOT_SET_UP = 4
"""Site, settings, weights or operating point are missing, damaged or contradict each other; nothing started."""
UNAVAILABLE = 5
"""Not recorded, or a part did not answer: there is no automated answer, check by hand."""

EXIT_STATUSES: tuple[tuple[int, str], ...] = (
    (OK, "done; for verify and identify: a match"),
    (
        NOT_AS_EXPECTED,
        "answered otherwise: no match, not compared, a row not enrolled, a document refused, a fault",
    ),
    (USAGE, "the command line is wrong"),
    (REFUSED, "refused by charter, access, encounter or gallery; nothing was computed"),
    (
        NOT_SET_UP,
        "site, backup, settings, weights, operating point or evaluation data are not in order; nothing started",
    ),
    (UNAVAILABLE, "not recorded, or a part did not answer: check by hand"),
)
"""Each status with its sentence, for the help text."""

_BY_BOUNDARY: tuple[tuple[type[errors.CountenanceError], int], ...] = (
    (errors.CharterError, REFUSED),
    (errors.AccessError, REFUSED),
    (errors.EncounterError, REFUSED),
    (errors.GalleryError, REFUSED),
    (errors.CaseError, REFUSED),
    (errors.CountError, REFUSED),
    (errors.CustodyError, REFUSED),
    (errors.NotFound, REFUSED),
    (errors.RequestTooLarge, REFUSED),
    (errors.DocumentError, NOT_AS_EXPECTED),
    (errors.ConfigurationError, NOT_SET_UP),
    (errors.SiteError, NOT_SET_UP),
    (errors.BackupError, NOT_SET_UP),
    (errors.WeightsError, NOT_SET_UP),
    (errors.OperatingPointError, NOT_SET_UP),
    (errors.PolicyError, NOT_SET_UP),
    (errors.EvaluationError, NOT_SET_UP),
)


def status_of(error: errors.CountenanceError) -> int:
    """Return the exit status for an error; a boundary without its own is ``UNAVAILABLE``, never success.

    A service that does not answer, or no longer, is a part that did not: something may have been done before.
    """
    if error.code == "site.unreachable":
        return UNAVAILABLE
    return next((status for boundary, status in _BY_BOUNDARY if isinstance(error, boundary)), UNAVAILABLE)
