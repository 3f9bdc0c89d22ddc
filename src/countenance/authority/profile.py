"""Shipped profiles: charter templates that read as documents, and how one is filled in.

A profile is data (``profiles/*.yaml``), never a code branch. It holds two kinds of placeholders, both naming a value:
``"FILL IN [controller]: what belongs here"`` as a whole field, and ``FILL IN [controller]`` inside a notice's text.
Notice hashes are computed from the texts that result. The same values always give the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.resources import files
from types import MappingProxyType

from countenance.authority.charter import PLACEHOLDER, parse_charter
from countenance.authority.notice import notice_sha256
from countenance.authority.yaml_text import load
from countenance.errors import CharterError

_WHOLE = re.compile(rf'"{PLACEHOLDER} \[([a-z0-9_]+)\]: ([^"\n]*)"')
_INSIDE = re.compile(rf"{PLACEHOLDER} \[([a-z0-9_]+)\]")
_HASH = re.compile(rf'(language: (\S+)\n +sha256: )"{PLACEHOLDER} \(computed[^"\n]*"')
_NOT_ONE_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")  # control characters, half characters


def profiles() -> tuple[str, ...]:
    """Return the names of the shipped profiles, sorted."""
    folder = files("countenance.authority").joinpath("profiles")
    return tuple(sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml")))


def profile_fields(name: str) -> Mapping[str, str]:
    """Return what an operator must state for this profile: each value's name with what belongs there.

    Raises:
        CharterError: ``charter.unknown_profile``.
    """
    return MappingProxyType(dict(_WHOLE.findall(_template(name))))


def render_profile(name: str, values: Mapping[str, str]) -> bytes:
    """Return the profile's YAML with every placeholder filled, notice hashes computed; a charter that parses.

    ``values`` are single lines of text, one for each name in :func:`profile_fields`; hashes and dates are among them.
    Equal arguments give equal bytes.

    Raises:
        CharterError: ``charter.unknown_profile``; ``charter.values`` (a value is missing, unknown, or not one
            line of text); or whatever :func:`~countenance.authority.parse_charter` finds wrong with a value.
    """
    _check_values(set(profile_fields(name)), values)
    data = _filled(_template(name), values)
    parse_charter(data)
    return data


def draft_profile(name: str, values: Mapping[str, str]) -> bytes:
    """Return the profile's YAML with what ``values`` state filled in; the rest stays marked, and is no charter yet.

    Raises:
        CharterError: ``charter.unknown_profile``; ``charter.values`` (a value is unknown, or not one line of text).
    """
    asked = dict.fromkeys(profile_fields(name), "") | dict(values)
    _check_values(set(profile_fields(name)), asked)
    return _filled(_template(name), values)


def _filled(template: str, values: Mapping[str, str]) -> bytes:
    text = _WHOLE.sub(
        lambda place: json.dumps(values[place[1]], ensure_ascii=False) if place[1] in values else place[0], template
    )
    text = _INSIDE.sub(lambda place: values.get(place[1], place[0]), text)
    hashes = _notice_hashes(text)
    return _HASH.sub(lambda place: place[1] + hashes[place[2]], text).encode("utf-8")


def _template(name: str) -> str:
    if name not in profiles():
        raise CharterError(
            "charter.unknown_profile",
            f"There is no profile {name!r}.",
            remedy=f"Use one of: {', '.join(profiles())}.",
        )
    return files("countenance.authority").joinpath("profiles", f"{name}.yaml").read_text(encoding="utf-8")


def _check_values(wanted: set[str], values: Mapping[str, str]) -> None:
    problems = [f"{name!r} is missing" for name in sorted(wanted - set(values))]
    for name in sorted(set(values) - wanted):
        near = get_close_matches(name, sorted(wanted), n=1)
        problems.append(f"{name!r} is unknown" + (f" (nearest: {near[0]!r})" if near else ""))
    problems += [
        f"{name!r} is not one line of text" for name, value in sorted(values.items()) if _NOT_ONE_LINE.search(value)
    ]
    if problems:
        raise CharterError(
            "charter.values",
            f"The profile cannot be filled in: {', '.join(problems)}.",
            remedy=f"Give exactly these, one line each: {', '.join(sorted(wanted))}.",
        )


def _notice_hashes(text: str) -> Mapping[str, str]:
    """Return the hash of each language's notice, as the parser will read it."""
    document = load(text.encode("utf-8"))
    assert isinstance(document, dict)  # noqa: S101 - our own template
    notices = document["notices"]
    assert isinstance(notices, list)  # noqa: S101 - our own template
    return {
        item["language"]: notice_sha256(item["text"])
        for item in notices
        if isinstance(item, dict) and isinstance(item["language"], str) and isinstance(item["text"], str)
    }
