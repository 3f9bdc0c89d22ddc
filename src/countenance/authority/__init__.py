"""What may be done, where, why, and until when.

A **charter** is a YAML file that a controller publishes: purpose, legal basis, checkpoints, mode, who may refuse,
retention, notices, review, dates. :func:`parse_charter` turns its bytes into a frozen value or a refusal that says what
to do, against the JSON Schema that :func:`schema` publishes; :func:`check_start` says whether it may start on this
machine with this operating point; :func:`check_together` whether several contradict each other. A **profile** is a
shipped charter template, which :func:`render_profile` fills in. Before the camera, :func:`check_offer` and
:func:`spare` answer who may refuse and who must not be photographed. :class:`CedarPolicies` says who may do what, and
:func:`explain` why. All pure: bytes, values and ``now`` come in.
"""

from countenance.authority.charter import fields_to_fill_in, parse_charter
from countenance.authority.charter_schema import schema
from countenance.authority.conditions import conditions
from countenance.authority.difference import Change, compare_charters
from countenance.authority.eligibility import check_offer, check_refusal, may_refuse, rule_for, rules_at, spare
from countenance.authority.explanation import explain
from countenance.authority.notice import check_posted, notice_sha256
from countenance.authority.policy import CedarPolicies
from countenance.authority.profile import draft_profile, profile_fields, profiles, render_profile
from countenance.authority.published import published
from countenance.authority.start import DEFAULT_BUILD, Build, check_authority, check_build, check_in_date, check_start
from countenance.authority.together import check_together

__all__ = [
    "DEFAULT_BUILD", "Build", "CedarPolicies", "Change", "check_authority", "check_build", "check_in_date",
    "check_offer", "check_posted", "check_refusal", "check_start", "check_together", "compare_charters", "conditions",
    "draft_profile", "explain", "fields_to_fill_in", "may_refuse", "notice_sha256", "parse_charter", "profile_fields",
    "profiles", "published", "render_profile", "rule_for", "rules_at", "schema", "spare",
]  # fmt: skip
