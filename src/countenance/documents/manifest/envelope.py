"""Interchange, group and message (UNB UNG UNH … UNT UNE UNZ): what is inside, and whether counts and references agree.

Counts and references that disagree are findings: in the wild they often do (a carrier counts a series of messages as
one, a teletype breaks a reference). What is not nested properly, or cut off, is refused: people may be missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from countenance.documents.manifest.edifact import Segment
from countenance.documents.manifest.notes import Notes
from countenance.errors import DocumentError

_RESEND = "Ask the sender for the message again, as it left their system."


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its header and what stands between header and trailer."""

    header: Segment
    body: tuple[Segment, ...]
    trailer: Segment


@dataclass(slots=True)
class _Open:
    """How deep the reading is, and what was counted so far."""

    interchange: Segment | None = None
    group: Segment | None = None
    message: Segment | None = None
    body: list[Segment] | None = None
    in_group: int = 0
    groups: int = 0
    messages: int = 0
    closed: bool = False


def messages(found: Iterable[Segment], notes: Notes) -> list[Message]:
    """Return the messages of an interchange in order, noting counts and references that disagree.

    Raises:
        DocumentError: ``manifest.structure``, ``.cut_short``, ``.too_many_messages``.
    """
    state, complete = _Open(), []
    segment = None
    for segment in found:
        if segment.tag == "UNT":
            complete.append(_close_message(state, segment, notes))
        elif segment.tag in _STEPS:
            _STEPS[segment.tag](state, segment, notes)
        elif state.body is None:
            raise _misplaced(segment, "stands outside a message")
        else:
            state.body.append(segment)
    if not state.closed:
        where = f"after {segment.where()}" if segment else "before its first segment"
        raise DocumentError("manifest.cut_short", f"The interchange ends {where}, without UNZ.", remedy=_RESEND)
    return complete


def _misplaced(segment: Segment, why: str) -> DocumentError:
    return DocumentError("manifest.structure", f"The {segment.where()} {why}.", remedy=_RESEND)


def _open_interchange(state: _Open, segment: Segment, _notes: Notes) -> None:
    if state.interchange is not None:
        raise _misplaced(segment, "begins a second interchange inside the first")
    state.interchange = segment


def _open_group(state: _Open, segment: Segment, _notes: Notes) -> None:
    if state.interchange is None or state.group is not None or state.message is not None:
        raise _misplaced(segment, "begins a group where none can begin")
    state.group, state.in_group = segment, 0
    state.groups += 1


def _open_message(state: _Open, segment: Segment, notes: Notes) -> None:
    if state.interchange is None or state.message is not None:
        raise _misplaced(segment, "begins a message where none can begin")
    if state.messages >= notes.limits.max_travellers:
        raise DocumentError(
            "manifest.too_many_messages",
            f"The {segment.where()} begins one message more than the {notes.limits.max_travellers} that are read.",
            remedy="Hand in the manifest of one movement at a time.",
        )
    state.message, state.body = segment, []
    state.messages += 1
    state.in_group += 1


def _close_message(state: _Open, segment: Segment, notes: Notes) -> Message:
    if state.message is None or state.body is None:
        raise _misplaced(segment, "ends a message that did not begin")
    _compare(notes, segment, segment.value(1), len(state.body) + 2, "segments")
    _same(notes, segment, segment.value(2), state.message.value(1), "UNH")
    done = Message(state.message, tuple(state.body), segment)
    state.message = state.body = None
    return done


def _close_group(state: _Open, segment: Segment, notes: Notes) -> None:
    if state.group is None or state.message is not None:
        raise _misplaced(segment, "ends a group that did not begin, or in the middle of a message")
    _compare(notes, segment, segment.value(1), state.in_group, "messages")
    _same(notes, segment, segment.value(2), state.group.value(5), "UNG")
    state.group = None


def _close_interchange(state: _Open, segment: Segment, notes: Notes) -> None:
    if state.interchange is None or state.message is not None:
        raise _misplaced(segment, "ends the interchange in the middle of a message")
    if state.group is not None:
        notes.find("group_open", segment.number, segment.position, f"The {segment.where()} comes before UNE.")
    counted, what = (state.groups, "groups") if state.groups else (state.messages, "messages")
    _compare(notes, segment, segment.value(1), counted, what)
    _same(notes, segment, segment.value(2), state.interchange.value(5), "UNB")
    state.closed = True


_STEPS = {
    "UNB": _open_interchange,
    "UNG": _open_group,
    "UNH": _open_message,
    "UNE": _close_group,
    "UNZ": _close_interchange,
}


def _compare(notes: Notes, segment: Segment, said: str, counted: int, what: str) -> None:
    """Note a count that is not what was counted."""
    number = int(said) if said.isascii() and said.isdigit() and len(said) <= 9 else -1  # noqa: PLR2004 - ISO 9735: n..6
    if number != counted:
        told = f"{number}" if number >= 0 else "no number"
        notes.find(
            "count", segment.number, segment.position,
            f"The {segment.where()} says {told} of {what}, counted were {counted}.",
        )  # fmt: skip


def _same(notes: Notes, segment: Segment, closing: str, opening: str, header: str) -> None:
    """Note a trailer's reference that is not its header's."""
    if closing != opening:
        notes.find(
            "reference", segment.number, segment.position,
            f"The {segment.where()} has another reference than its {header}.",
        )  # fmt: skip
