"""Whom a file says that it names decides what it may do to a gallery's roll (ADR 0023)."""

from __future__ import annotations

from countenance.errors import GalleryError
from countenance.terms.documents import ListScope, Manifest
from countenance.terms.staging import EventTerms, Listed

INCOMPLETE = frozenset({"series", "count", "people_count"})
"""Findings that say that people may be missing in the file: then it is no difference to the last."""
_MAY_LEAVE = frozenset({ListScope.LEAVING, ListScope.UNSTATED, ListScope.UNKNOWN})
"""Whom a file may name that is handed in as removals: whoever a message says to come is not taken off by it."""
_COMPLETE = frozenset({ListScope.WHOLE, ListScope.UNSTATED})
"""Whom a file must name for those to be gone who are not in it."""


def check_lists(manifest: Manifest, terms: EventTerms) -> None:
    """Return unless whom the file says that it names contradicts itself, or what it was handed in as."""
    removals = terms.listed is Listed.REMOVALS
    if ListScope.STANDING in manifest.scopes:
        raise GalleryError(
            "gallery.standing_list", "This file lists a carrier's staff, whichever movement they are on.",
            remedy="Nothing was changed. Stage the crew list of the movement; nobody else is expected at it (CBP-1).",
        )  # fmt: skip
    if len(manifest.scopes) > 1:
        raise GalleryError(
            "gallery.mixed_manifest", f"The messages of this file name {' and '.join(sorted(manifest.scopes))} people.",
            remedy="Nothing was changed. Hand in the messages of each kind in a file of their own.",
        )  # fmt: skip
    if ListScope.LEAVING in manifest.scopes and not removals:
        raise GalleryError(
            "gallery.not_coming", "This file says itself that its people do not come.",
            remedy="Nothing was changed. Say that it lists removals, or send the list of those who are expected.",
        )  # fmt: skip
    if removals and not manifest.scopes <= _MAY_LEAVE:
        raise GalleryError(
            "gallery.not_leaving", "This file says itself that its people come, or names nobody who leaves.",
            remedy="Nothing was changed. Ask for a message that says who does not come, or list them as CSV or JSON.",
        )  # fmt: skip


def check_whole(manifest: Manifest) -> None:
    """Return unless the file says itself that people are missing from it: then nobody is gone for not being in it."""
    if not manifest.scopes <= _COMPLETE or INCOMPLETE & {one.code for one in manifest.findings}:
        raise GalleryError(
            "gallery.partial_manifest", "This file says itself that people are missing from it.",
            remedy="Nothing was changed. Send the whole manifest, or say that it lists additions or removals alone.",
        )  # fmt: skip
