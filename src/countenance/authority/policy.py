"""Who may do what: Cedar policies, checked against a schema when they are loaded, behind the port ``Policy``.

``policies/builtin.cedar`` is the truth and is meant to be read; there is no second table. Whatever no policy permits is
denied, a forbid outweighs every permit, and a policy that cannot be evaluated denies. Texts are parsed once, when the
policy set is made; a decision evaluates the parsed set. A site may add policies that forbid more, never one that
permits more: what keeps duties apart cannot be edited away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, NamedTuple

import cedarpy

from countenance.errors import PolicyError
from countenance.terms import Instant, PolicyDecision, PolicyRequest, Role, iso

DENIED = "builtin/deny"
"""The id of the rule that decides when no other does."""
_DENIED_SENTENCE = "No policy permits it, so it is denied."
_BROKEN = "builtin/deny-error"
_BROKEN_SENTENCE = "A policy could not be evaluated, so everything it might speak of is denied."
_WORD = re.compile("[A-Za-z_]+")
_MAX_BYTES = 64 * 1024
"""Of one policy text; the built-in one has a tenth of it."""

KINDS: Mapping[Role, str] = MappingProxyType({role: role.value.capitalize() for role in Role})
"""Each role's entity type in the Cedar schema."""


class Policy(NamedTuple):
    """One policy as people may read it."""

    policy_id: str
    because: str
    permits: bool


