"""Examples of the bodies about cases, training and partners; the same rules as ``examples``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_REFERENCE = "5c3e0d3ac8e0b7a2f1c94d6e8b5577a0"
_ENCOUNTER = "89b15fafa2c6f3ee2eb6531ff7886132"
_CHARTER = "1f0c7a52b1a6f94a7c40d1b2a7e1be35d2f3b6a9c8d7e6f5041322110f9e8d7c"
_ENTRY = "c67e22452a4579bc1d4a817683220d86c968b75bc0c728465e48dd61deeaf819"

CASE_EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "ReferBody": {"encounter": _ENCOUNTER, "reason": "document_fault", "words": "laminate lifted at the portrait"},
    "TakeBody": {
        "event": "find",
        "second_facts": ["document_fault"],
        "named": "R. Ortiz, badge 412",
        "words": "hologram missing",
    },
    "ReferralBody": {
        "referral_id": _REFERENCE,
        "encounter_id": _ENCOUNTER,
        "checkpoint": "lane-1",
        "reason": "no_match",
        "earlier": "",
        "compared": "portrait",
        "state": "contested",
        "opened_at": "2026-12-01T08:00:00.000Z",
        "expires_at": "2026-12-01T20:00:00.000Z",
        "kept_until": "2026-12-31T09:00:00.000Z",
        "contest_by": "2026-12-31T08:00:00.000Z",
        "steps": [
            {
                "event": "clear",
                "state": "cleared",
                "by": "supervisor:2",
                "role": "supervisor",
                "at": "2026-12-01T08:04:00.000Z",
                "second_facts": [],
                "until": "",
            },
            {
                "event": "contest",
                "state": "contested",
                "by": "auditor:1",
                "role": "auditor",
                "at": "2026-12-01T09:00:00.000Z",
                "second_facts": [],
                "until": "2026-12-31T09:00:00.000Z",
            },
        ],
    },
    "RedressBody": {
        "reference": _REFERENCE,
        "at": "2026-12-01T08:00:00.000Z",
        "place": "Paso del Norte, El Paso",
        "checkpoint": "Pedestrian lane 1",
        "purpose": "Check that a traveller who enters on foot is the holder of the travel document that they present.",
        "charter_id": "land-pedestrian-2026",
        "charter": _CHARTER,
        "legal_basis": "8 CFR 235.1 and 90 FR 48604",
        "controller": "Border Authority, 1 Bridge Street",
        "contact": "privacy@border.example",
        "compared": "A photograph of you with the portrait in the document you showed, and with nothing else.",
        "why": "The comparison did not show that it is you. That happens to people who are who they say they are.",
        "standing": "Another officer looks at your document now. Nothing was decided against you.",
        "kept_until": "2026-12-01T20:00:00.000Z",
        "contest_by": "2026-12-31T08:00:00.000Z",
        "entry": _ENTRY,
        "text": "A HUMAN HAD TO LOOK: YOUR RECEIPT\n\nReference:\n  5c3e0d3ac8e0b7a2f1c94d6e8b5577a0\n",
    },
    "NotificationBody": {
        "notification": "c67e22452a4579bc1d4a817683220d86",
        "at": "2026-12-01T08:00:00.000Z",
        "telling": "no_match",
        "checkpoint": "lane-1",
        "about": _REFERENCE,
        "contact": "",
    },
    "SuspensionBody": {
        "charter_id": "land-pedestrian-2026",
        "checkpoint": "lane-1",
        "at": "2026-12-01T08:00:00.000Z",
        "detail": "More people are referred than 100 of 1,000, and chance does not explain it.",
        "contact": "privacy@border.example",
        "staffed_checks": True,
    },
    "ResumeBody": {"named": "R. Ortiz, badge 412", "reason": "lamp of lane 1 replaced, 40 test captures good"},
    "TrainingSentBody": {"holder": "operator:17", "course": "Lane course 2026", "until": "2027-12-01"},
    "PartnerSentBody": {
        "partner": "airline-1",
        "name": "Airline One",
        "contact": "ops@airline.example",
        "obligation": "contract 2026-17, annex 3",
        "obliged": "2026-11-01",
        "audit_every_days": 365,
    },
    "AuditSentBody": {"passed": True, "reference": "audit report 2026-3"},
}
