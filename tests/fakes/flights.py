"""Manifests of sample people, as JSON, and portraits for them; nobody in them exists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from countenance.terms.staging import PortraitRow, SourcePortrait
from fakes.extractor import face

DEPARTS = "2026-12-01T10:00"


def manifest(people: Iterable[str], flight: str = "UT100", departs: str = DEPARTS, **births: str) -> bytes:
    """Return a manifest of adults with one passport each, named after them; ``births`` says other birth dates."""
    travellers = [
        {
            "surname": name.upper(), "birth_date": births.get(name, "1985-04-12"), "nationality": "UTO",
            "documents": [{"kind": "P", "number": f"X{name.upper()}", "issuer": "UTO"}],
        }
        for name in people
    ]  # fmt: skip
    leg = {"flight": flight, "departure_port": "UTA", "departure_time": departs, "arrival_port": "UTB"}
    return json.dumps({"carrier": "UT", "legs": [leg], "travellers": travellers}).encode()


def portraits(people: Sequence[str], wanted: Iterable[int], **images: Sequence[bytes]) -> list[PortraitRow]:
    """Return a portrait of each wanted traveller of ``people``, or those that ``images`` has of them."""
    rows: list[PortraitRow] = []
    for number in wanted:
        name = people[number - 1]
        rows += [PortraitRow(number, SourcePortrait(image, 1)) for image in images.get(name, [face(name)])]
    return rows


def counted(states: Iterable[str]) -> Mapping[str, int]:
    """Return how often each word comes."""
    found = list(states)
    return {word: found.count(word) for word in sorted(set(found))}
