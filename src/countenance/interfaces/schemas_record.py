"""One entry of the record, opened for an auditor, as it travels."""

from __future__ import annotations

from pydantic import BaseModel, Field


class RecordBody(BaseModel):
    """An entry with as much of it as still lives: everything, facts alone, or neither."""

    commitment: str = Field(description="The leaf's 32 bytes in hex.")
    include_by: str = Field(description="Until when the log promised to include it (RFC 3339).")
    facts: str = Field("", description="Canonical JSON (RFC 8785), nothing about a person; while it lives.")
    facts_salt: str = Field("", description="s1 in hex, with the facts.")
    personal: str = Field("", description="Canonical JSON about the person; while it lives.")
    personal_salt: str = Field("", description="s2 in hex, with the personal part.")
    personal_mac: str = Field("", description="HMAC of the personal part in hex, once the part is gone.")
    erased_by: str = Field("", description="Id of the erasure whose receipt stands in the facts' place.")
