"""A plug-in may say that a face is not a living one; without a plug-in nothing is claimed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from countenance.face.liveness import shows_life
from countenance.terms import Box, Frame, Reason, Stage
from fakes.networks import accepted, photo, pipeline, refused


@dataclass
class Says:
    """A detector of presentation attacks that always says the same, and remembers what it was shown."""

    answer: bool
    name: str = "says"
    seen: list[tuple[Frame, Box]] = field(default_factory=list)

    def is_bona_fide(self, frame: Frame, box: Box) -> bool:
        """Return the answer."""
        self.seen.append((frame, box))
        return self.answer


@pytest.fixture
def portrait(photos: Path) -> Frame:
    """Give a good photograph."""
    return photo(photos / "person_b_1.jpg")


def test_without_a_detector_nothing_is_claimed(portrait: Frame) -> None:
    """No plug-in, no refusal: unattended checkpoints do not start that way, attended ones have an officer."""
    assert shows_life(None, portrait, Box(0, 0, 1, 1, 1.0))


def test_what_is_not_live_is_refused(portrait: Frame) -> None:
    """A no is a refusal at the liveness stage with advice; the face is never embedded."""
    says = Says(answer=False)
    refusal = refused(replace(pipeline(), liveness=says).run(portrait))
    assert (refusal.stage, refusal.reason) == (Stage.LIVENESS, Reason.NOT_LIVE)
    assert "officer" in refusal.advice
    assert refusal.millis.embed == 0
    assert len(says.seen) == 1


def test_a_live_face_goes_on(portrait: Frame) -> None:
    """A yes changes nothing else; the plug-in saw the whole frame and the main face's box."""
    says = Says(answer=True)
    probe = accepted(replace(pipeline(), liveness=says).run(portrait))
    without = accepted(pipeline().run(portrait))
    assert probe.template.values.tobytes() == without.template.values.tobytes()
    assert says.seen == [(portrait, probe.box)]


def test_bad_pictures_are_not_shown_to_it(photos: Path) -> None:
    """Quality is asked first: a plug-in answers for pictures that could be compared at all."""
    says = Says(answer=True)
    frame = photo(photos / "person_b_1.jpg")
    dark = replace(frame, pixels=frame.pixels // 16)
    assert refused(replace(pipeline(), liveness=says).run(dark)).stage is Stage.QUALITY
    assert says.seen == []
