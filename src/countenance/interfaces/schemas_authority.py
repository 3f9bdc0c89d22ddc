"""What explanations look like over HTTP."""

from __future__ import annotations

from pydantic import Field

from countenance.interfaces.schemas import Answered


class FindingBody(Answered):
    """One rule that was asked."""

    rule: str = Field(description="Stable id, such as `charter/in-force` or that of a policy.")
    passes: bool
    sentence: str


class ExplanationBody(Answered):
    """Why something is or would be allowed."""

    allowed: bool = Field(description="Whether every rule lets it pass.")
    as_: str = Field(alias="as", description="Who acts.")
    action: str
    at: str = Field(description="The checkpoint; empty: none.")
    on: str = Field(description="The moment it is asked for.")
    charter: str = Field(
        description="SHA-256 of the charter in force there then, or asked about as if it were; empty: none is."
    )
    rules: list[FindingBody] = Field(description="Every rule that was asked, in order.")
