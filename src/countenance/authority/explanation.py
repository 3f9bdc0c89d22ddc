"""Why something is or would be allowed: every rule that is asked, in the order of a crossing, each with its answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from countenance.authority.eligibility import may_refuse, rule_for, rules_at
from countenance.ports import Policy
from countenance.terms import (
    UNKNOWN,
    Action,
    Actor,
    Charter,
    Checkpoint,
    Eligibility,
    Explanation,
    Finding,
    Instant,
    Mode,
    PolicyRequest,
    iso,
)

AT_A_CHECKPOINT = frozenset(
    {Action.OPEN_ENCOUNTER, Action.OPT_OUT, Action.CAPTURE, Action.VERIFY, Action.IDENTIFY, Action.SCREEN}
)
"""Actions that need a charter in force where they happen."""
_NEEDS_MODE = {Action.VERIFY: Mode.VERIFY, Action.IDENTIFY: Mode.IDENTIFY, Action.SCREEN: Mode.SCREEN}
_NEEDS_CAMERA = frozenset({Action.CAPTURE, Action.VERIFY, Action.IDENTIFY, Action.SCREEN})


def explain(  # noqa: PLR0917 - one question's whole content
    policy: Policy, charters: Sequence[Charter], actor: Actor, action: Action, checkpoint_id: str, at: Instant,
    person: Eligibility | None, *, as_if: Charter | None = None,
) -> Explanation:  # fmt: skip
    """Return why ``actor`` may or may not do ``action`` at ``checkpoint_id`` on that date, and every rule asked.

    (1) a charter names the checkpoint and is in force (W-1); where none is, what follows is told by the one that begins
    next, or was last; (2) its mode is the action's; (3) a camera may be used there (CBP-18); (4) the policy permits it,
    with the policies that decided; (5) where a ``person`` is given, what holds for somebody of that class and age on
    that date (CBP-30). Nothing is computed and nothing recorded. With ``as_if`` that charter alone is asked, as if it
    were in force then.
    """
    named = [
        (charter, point)
        for charter in (charters if as_if is None else (as_if,))
        for point in charter.checkpoints
        if point.checkpoint_id == checkpoint_id
    ]
    held = next(((charter, point) for charter, point in named if as_if is not None or charter.in_force(at)), None)
    told = held or _nearest(named, at)
    findings: list[Finding] = []
    if checkpoint_id and not named:
        known = sorted({point.checkpoint_id for charter in charters for point in charter.checkpoints})
        others = f"; they name: {', '.join(known)}" if known else ""
        said = f"No charter names a checkpoint {checkpoint_id!r}{others}."
        findings.append(Finding("charter/names-checkpoint", said, passes=False))
    elif checkpoint_id:
        findings += _named(named, held, at, supposed=as_if is not None)
    if told is not None:
        findings += _charter(*told, action)
    answer = policy.decide(PolicyRequest(actor, action, checkpoint_id), at)
    findings += [Finding(one, because, answer.allowed) for one, because in policy.sentences(answer.policy_id)]
    if person is not None and told is not None:
        findings += _person(told[0], person, action, at)
    return Explanation(actor, action, checkpoint_id, at, held[0].sha256 if held else "", tuple(findings))


def _nearest(named: Sequence[tuple[Charter, Checkpoint]], at: Instant) -> tuple[Charter, Checkpoint] | None:
    """Return the charter that begins next after ``at``, or else the one that ended last."""
    ahead = [one for one in named if one[0].valid_from > at]
    if ahead:
        return min(ahead, key=lambda one: one[0].valid_from)
    return max(named, key=lambda one: one[0].valid_until, default=None)


def _named(
    named: Sequence[tuple[Charter, Checkpoint]], held: tuple[Charter, Checkpoint] | None, at: Instant, *,
    supposed: bool,
) -> Iterator[Finding]:  # fmt: skip
    charter = (held or _nearest(named, at) or named[0])[0]
    name = f"{charter.charter_id} version {charter.version}"
    dates = f"from {iso(charter.valid_from)} to {iso(charter.valid_until)}"
    if held is None:
        when = "begins" if charter.valid_from > at else "was in force"
        yield Finding(
            "charter/in-force",
            f"No charter is in force there on {iso(at)}. {name} {when} there {dates}; what follows is as if it held.",
            passes=False,
        )
    elif supposed:
        yield Finding("charter/as-if", f"As if {name} ({dates}) were in force there: {charter.purpose}", passes=True)
    else:
        yield Finding(
            "charter/in-force", f"{name} is in force there until {iso(charter.valid_until)}: {charter.purpose}",
            passes=True,
        )  # fmt: skip


def _charter(charter: Charter, point: Checkpoint, action: Action) -> Iterator[Finding]:
    needed = _NEEDS_MODE.get(action)
    if needed is not None:
        yield Finding(
            "charter/mode", f"It allows the mode {charter.mode.value!r}; {action.value!r} needs {needed.value!r}.",
            passes=charter.mode is needed,
        )  # fmt: skip
    if action in _NEEDS_CAMERA:
        said = "A camera may be used there." if point.biometric else "That checkpoint uses no camera (CBP-18)."
        yield Finding("charter/camera", said, passes=point.biometric)


def _unknown_class(charter: Charter, person_class: str) -> str:
    near = get_close_matches(person_class, sorted(charter.classes), n=1)
    hint = f" (the nearest is {near[0]!r})" if near else ""
    return f"The charter names no class {person_class!r}{hint}: such people get the mildest rule."


def _person(charter: Charter, person: Eligibility, action: Action, at: Instant) -> Iterator[Finding]:
    first = charter.eligibility[0].valid_from
    if at < first:
        told = f"No rules about refusing are known for that day: the charter's first begin on {iso(first)}."
        yield Finding("eligibility/unknown", told, passes=False)
        return
    rule, rules = rule_for(charter, person.person_class, at), rules_at(charter, at)
    if person.person_class not in {UNKNOWN, *charter.classes}:
        yield Finding("eligibility/unknown-class", _unknown_class(charter, person.person_class), passes=True)
    who = f"people of class {person.person_class!r}" + (f" aged {person.age}" if person.age >= 0 else "")
    since = f"by the rules since {iso(rules.valid_from)} ({rules.source})"
    if rule.exempts(person.age):
        yield Finding(
            "eligibility/exempt", f"Not to be photographed: {who}, {since}.", passes=action not in _NEEDS_CAMERA
        )
        return
    entitled = may_refuse(charter, person, at)
    said = "may refuse, and are told so before the camera" if entitled else "may not refuse, and are offered nothing"
    yield Finding("eligibility/refusal", f"{who[:1].upper()}{who[1:]} {said}, {since}.",
                  passes=entitled or action is not Action.OPT_OUT)  # fmt: skip
