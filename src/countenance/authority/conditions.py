"""What kinds of places forbid and jurisdictions ask for: ``conditions.yaml``, as the checks of a charter read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from countenance.authority.yaml_text import load
from countenance.errors import CharterError
from countenance.terms import Charter


@dataclass(frozen=True, slots=True)
class Setting:
    """One kind of place."""

    forbids: tuple[str, ...]
    """Uses that a charter for such a place must forbid."""
    has_conditions: bool
    """Whether a jurisdiction's conditions must be ticked before anything starts there."""


@cache
def _data() -> Mapping[str, Any]:
    document = load(files("countenance.authority").joinpath("conditions.yaml").read_bytes())
    assert isinstance(document, dict)  # noqa: S101 - our own file
    return document


def settings() -> Mapping[str, Setting]:
    """Return every kind of place that charters may name."""
    return {
        name: Setting(tuple(item["forbids"]), item["conditions"]) for name, item in _data()["settings"].items()
    }  # fmt: skip


def conditions(setting: str, jurisdiction: str) -> Mapping[str, str] | None:
    """Return what ``jurisdiction`` asks of such a place, by id; None where nobody wrote that down."""
    found: Mapping[str, str] | None = _data()["jurisdictions"].get(jurisdiction, {}).get(setting)
    return found


def check_uses(setting: str, use: str, forbidden: tuple[str, ...]) -> None:
    """Return only if the charter forbids what its kind of place must, and not its own use.

    Raises:
        CharterError: ``charter.use_not_forbidden`` (SA-6), ``charter.forbidden_use``.
    """
    missing = [name for name in settings()[setting].forbids if name not in forbidden]
    if missing:
        raise CharterError(
            "charter.use_not_forbidden",
            f"A charter for a place of the kind {setting!r} must forbid: {', '.join(missing)}.",
            remedy="Add them to 'forbidden_uses'; no charter for such a place may leave them open.",
        )
    if use in forbidden:
        raise CharterError(
            "charter.forbidden_use",
            f"The charter is for {use!r}, and forbids it.",
            remedy="One of the two is a mistake; a use that is forbidden in such a place cannot be chartered.",
        )


def check_conditions(charter: Charter) -> None:
    """Return only if every condition of the charter's jurisdiction is ticked, where its kind of place has any.

    Raises:
        CharterError: ``charter.unknown_jurisdiction``, ``charter.unknown_condition``, ``charter.condition_open``.
    """
    if not settings()[charter.setting].has_conditions:
        return
    asked = conditions(charter.setting, charter.jurisdiction)
    if asked is None:
        raise CharterError(
            "charter.unknown_jurisdiction",
            f"Nobody wrote down what {charter.jurisdiction!r} asks of a place of the kind {charter.setting!r}.",
            remedy="Have a lawyer add it to authority/conditions.yaml, or name the jurisdiction that applies.",
        )
    unknown = [name for name in charter.conditions if name not in asked]
    if unknown:
        raise CharterError(
            "charter.unknown_condition",
            f"{charter.jurisdiction!r} has no condition {unknown[0]!r} for a place of the kind {charter.setting!r}.",
            remedy=f"Its conditions are: {', '.join(asked)}.",
        )
    waiting = [name for name in asked if name not in charter.conditions]
    if waiting:
        raise CharterError(
            "charter.condition_open",
            f"Not ticked ({len(waiting)}): {waiting[0]}: {asked[waiting[0]]}",
            remedy="State 'true' for each condition under 'conditions' once it holds, and sign the charter again.",
        )
