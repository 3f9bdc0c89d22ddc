"""What is noted while a manifest is read: what was left out and how often, and what contradicts itself."""

from __future__ import annotations

from collections import Counter

from countenance.documents.manifest.limits import ManifestLimits
from countenance.errors import DocumentError
from countenance.terms.documents import Dropped, ManifestFinding, Traveller

LOST = "\ufffd"
"""Stands where a byte meant nothing in the file's character set."""

_MOST_KINDS = 100
"""Kinds of dropped things that are told apart; a file that invents more has them counted together."""


class Notes:
    """Collects findings and counts for one manifest, within bounds."""

    def __init__(self, limits: ManifestLimits) -> None:
        """Begin with nothing noted."""
        self.limits = limits
        self._dropped: Counter[str] = Counter()
        self._findings: list[ManifestFinding] = []

    def drop(self, what: str, count: int = 1) -> None:
        """Count something that is not imported because no gallery needs it."""
        known = what in self._dropped or len(self._dropped) < _MOST_KINDS
        self._dropped[what if known else "other"] += count

    def find(self, code: str, place: int, position: int, sentence: str) -> None:
        """Note a finding at segment, row or item ``place`` and character ``position`` (0: not known)."""
        if len(self._findings) < self.limits.max_findings:
            self._findings.append(ManifestFinding(code, place, position, sentence))
        elif len(self._findings) == self.limits.max_findings:
            more = f"There are more than {self.limits.max_findings} findings; the rest is not listed."
            self._findings.append(ManifestFinding("more", place, position, more))

    def one_more(self, travellers: int, where: str) -> None:
        """Refuse a traveller beyond the bound.

        Raises:
            DocumentError: ``manifest.too_many_travellers``.
        """
        if travellers >= self.limits.max_travellers:
            raise DocumentError(
                "manifest.too_many_travellers",
                f"The person in {where} is one more than the {self.limits.max_travellers} that are read.",
                remedy="Hand in the manifest of one movement at a time.",
            )

    def people(self, travellers: tuple[Traveller, ...], known_states: frozenset[str], unit: str) -> None:
        """Note what staging will miss about people, and who stands there twice; ``unit`` names what places count."""
        seen: dict[tuple[object, ...], int] = {}
        for one in travellers:
            lacks = [
                (not one.surname, "no_name", "has no name"),
                (LOST in one.surname + one.given_names, "character_lost", "has a name with a character that is lost"),
                (not one.birth_date.complete, "no_birth_date", "has no whole birth date"),
                (not one.documents, "no_document", "has no document"),
                (not one.nationality, "no_nationality", "has no nationality"),
                (
                    bool(one.nationality) and one.nationality not in known_states,
                    "nationality_unknown", "has a nationality whose code is not known",
                ),
            ]  # fmt: skip
            for holds, code, words in lacks:
                if holds:
                    self.find(code, one.place, 0, f"The person in {unit} {one.place} {words}.")
            same = (one.surname, one.given_names, one.birth_date, one.documents)
            if seen.setdefault(same, one.place) != one.place:
                first = f"{unit} {seen[same]}"
                self.find("twice", one.place, 0, f"The person in {unit} {one.place} is the same as in {first}.")

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """Return what was left out, by name."""
        return tuple(Dropped(what, count) for what, count in sorted(self._dropped.items()))

    @property
    def findings(self) -> tuple[ManifestFinding, ...]:
        """Return the findings in the order of the file, those about the whole file first."""
        return tuple(sorted(self._findings, key=lambda one: (one.place, one.code)))
