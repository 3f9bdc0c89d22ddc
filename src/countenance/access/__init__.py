"""Who may act: API keys for callers, signatures for capture devices, tokens for encounters, and limits that hold.

Everything is checked before a frame is decoded. :func:`authenticate` turns an API key into an actor;
:func:`check_device` ties a body to an enrolled device at its checkpoint (it does not stop a virtual camera);
:func:`new_token` and :func:`token_digest` make encounter tokens and what is stored of them; :mod:`attempts` is the
state machine of an encounter's three attempts; :func:`check_search_budget` stops a gallery from being probed.
:func:`check_training` asks whether an operator's training is in date; :func:`ledger_line` whether a partner's audit is
overdue. :class:`SqlAccessStore` keeps keys (hashed), devices, training and partners.
"""

from countenance.access import attempts
from countenance.access.api_keys import authenticate, issue_key, parse_key
from countenance.access.attempts import MAX_ATTEMPTS
from countenance.access.devices import check_device, check_place, sign, signed_message
from countenance.access.limits import check_search_budget
from countenance.access.operators import check_training
from countenance.access.partners import check_new_partner, check_partner, check_stated, ledger_line
from countenance.access.store import SqlAccessStore
from countenance.access.tokens import new_token, token_digest

__all__ = [
    "MAX_ATTEMPTS",
    "SqlAccessStore",
    "attempts",
    "authenticate",
    "check_device",
    "check_new_partner",
    "check_partner",
    "check_place",
    "check_search_budget",
    "check_stated",
    "check_training",
    "issue_key",
    "ledger_line",
    "new_token",
    "parse_key",
    "sign",
    "signed_message",
    "token_digest",
]
