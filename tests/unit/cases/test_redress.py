"""The receipt's words: the same promises in every language, from data."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from countenance.bootstrap import Service
from countenance.terms import CaseState, Compared, OfficerReason
from fakes.extractor import face
from fakes.world import OPERATOR, World, land_charter, opened, submission

WORDS = json.loads((files("countenance.cases") / "receipts.json").read_text("utf-8"))
REASONS = {"no_match", "ambiguous", "already_boarded", "earlier_referral", "otherwise", *OfficerReason}


def receipt(service: Service) -> str:
    """Refer somebody and return the text they are given."""
    answer = opened(service)
    service.crossing.verify(submission(service, answer.token, face("ann"), face("bob")), OPERATOR)
    return service.casework.redress(answer.encounter_id, OPERATOR).text


@pytest.mark.parametrize("language", WORDS)
def test_every_language_says_everything(language: str) -> None:
    """Each has a sentence for every state, reason and comparison, the same places to fill in, twelve headings."""
    words = WORDS[language]
    assert set(words) == set(WORDS["en"])
    assert set(words["standing"]) == set(CaseState)
    assert set(words["compared"]) == set(Compared)
    assert set(words["why"]) == REASONS
    assert len(set(words["headings"])) == 12
    for name, places in (("kept", {"kept_until"}), ("contest", {"contest_by", "contact"})):
        assert all(f"{{{place}}}" in words[name] for place in places)


def test_a_receipt_is_in_the_languages_of_the_notices(tmp_path: Path) -> None:
    """English and Spanish where both hang there, and each says that a contest keeps what there is until its review."""
    with World.at(tmp_path / "site").open() as service:
        text = receipt(service)
    for part in ("YOUR RECEIPT", "SU COMPROBANTE", "kept until the review ends", "hasta que termine la revisión"):
        assert part in text
    assert text.count("privacy@example.invalid") == 2


def test_where_there_are_no_words_it_is_english(tmp_path: Path) -> None:
    """Notices in other languages alone leave an English receipt."""
    charter = land_charter().replace(b"language: es", b"language: sw").replace(b"language: en", b"language: tl")
    with World.at(tmp_path / "site", charter).open() as service:
        text = receipt(service)
    assert "YOUR RECEIPT" in text
    assert "COMPROBANTE" not in text
