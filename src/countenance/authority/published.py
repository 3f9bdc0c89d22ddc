"""A charter as machines read it: the file's own fields as JSON, tied to public vocabularies by a context."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from countenance.authority.charter import parse_charter
from countenance.authority.yaml_text import load

_DPV = "https://w3id.org/dpv#"
CONTEXT: dict[str, str] = {
    "@vocab": "urn:countenance:charter:v2#",
    "purpose": f"{_DPV}hasPurpose",
    "legal_basis": f"{_DPV}hasLegalBasis",
    "controller": f"{_DPV}hasDataController",
    "recipients": f"{_DPV}hasRecipient",
    "data": f"{_DPV}hasPersonalData",
    "people": f"{_DPV}hasDataSubject",
    "retention": f"{_DPV}hasStorageCondition",
    "security": f"{_DPV}hasTechnicalOrganisationalMeasure",
    "risks": f"{_DPV}hasRisk",
    "jurisdiction": f"{_DPV}hasJurisdiction",
}
"""JSON-LD: fields that the W3C Data Privacy Vocabulary has a word for."""


def published(data: bytes) -> dict[str, Any]:
    """Return the record of the charter file ``data`` as JSON: its fields, its hash, and their JSON-LD context.

    Raises:
        CharterError: the file is no charter.
    """
    parse_charter(data)
    document = load(data)
    assert isinstance(document, dict)  # noqa: S101 - it has just been parsed as a charter
    return {"@context": CONTEXT, "@id": f"urn:sha256:{sha256(data).hexdigest()}", **document}
