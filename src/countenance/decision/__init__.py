"""Scores, a charter and an evidence envelope become a decision, with the rules that fired.

The only place that knows a threshold. :func:`admit` says, before any frame, whether a comparison would lie inside the
evidence, :func:`admit_reference` whether a reference may wait for one; :func:`decide_verify` and
:func:`decide_identify` say what scores mean; :func:`quality_exhausted` and :func:`unavailable` what it means that there
are none. An **operating point** is a file with a threshold, the error rate it stands for and the bounds within which
that was measured; :mod:`countenance.decision.operating_point` reads, writes and trusts it by hash. All pure: values and
``now`` come in.
"""

from countenance.decision.admit import admit, admit_age, admit_reference
from countenance.decision.decide import (
    chip_not_authentic,
    decide_identify,
    decide_verify,
    document_expired,
    no_csca_store,
    no_reference,
    other_chip,
    outcome_of,
    quality_exhausted,
    reference_unavailable,
    still_referred,
    suspended,
    unavailable,
)
from countenance.decision.operating_point import PACKAGED, write_operating_point
from countenance.decision.operating_point import packaged as packaged_operating_points
from countenance.decision.operating_point import parse as parse_operating_point
from countenance.decision.operating_point import read_untrusted as read_untrusted_operating_point
from countenance.decision.operating_point import schema as operating_point_schema

__all__ = [
    "PACKAGED",
    "admit",
    "admit_age",
    "admit_reference",
    "chip_not_authentic",
    "decide_identify",
    "decide_verify",
    "document_expired",
    "no_csca_store",
    "no_reference",
    "operating_point_schema",
    "other_chip",
    "outcome_of",
    "packaged_operating_points",
    "parse_operating_point",
    "quality_exhausted",
    "read_untrusted_operating_point",
    "reference_unavailable",
    "still_referred",
    "suspended",
    "unavailable",
    "write_operating_point",
]
