"""What changed between two charters, field by field, and what of it takes something from people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from countenance.authority.charter import parse_charter
from countenance.authority.eligibility import rule_for
from countenance.authority.yaml_text import Plain, load
from countenance.terms import EVERYONE, Charter

_OLDEST = 121
"""Ages are looked at up to here."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field with other content, or one thing that got harder for people."""

    field: str
    before: str
    after: str
    """"" where it is not there."""


def compare_charters(before: bytes, after: bytes) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Return every field that differs, in the order of the later file, and a sentence for each loss for people.

    Raises:
        CharterError: one of the two is no charter.
    """
    old, new = parse_charter(before), parse_charter(after)
    one, other = dict(_flat(load(before))), dict(_flat(load(after)))
    names = [*other, *(name for name in one if name not in other)]
    changes = tuple(
        Change(name, one.get(name, ""), other.get(name, "")) for name in names if one.get(name) != other.get(name)
    )
    return changes, tuple(_losses(old, new))


def _flat(value: Plain, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _flat(item, f"{path}[{number}]")
    else:
        yield path, str(value).lower() if isinstance(value, bool) else str(value)


def _losses(old: Charter, new: Charter) -> Iterator[str]:
    yield from _longer(old, new)
    yield from _fewer_rights(old, new)
    yield from _wider(old, new)


def _longer(old: Charter, new: Charter) -> Iterator[str]:
    for item in new.retention:
        if item.seconds > old.seconds_kept(item.retention_class):
            yield f"{item.retention_class} is kept longer"
    if new.valid_until > old.valid_until:
        yield "it holds longer"


def _fewer_rights(old: Charter, new: Charter) -> Iterator[str]:
    classes = {rule.person_class for one in (old, new) for rules in one.eligibility for rule in rules.classes}
    for name in sorted(classes | {EVERYONE}):
        was, now = rule_for(old, name, old.valid_from), rule_for(new, name, new.valid_from)
        if was.may_refuse and not now.may_refuse:
            yield f"people of class {name!r} may no longer refuse"
        if any(was.exempts(age) and not now.exempts(age) for age in range(_OLDEST)):
            yield f"fewer people of class {name!r} are exempt"


def _wider(old: Charter, new: Charter) -> Iterator[str]:
    for use in old.forbidden_uses:
        if use not in new.forbidden_uses:
            yield f"the use {use!r} is no longer forbidden"
    if new.use != old.use or new.mode is not old.mode:
        yield f"faces are used for {new.use!r} ({new.mode}), no longer for {old.use!r} ({old.mode})"
    if new.max_gallery_size > old.max_gallery_size:
        yield "galleries may be larger"
    had = {item.checkpoint_id for item in old.checkpoints if item.biometric}
    for point in new.checkpoints:
        if point.biometric and point.checkpoint_id not in had:
            yield f"a camera compares at {point.checkpoint_id!r}"
    if old.attended and not new.attended:
        yield "nobody attends any longer"
