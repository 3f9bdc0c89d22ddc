"""The twelve steps of checking a chip, by number, name and the clause that asks for each; one table for code and docs.

Doc 9303-11 5.1.1 has passive authentication in five steps: (1) read EF.SOD, (2) build a path from a trusted certificate
to the Document Signer's, (3) verify EF.SOD's signature, (4) read data groups, (5) compare their hashes. Here each of
these is split until one step has one reason to fail. Best practices that the same clause adds are B1 to B3: what the
Document Signer may sign, one country, the private key usage period.

Clauses of Doc 9303 are of its eighth edition (2021), here and in every other module; other editions number otherwise.
Where each was read: docs/documents-chip.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from countenance.terms import ChipStep, StepVerdict


@dataclass(frozen=True, slots=True)
class Step:
    """One step as asked for; its methods give it with a verdict."""

    number: int
    name: str
    clause: str

    def passed(self, reason: str) -> ChipStep:
        """Return the step as passed; ``reason`` says what was seen."""
        return ChipStep(self.number, self.name, self.clause, StepVerdict.PASSED, reason)

    def finding(self, reason: str) -> ChipStep:
        """Return the step as holding, with something that an officer should know."""
        return ChipStep(self.number, self.name, self.clause, StepVerdict.FINDING, reason)

    def failed(self, reason: str) -> ChipStep:
        """Return the step as failed."""
        return ChipStep(self.number, self.name, self.clause, StepVerdict.FAILED, reason)

    def not_made(self, reason: str) -> ChipStep:
        """Return the step as not made, because what it needs is not there."""
        return ChipStep(self.number, self.name, self.clause, StepVerdict.NOT_MADE, reason)


SECURITY_OBJECT = Step(1, "EF.SOD is a security object", "Doc 9303-11 5.1.1 (1), 9303-10 4.6.2.2, 4.6.2.3")
SIGNER = Step(
    2, "EF.SOD carries its Document Signer certificate", "Doc 9303-11 5.1.1 (1), 9303-10 4.6.2.2, RFC 5652 5.3"
)
ATTRIBUTES = Step(3, "The signed attributes stand for the content", "Doc 9303-10 4.6.2.2, RFC 5652 5.4, 11.1, 11.2")
SIGNATURE = Step(4, "The Document Signer signed", "Doc 9303-11 5.1.1 (3), RFC 5652 5.6")
ISSUER = Step(5, "A trusted CSCA issued the Document Signer", "Doc 9303-11 5.1.1 (2), 9303-12 6.1.1, RFC 5280 4.2.1.1")
USAGE = Step(6, "Both certificates may do what they did", "Doc 9303-12 7.1.1, 9303-11 5.1.1 B1, RFC 5280 4.2.1.3")
VALIDITY = Step(7, "Both certificates were and are valid", "Doc 9303-12 4.1.1.1, 9303-11 5.1.1 B3, RFC 5280 4.1.2.5")
REVOCATION = Step(8, "Neither certificate is revoked", "Doc 9303-12 6.1.2, 7.1.4, RFC 5280 6.3.3")
HASHES = Step(9, "The data groups are unchanged", "Doc 9303-11 5.1.1 (4) (5)")
COMPLETE = Step(10, "Every group that is there is signed", "Doc 9303-10 4.5.2, 4.6.1")
COUNTRY = Step(11, "One country throughout", "Doc 9303-11 5.1.1 B2, 9303-12 7.1.1, 9303-3 5")
PORTRAIT = Step(12, "The portrait can be decoded", "Doc 9303-10 4.7.2")

STEPS: tuple[Step, ...] = (
    SECURITY_OBJECT, SIGNER, ATTRIBUTES, SIGNATURE, ISSUER, USAGE, VALIDITY, REVOCATION, HASHES, COMPLETE, COUNTRY,
    PORTRAIT,
)  # fmt: skip
"""In their order."""
