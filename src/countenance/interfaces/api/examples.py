"""One example of each body that is worth one; a test reads every one of them back through its schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_RECEIPT = {
    "origin": "border.example/lane-7",
    "commitment": "c67e22452a4579bc1d4a817683220d86c968b75bc0c728465e48dd61deeaf819",
    "include_by": "2026-12-01T08:10:00.000Z",
    "facts": '{"checkpoint":"lane-1","decision":"match","event":"attempt.answered","v":1}',
    "facts_salt": "89e4323e92dfbe5a55367046b5a0ca7bf0efd98071419f9b0dde6070cfc65014",
    "personal_mac": "5d18be484d54d6b11745e7248a4c321461311fd34b0f257da4f11f62ba18aadf",
    "signature": "06ac1e26b390fb8e73139ef7da6482d7efc847b787be02948098c439aba30a6b"
    "4c2f7468e96969e4e2e27830676c3269d3fee6df42184a2d9c659a4175c78f01",
}

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "OpenBody": {
        "checkpoint": "lane-1",
        "eligibility": {"person_class": "citizen", "age": 34, "reference_years": 4, "refusal_offered": True},
        "gallery": "",
        "claim": "traveller-81",
        "mrz": "",
        "stated": {"sex": "female", "issuing_state": "UTO"},
    },
    "OpenedBody": {
        "outcome": "opened",
        "next_step": "capture",
        "token": "7xLZy403aD2Z0cHUhlJtGMnExpa-kTXFo8ryYbv7yvk",
        "encounter_id": "89b15fafa2c6f3ee2eb6531ff7886132",
        "expires_at": "2026-12-01T08:02:00.000Z",
        "may_refuse": True,
        "notice_id": "before-the-camera",
        "receipt": _RECEIPT,
    },
    "VerificationBody": {
        "attempt": 1,
        "live": "/9j/4AAQSkZJRgABAQ==",
        "portrait": "/9j/4AAQSkZJRgABAQ==",
        "mrz": "",
        "chip": {},
    },
    "ZoneSentBody": {"mrz": "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F3104150ZE184226B<<<<<16"},
    "ChipSentBody": {"files": {"EF.SOD": "dw==", "DG1": "YQ==", "DG2": "dQ=="}},
    "IdentificationBody": {"attempt": 1, "live": "/9j/4AAQSkZJRgABAQ=="},
    "ReplyBody": {
        "encounter_id": "89b15fafa2c6f3ee2eb6531ff7886132",
        "outcome": "match",
        "reason": "",
        "advice": "",
        "next_step": "proceed",
        "attempts_left": 0,
        "reference_id": "",
        "rules": [
            {
                "rule_id": "score-at-or-above-threshold",
                "sentence": "The comparison score reached the operating point's threshold.",
            }
        ],
        "operating_point": "a62d8a3a4e1c9b1e5a0e7e0f4b5d6c7b8a9f0e1d2c3b4a5968778695a4b3c2d1",
        "receipt": _RECEIPT,
    },
    "EnrolmentRow": {
        "reference_id": "r-1",
        "person_id": "traveller-81",
        "age": 34,
        "reference_years": 4,
        "image": "/9j/4AAQSkZJRgABAQ==",
    },
    "DeviceBody": {
        "device": "camera-7",
        "public_key": "b2f6bd74c8d2e0d5c7ff3a1f7e9f7f5c0f4f2f34d9a1f1b7e7a3c55f0a8d6e21",
        "checkpoints": ["lane-1"],
        "partner": "",
    },
    "Problem": {
        "type": "urn:countenance:problem:encounter.unknown_token",
        "title": "The encounter does not allow this",
        "status": 409,
        "detail": "This token opened no encounter here.",
        "code": "encounter.unknown_token",
        "remedy": "Open an encounter at this checkpoint first; nothing was decoded.",
        "instance": "urn:uuid:3d053277-4b50-4dea-ba28-4011c9a1b7e0",
    },
}
