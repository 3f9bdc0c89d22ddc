"""The demo's story is whole, its photographs and credits are there, and nobody is named by it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from countenance.errors import ConfigurationError
from countenance.interfaces.demo import story
from countenance.interfaces.demo.credits import read_credits
from countenance.interfaces.demo.photographs import read_photographs
from countenance.interfaces.demo.play import as_expected
from countenance.terms import Outcome
from fakes import demo_shown


def test_the_story_holds_each_kind_of_outcome() -> None:
    """Match, no match, refusal, retry, not compared, second boarding: a visitor sees them all."""
    seen = {outcome for scene in story.LAND + story.AIR for outcome in scene.outcomes}
    assert seen == set(Outcome) - {Outcome.OPENED}


def test_the_story_names_nobody() -> None:
    """People are travellers with a letter; what the demo says of them holds no name."""
    for scene in story.LAND + story.AIR:
        assert re.fullmatch("traveller [A-Z]", scene.traveller)
    words = " ".join(scene.tells for scene in story.LAND + story.AIR)
    capitals = set(re.findall(r"(?<![.:?] )(?<!^)\b[A-Z][a-z]+", words))
    assert capitals <= {"Thirteen", "The", "Is", "On", "A", "No", "Not", "Other", "Prefers", "Shows", "Years"}


def test_missing_photographs_are_named(tmp_path: Path) -> None:
    """Without the photographs the demo says which are missing and how to get them."""
    (tmp_path / story.SOURCES[0]).write_bytes(b"x")
    with pytest.raises(ConfigurationError, match=story.SOURCES[1]) as caught:
        read_photographs(tmp_path)
    assert caught.value.code == "demo.photographs"
    assert story.SOURCES[0] not in caught.value.message
    assert "make photos" in caught.value.remedy


def test_credits_are_read_as_they_stand(tmp_path: Path) -> None:
    """Lines of CREDITS.txt as they are; rows of CREDITS.md with file, author, licence and the original's address."""
    (tmp_path / "CREDITS.txt").write_text("First line.\n\nSecond: x.png, NASA.\n", "utf-8")
    (tmp_path / "CREDITS.md").write_text(
        "| File | Person | Source | Author | License |\n|---|---|---|---|---|\n"
        "| `a.jpg` | Somebody | [An archive](https://example.org/A_(b).jpg) | An Author | CC BY 3.0 |\n", "utf-8",
    )  # fmt: skip
    found = read_credits(tmp_path)
    assert [credit.text for credit in found] == [
        "First line.", "Second: x.png, NASA.", "a.jpg: An Author, CC BY 3.0, from An archive"
    ]  # fmt: skip
    assert [credit.url for credit in found] == ["", "", "https://example.org/A_(b).jpg"]


def test_every_photograph_of_the_story_has_a_credit(photos: Path) -> None:
    """No photograph is shown whose author and licence are not."""
    told = " ".join(credit.text for credit in read_credits(photos))
    assert [name for name in story.SOURCES if name not in told] == []


@pytest.mark.parametrize("frames, good", [(2, True), (0, False)])
def test_an_outcome_without_frames_is_not_believed(frames: int, *, good: bool) -> None:
    """A match counts only if frames were decoded for it."""
    scene = story.LAND[0]
    assert as_expected(scene, (demo_shown.reply(Outcome.MATCH, 1, captured=True),), frames) is good


@pytest.mark.parametrize("frames, good", [(0, True), (1, False)])
def test_a_refusal_with_frames_fails_the_demo(frames: int, *, good: bool) -> None:
    """Whoever refused must not have been captured at all."""
    scene = next(scene for scene in story.LAND if scene.refuses)
    assert as_expected(scene, (demo_shown.reply(Outcome.OPTED_OUT, 1, captured=False),), frames) is good
