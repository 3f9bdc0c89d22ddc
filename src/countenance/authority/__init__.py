"""What may be done, where, why, and until when.

A **charter** is a YAML file that a controller publishes: purpose, legal basis, checkpoints, mode, retention, notices,
dates. :func:`parse_charter` turns its bytes into a frozen value or a refusal that says what to do, against the JSON
Schema that :func:`schema` publishes; :func:`check_start` says whether it may start on this machine with this operating
point; :func:`check_offer` keeps refusal before the camera; :class:`RolePolicy` says who may do what. A **profile** is a
shipped charter template, which :func:`render_profile` fills in. All pure: bytes, values and ``now`` come in.
"""

from countenance.authority.charter import notice_sha256, parse_charter, schema
from countenance.authority.eligibility import check_offer
from countenance.authority.policy import RolePolicy
from countenance.authority.profile import profile_fields, profiles, render_profile
from countenance.authority.start import check_start

__all__ = [
    "RolePolicy",
    "check_offer",
    "check_start",
    "notice_sha256",
    "parse_charter",
    "profile_fields",
    "profiles",
    "render_profile",
    "schema",
]
