"""Whether a valid charter may start: the checks between a charter, its operating point, and this machine.

Everything here is refused *before* a service answers anything, so that at the checkpoint there is either a lane that
stays within its evidence or none. The same bounds are checked again for every person by ``decision.admit``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from countenance.authority.conditions import check_conditions
from countenance.errors import CharterError, OperatingPointError
from countenance.terms import Charter, Instant, Mode, OperatingPoint, Unmeasured, iso, parse_iso

_LONGEST_CONTACT = 500
_HOST = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+"
_REACHABLE = re.compile(
    rf"(?<![^\s<(:,;])[^\s@<>()\[\],;:]+@{_HOST}"  # a mail address
    rf"|\bhttps?://{_HOST}"
    r"|(?<!\w)\+?\(?[0-9]([ ()./-]{0,2}[0-9]){5,14}(?!\w)"  # six digits or more, grouped as people write them
)
"""Ways to reach somebody that people can use: a mail address, a page, a telephone number."""


@dataclass(frozen=True, slots=True)
class Build:
    """What this build of the program can do at all; nothing at run time adds to it (W-2)."""

    modes: frozenset[Mode]
    public_spaces: bool
    """Whether people who did not come to a checkpoint may be looked at."""


DEFAULT_BUILD = Build(frozenset({Mode.VERIFY, Mode.IDENTIFY}), public_spaces=False)


def check_start(
    charter: Charter,
    *,
    pad_present: bool,
    operating_point: OperatingPoint,
    weights: str,
    production: bool,
    now: Instant,
    build: Build = DEFAULT_BUILD,
) -> None:
    """Return only if ``charter`` may start on this machine now; the first rule that is broken is told.

    (1) the charter has not ended; (2) this build can do what it asks (W-2); (3) it was reviewed, its controller can
    be reached, and its jurisdiction's conditions are ticked (W-10); (4) unattended needs a presentation attack
    detector (CBP-29); (5) the weights in use are the charter's (``weights``, the name of networks, alignment and
    pipeline); (6) the operating point is the one the charter names, was measured on exactly these weights, and is
    in date, which ends three years after the evaluation at the latest (CBP-13); (7) the charter's mode, capture
    class and largest gallery lie inside its evidence (N-6), and extrapolated galleries and bounds that nobody
    measured are accepted by trials only, and never at a site whose profile is ``production``; (8) the charter has
    begun. The last comes last, because a charter that begins while the service runs must have passed everything
    else.

    Raises:
        CharterError: ``charter.expired`` (1); ``.mode_not_available``, ``.public_space`` (2); ``.unreviewed``,
            ``.review_ahead``, ``.no_contact``, ``.unknown_jurisdiction``, ``.unknown_condition``, ``.condition_open``
            (3); ``.unattended_without_pad`` (4); ``.other_weights`` (5); ``.other_operating_point`` (6);
            ``.mode_outside_evidence``, ``.extrapolated_evidence``, ``.unmeasured_bounds``,
            ``.capture_class_outside_evidence``, ``.gallery_larger_than_evidence`` (7); ``.not_yet_valid`` (8).
        OperatingPointError: ``operating_point.other_weights``, ``.not_yet_issued``, ``.expired`` (6).
    """
    _check_not_over(charter, now)  # (1)
    check_build(charter, build)  # (2)
    check_authority(charter, now, production=production)  # (3)
    if not charter.attended and not pad_present:  # (4)
        raise CharterError(
            "charter.unattended_without_pad",
            f"The charter {charter.charter_id!r} is unattended and no detector for fake faces is installed (CBP-29).",
            remedy="Staff the checkpoint and state 'attended: true', or install a presentation attack detector.",
        )
    if charter.weights != weights:  # (5)
        raise CharterError(
            "charter.other_weights",
            f"The charter {charter.charter_id!r} allows the weights {charter.weights[:16]}…, not {weights[:16]}….",
            remedy="Install the weights the charter names, or have a charter for these approved.",
        )
    _check_point(charter, operating_point, weights, now)  # (6)
    _check_evidence(charter, operating_point, production=production)  # (7)
    _check_begun(charter, now)  # (8)


def _check_not_over(charter: Charter, now: Instant) -> None:
    if now >= charter.valid_until:
        raise CharterError(
            "charter.expired",
            f"The charter {charter.charter_id!r} ended on {iso(charter.valid_until)}.",
            remedy="Do ordinary manual checks and have the charter reviewed and renewed.",
        )


def _check_begun(charter: Charter, now: Instant) -> None:
    if now < charter.valid_from:
        raise CharterError(
            "charter.not_yet_valid",
            f"The charter {charter.charter_id!r} begins on {iso(charter.valid_from)}.",
            remedy="Wait until then; check this machine's clock.",
        )


def check_build(charter: Charter, build: Build = DEFAULT_BUILD) -> None:
    """Return only if this build can do what the charter asks (W-2).

    Raises:
        CharterError: ``charter.public_space``, ``charter.mode_not_available``.
    """
    if charter.setting == "public-space" and not build.public_spaces:
        raise CharterError(
            "charter.public_space",
            f"The charter {charter.charter_id!r} is for a public space, and this build looks at nobody there (W-2).",
            remedy="Compare at a checkpoint where people already have to stop; no setting turns this on.",
        )
    if charter.mode not in build.modes:
        raise CharterError(
            "charter.mode_not_available",
            f"The mode {charter.mode.value!r} is not available in this version.",
            remedy="Use 'verify' or 'identify'; screening needs lists and human confirmation, which come later.",
        )


def check_authority(charter: Charter, now: Instant, *, production: bool) -> None:
    """Return only if the charter was reviewed, its controller can be reached, and its conditions are ticked (W-10).

    Raises:
        CharterError: ``charter.unreviewed``, ``.review_ahead``, ``.no_contact``, ``.unknown_jurisdiction``,
            ``.unknown_condition``, ``.condition_open``.
    """
    serious = production or not charter.trial
    if serious and not charter.review.complete:
        raise CharterError(
            "charter.unreviewed",
            f"Somebody is missing among those who signed the review of the charter {charter.charter_id!r} (W-10).",
            remedy="Have it reviewed for privacy, civil rights and technology, and name who signed under "
            "'review_signed_by'.",
        )
    if parse_iso(f"{charter.review.signed_on}T00:00:00Z") > now:
        raise CharterError(
            "charter.review_ahead",
            f"The review of the charter {charter.charter_id!r} is dated {charter.review.signed_on}, which lies ahead.",
            remedy="State the day on which it was signed; check this machine's clock.",
        )
    if serious and not _REACHABLE.search(charter.contact[:_LONGEST_CONTACT]):
        raise CharterError(
            "charter.no_contact",
            f"Nobody can be reached under the contact of the charter {charter.charter_id!r}.",
            remedy="State a telephone number, an e-mail address or a web page (https://…) as 'contact'.",
        )
    check_conditions(charter)


def _check_point(charter: Charter, point: OperatingPoint, weights: str, now: Instant) -> None:
    if point.sha256 != charter.operating_point:
        raise CharterError(
            "charter.other_operating_point",
            f"The charter {charter.charter_id!r} names the operating point {charter.operating_point[:16]}…, "
            f"not {point.sha256[:16]}….",
            remedy="Put the operating point that the charter names into the site.",
        )
    if point.weights != weights:
        raise OperatingPointError(
            "operating_point.other_weights",
            f"The operating point {point.label!r} was measured on the weights {point.weights[:16]}…, "
            f"not on {weights[:16]}….",
            remedy="Use an operating point that was measured on exactly these weights, preprocessing and precision.",
        )
    check_in_date(point, now)


def check_in_date(point: OperatingPoint, now: Instant) -> None:
    """Return only if the evidence behind the threshold holds at ``now``.

    Raises:
        OperatingPointError: ``operating_point.not_yet_issued``, ``.expired``.
    """
    if now < point.issued_at:
        raise OperatingPointError(
            "operating_point.not_yet_issued",
            f"The operating point {point.label!r} was issued on {iso(point.issued_at)}, which lies ahead.",
            remedy="Check this machine's clock.",
        )
    if now >= point.expires_at:
        raise OperatingPointError(
            "operating_point.expired",
            f"The operating point {point.label!r} expired on {iso(point.expires_at)} (CBP-13).",
            remedy="Evaluate again and put the new operating point into the charter.",
        )


def _check_evidence(charter: Charter, point: OperatingPoint, *, production: bool) -> None:
    envelope = point.envelope
    if charter.mode not in envelope.modes:
        measured = ", ".join(envelope.modes) or "none"
        raise _outside(charter, "charter.mode_outside_evidence", f"mode {charter.mode.value!r} (measured: {measured})")
    if production or not charter.trial:
        _check_no_trial(charter, point)
    if not isinstance(envelope.capture_classes, Unmeasured) and charter.capture_class not in envelope.capture_classes:
        measured = ", ".join(envelope.capture_classes) or "none"
        raise _outside(
            charter,
            "charter.capture_class_outside_evidence",
            f"capture class {charter.capture_class!r} (measured: {measured})",
        )
    if charter.mode is Mode.IDENTIFY and not point.covers_gallery(charter.max_gallery_size):
        raise _outside(
            charter,
            "charter.gallery_larger_than_evidence",
            f"galleries of {charter.max_gallery_size}, of which not even nine tenths were tested",
        )


def _check_no_trial(charter: Charter, point: OperatingPoint) -> None:
    """Refuse what only a trial may rely on."""
    if point.extrapolated is not None:
        raise CharterError(
            "charter.extrapolated_evidence",
            f"The operating point {point.label!r} is extrapolated from galleries of "
            f"{point.extrapolated.measured_gallery}; nobody tested larger ones (N-6).",
            remedy="Measure with larger galleries, or run a trial: 'trial: true', site not in production.",
        )
    if unmeasured := point.unmeasured(charter.mode):
        raise CharterError(
            "charter.unmeasured_bounds",
            f"The operating point {point.label!r} leaves unmeasured: {', '.join(unmeasured)}.",
            remedy="Use a measured operating point, or run a trial: 'trial: true', site not in production.",
        )


def _outside(charter: Charter, code: str, what: str) -> CharterError:
    return CharterError(
        code,
        f"The charter {charter.charter_id!r} asks for {what}, outside its operating point's evidence.",
        remedy="Narrow the charter, or have an operating point measured for this.",
    )
