"""What counts as a name or a reference that somebody wrote: one line of plain text that says something."""

from __future__ import annotations

LONGEST = 200
"""Characters of a named post, person, reference or reason."""


def says_something(text: str, longest: int = LONGEST) -> bool:
    """Return whether ``text`` is one printable line of at most so many characters, with a letter or a digit in it."""
    return len(text) <= longest and text.isprintable() and any(character.isalnum() for character in text)
