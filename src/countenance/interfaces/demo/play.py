"""Plays the story against a real site: every answer below is the procedures' own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter

from countenance.interfaces.demo.story import Scene
from countenance.interfaces.doors import Doors
from countenance.ports import Extractor
from countenance.terms import Eligibility, Opened, OpenRequest, Reply


@dataclass(frozen=True, slots=True)
class Crossed:
    """One scene as it went."""

    scene: Scene
    checkpoint_id: str
    opened: Opened | None
    """None when the answer came before any encounter could be captured."""
    replies: tuple[Reply, ...]
    """One an attempt; at least one."""
    frames: int
    """Frames decoded for this person."""
    millis: float
    """From the first word to the last answer, wall clock."""
    as_expected: bool

    @property
    def reply(self) -> Reply:
        """The answer that counts: the last."""
        return self.replies[-1]


def cross(
    door: Doors, counter: Extractor, scene: Scene, checkpoint_id: str, *, gallery_id: str, photos: Mapping[str, bytes]
) -> Crossed:
    """Let one person cross and compare what was answered with what the story expects."""
    decoded, start = counter.frames_decoded, perf_counter()
    eligibility = Eligibility(scene.person_class, scene.age, scene.reference_years, refusal_offered=True)
    claim = scene.traveller.replace(" ", "-")
    opened = door.open_encounter(OpenRequest(checkpoint_id, eligibility, gallery_id, claim))
    if isinstance(opened, Reply):
        replies: tuple[Reply, ...] = (opened,)
    elif scene.refuses:
        replies = (door.opt_out(opened.token),)
    else:
        portrait = photos[scene.portrait] if scene.portrait else b""
        replies = tuple(
            door.answer(scene.mode, opened.token, attempt, photos[name], portrait)
            for attempt, name in enumerate(scene.live, start=1)
        )
    frames = counter.frames_decoded - decoded
    return Crossed(
        scene, checkpoint_id, opened if isinstance(opened, Opened) else None, replies, frames,
        (perf_counter() - start) * 1000, as_expected(scene, replies, frames),
    )  # fmt: skip


def as_expected(scene: Scene, replies: tuple[Reply, ...], frames: int) -> bool:
    """Return whether the answers are the story's, in order, and nobody who was not to be captured was."""
    outcomes = tuple(reply.outcome for reply in replies)
    captured = bool(scene.live)
    return outcomes == scene.outcomes and replies[-1].reason.startswith(scene.reason) and bool(frames) is captured
