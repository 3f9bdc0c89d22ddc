"""Every error countenance raises on purpose: one root, one class per boundary, a stable code each.

Naming rule: the class names the *boundary* that was crossed wrongly (the site folder, the charter, the encounter …);
the ``code`` names the exact fault and never changes once released, because officers' instructions and integrators'
programs refer to it. ``str(error)`` is the sentence for the log (no image, template, name, or score beside an id);
``error.remedy`` is the sentence for the person in front of the screen: what to do now.

A refused *image* is not an error: it is a :class:`countenance.terms.Refused` value.
"""

from __future__ import annotations


class CountenanceError(Exception):
    """Root of everything raised on purpose. Catch this and nothing broader."""

    http_status: int = 500
    """The status an RFC 9457 problem reply carries for this boundary."""

    def __init__(self, code: str, message: str, *, remedy: str) -> None:
        """Make an error with a stable ``code`` ("boundary.fault"), a log ``message`` and a ``remedy``."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy

    def diagnostics(self) -> str:
        """Return what the officer should read: the fault, then what to do."""
        return f"{self.message} {self.remedy}"


class ConfigurationError(CountenanceError):
    """A setting, ``site.toml`` or an environment variable is missing or contradicts another; nothing starts."""


class SiteError(CountenanceError):
    """The site folder is missing, incomplete, locked by another service or of another layout version."""

    http_status = 503


class WeightsError(CountenanceError):
    """A network's file is missing, has another hash than pinned, or its manifest does not fit; nothing starts."""

    http_status = 503


class BackupError(CountenanceError):
    """A backup cannot be written, or a file is none that this site may come back from; what was there is intact."""

    http_status = 503


class CharterError(CountenanceError):
    """A charter is invalid, out of date, or does not allow what was asked; nothing was computed."""

    http_status = 403


class PolicyError(CountenanceError):
    """A policy is no Cedar, does not fit the schema, or permits what only a version may; nothing starts."""

    http_status = 503


class OperatingPointError(CountenanceError):
    """An operating point is untrusted, tampered with, or belongs to other weights; nothing starts."""

    http_status = 503


class EvaluationError(CountenanceError):
    """A manifest, list of pairs or report cannot be used, or does not support what is asked; nothing was written."""

    http_status = 422


class DocumentError(CountenanceError):
    """A document or manifest cannot be read as what it claims to be; nothing was taken from it."""

    http_status = 422


class EncounterError(CountenanceError):
    """An encounter token is unknown, expired, spent, of another checkpoint; no frame was decoded."""

    http_status = 409


class AccessError(CountenanceError):
    """Who is asking is unknown or may not do this; no frame was decoded."""

    http_status = 403


class NotAuthenticated(AccessError):
    """No acceptable API key or device signature was presented."""

    http_status = 401


class CustodyError(CountenanceError):
    """An order about what is kept cannot be carried out; nothing was changed."""

    http_status = 409


class GalleryError(CountenanceError):
    """A gallery is closed, foreign, full, over its search limit, or a reference is already there."""

    http_status = 409


class CaseError(CountenanceError):
    """A referral, contest or suspension does not allow this, or lacks what it needs; nothing changed."""

    http_status = 409


class CountError(CountenanceError):
    """A tally or clearance contradicts itself or what the service saw; nothing was counted."""

    http_status = 409


class NotFound(CountenanceError):
    """What the request names does not exist here (checkpoint, gallery, referral, commitment)."""

    http_status = 404


class RequestTooLarge(CountenanceError):
    """A request body is larger than its bound; it was not read to its end."""

    http_status = 413


class VaultError(CountenanceError):
    """A sealed item cannot be opened: wrong key, missing key, or the ciphertext was changed."""


class StorageError(CountenanceError):
    """The database refused: disk full, locked, or damaged. Nothing was recorded, so nothing is answered."""

    http_status = 507


class RecordError(CountenanceError):
    """The log cannot be written, projected or proved; no automated answer is given."""

    http_status = 503


class InferenceError(CountenanceError):
    """An inference process died or did not answer in time; the person gets an ordinary manual check."""

    http_status = 503