class CedarPolicies:
    """A parsed and validated policy set: port ``Policy``. Immutable, safe between threads."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Parse ``texts`` (by where they come from, for messages), all of them against the published schema.

        Raises:
            PolicyError: ``policy.too_large``, ``.not_cedar``, ``.template``, ``.invalid`` (a misspelt attribute,
                say), ``.no_id``, ``.duplicate_id``.
        """
        schema_text = schema()
        self._schema = cedarpy.Schema.from_str(schema_text)
        self._policies: dict[str, Policy] = {}
        for place, text in texts.items():
            for policy in _read(place, text, schema_text):
                if policy.policy_id in self._policies:
                    raise PolicyError(
                        "policy.duplicate_id", f"Two policies are called {policy.policy_id!r} ({place}).",
                        remedy="Give each policy an @id of its own: entries in the record name it.",
                    )  # fmt: skip
                self._policies[policy.policy_id] = policy
        self._set = cedarpy.PolicySet.from_str("\n".join(texts.values()))
        self._nobody = cedarpy.Entities.from_json_str("[]", self._schema)

    @classmethod
    def builtin(cls, narrowing: Mapping[str, str] = MappingProxyType({})) -> CedarPolicies:
        """Return the shipped policies, narrowed by a site's own texts (by file name), which may only forbid.

        Raises:
            PolicyError: as the constructor; ``policy.permits``: a site's text permits something.
        """
        for place, text in narrowing.items():
            for policy in _read(place, text, schema()):
                if policy.permits:
                    raise PolicyError(
                        "policy.permits", f"The policy {policy.policy_id!r} ({place}) permits; a site's own may only "
                        "forbid.",
                        remedy="Write it as a 'forbid … unless'; what is permitted at all comes with the version.",
                    )  # fmt: skip
        return cls({"builtin.cedar": builtin_text(), **narrowing})

    def decide(self, request: PolicyRequest, at: Instant | None = None) -> PolicyDecision:
        """Return the answer at ``at`` and the ids of the policies that gave it; without it none that asks the time can.

        Denied as ``builtin/deny``: nothing permits it. As ``builtin/deny-nowhere``: it happens at a checkpoint, and
        none is named. As ``builtin/deny-device``: the role ``device`` without a device, or another role that claims
        one. As ``builtin/deny-screen``: it screens people, or puts them on a list. As ``builtin/deny-error``:
        a policy, or the request, could not be evaluated.
        """
        answer = cedarpy.is_authorized(_asked(request, at), self._set, self._nobody)
        diagnostics = answer.diagnostics
        if diagnostics.errors:
            return PolicyDecision(allowed=False, policy_id=_BROKEN)
        ids = " ".join(sorted(diagnostics.id_annotations_by_reason.values()))
        return PolicyDecision(allowed=answer.allowed and bool(ids), policy_id=ids or DENIED)

    def sentences(self, policy_id: str) -> tuple[tuple[str, str], ...]:
        """Return (id, why) of each policy that a :class:`PolicyDecision` named."""
        built_in = {DENIED: _DENIED_SENTENCE, _BROKEN: _BROKEN_SENTENCE}
        return tuple(
            (one, built_in[one] if one in built_in else self._policies[one].because) for one in policy_id.split(" ")
        )

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Every policy of the set, in the order of the texts."""
        return tuple(self._policies.values())


@cache
def schema() -> str:
    """Return the Cedar schema that every policy must fit."""
    return _shipped("countenance.cedarschema")


@cache
def builtin_text() -> str:
    """Return the shipped policies as they are read."""
    return _shipped("builtin.cedar")


def _shipped(name: str) -> str:
    return files("countenance.authority").joinpath("policies", name).read_text(encoding="utf-8")


def _asked(request: PolicyRequest, at: Instant | None) -> dict[str, Any]:
    actor, place = request.actor, request.checkpoint_id
    return {
        "principal": {"type": KINDS[actor.role], "id": actor.actor_id},
        "action": {"type": "Action", "id": request.action.value},
        "resource": {"type": "Checkpoint", "id": place} if place else {"type": "Site", "id": "site"},
        "context": {"device": bool(actor.device_id), "checkpoint": place, **({} if at is None else _moment(at))},
    }


def _moment(at: Instant) -> dict[str, int]:
    written = iso(at)  # 2026-12-31T23:59:00Z
    return {"day": int(written[:10].replace("-", "")), "minute": int(written[11:13]) * 60 + int(written[14:16])}


def _read(place: str, text: str, schema_text: str) -> Sequence[Policy]:
    if len(text.encode()) > _MAX_BYTES:
        raise PolicyError(
            "policy.too_large", f"The policies in {place} are longer than {_MAX_BYTES} bytes.",
            remedy="Shorten them; a policy is a rule, not a list of people.",
        )  # fmt: skip
    try:
        parsed = cedarpy.PolicySet.from_str(text).to_pst()
    except ValueError as error:
        raise PolicyError(
            "policy.not_cedar", f"The policies in {place} are not Cedar: {_first_line(str(error))}",
            remedy="Correct the text that is named; the built-in policies show the form.",
        ) from error  # fmt: skip
    if parsed.templates:
        raise PolicyError(
            "policy.template", f"A policy in {place} is a template: it has a slot (?principal or ?resource), which "
            "nothing ever fills, so it would forbid nothing.",
            remedy="Name who or where instead of the slot: 'principal' alone, or resource == Checkpoint::\"lane-2\".",
        )  # fmt: skip
    checked = cedarpy.validate_policies(text, schema_text)
    if not checked:
        raise PolicyError(
            "policy.invalid",
            f"The policies in {place} do not fit the schema: {_fault(checked, schema_text)}.",
            remedy="Use the names of the schema (docs/charters.md shows it): a misspelt one would never "
            "match, and so never forbid.",
        )
    found = [
        Policy(one.annotations.get("id") or "", one.annotations.get("because") or "", one.effect == "permit")
        for one in parsed.static_policies.values()
    ]
    if not all(policy.policy_id and policy.because and " " not in policy.policy_id for policy in found):
        raise PolicyError(
            "policy.no_id", f"A policy in {place} has no @id in one word, or does not say @because.",
            remedy='Write @id("…") and @because("…") before it: the record names the one and people read the other.',
        )  # fmt: skip
    return found


def _fault(checked: cedarpy.ValidationResult, schema_text: str) -> str:
    """Return the first fault, the policy by its own id, and the nearest word of the schema to the one it misses."""
    text = _first_line(checked.errors[0].error)
    for number, name in checked.id_annotations_by_policy_id.items():
        text = text.replace(f"`{number}`", f"`{name}`")
    known = sorted(set(_WORD.findall(schema_text)))
    quoted = [name for name in re.findall(r"`([^`]+)`", text) if "/" not in name]
    words = [word for name in quoted for word in _WORD.findall(name)]
    near = [found for word in words if word not in known for found in get_close_matches(word, known, n=1)]
    return text + (f"; the nearest known name is {near[0]!r}" if near else "")


def _first_line(text: str) -> str:
    return " ".join(text.split())[:300]
