"""Signed notes and tree heads: C2SP's own example, and everything around the signature that must not slip through."""

from __future__ import annotations

import base64

import pytest

from countenance import audit
from countenance.errors import RecordError
from countenance.record import note
from countenance.record.merkle import EMPTY_ROOT
from fakes.keys import DeviceKey

C2SP_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_NOTE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""
ORIGIN = "checkpoint.example/log"
KEY = DeviceKey(7)
HEAD = note.tree_head(64, bytes(range(32)), ORIGIN, KEY)


def test_the_example_of_the_specification() -> None:
    """The key and note printed in signed-note verify, and the vkey is written the same way."""
    name, _, encoded = C2SP_KEY.split("+")
    public = base64.b64decode(encoded)[1:]
    assert note.verifier_key(name, public) == C2SP_KEY
    assert note.open_note(C2SP_NOTE, name, public) == "This is an example message.\n"


def test_a_tree_head_reads_back() -> None:
    """What was signed is what is read, by us and by the verifier's own code."""
    assert note.read_head(HEAD.note, ORIGIN, KEY.public_key) == HEAD
    key = audit.read_key(note.verifier_key(ORIGIN, KEY.public_key))
    parts = audit.read_note(HEAD.note.encode())
    assert audit.verify_note(parts, key)
    assert audit.read_checkpoint(parts.text) == audit.Head(ORIGIN, 64, HEAD.root)


def test_the_head_of_nothing_is_always_the_same() -> None:
    """Before the first batch the log states the empty tree, byte for byte the same each time."""
    head = note.empty_head(ORIGIN, KEY)
    assert head == note.empty_head(ORIGIN, KEY)
    assert (head.size, head.root) == (0, EMPTY_ROOT)
    assert note.read_head(head.note, ORIGIN, KEY.public_key) == head


@pytest.mark.parametrize("at", range(0, len(HEAD.note.encode()), 3))
def test_no_byte_can_change(at: int) -> None:
    """Any flipped bit in any third byte of a tree head, text or signature line, is refused."""
    data = bytearray(HEAD.note.encode())
    data[at] ^= 1
    with pytest.raises(RecordError) as caught:
        note.read_head(data.decode("utf-8", "replace"), ORIGIN, KEY.public_key)
    assert caught.value.code == "log.note"


def signed(text: str, name: str = ORIGIN) -> str:
    """Return ``text`` signed by the log's key under ``name``."""
    return note.sign_note(text, name, KEY)


ROOT = base64.b64encode(HEAD.root).decode()


@pytest.mark.parametrize(
    "text",
    [
        "", "no note", HEAD.note + "\n", HEAD.note[:-1], HEAD.note + HEAD.note.rsplit("\n\n", 1)[1],
        HEAD.note.replace("— ", "- "),
        signed("other.example/log\n64\n" + ROOT + "\n"), signed(f"{ORIGIN}\n64\n{ROOT}\nx\n"),
        signed(f"{ORIGIN}\n064\n{ROOT}\n"), signed(f"{ORIGIN}\n-64\n{ROOT}\n"), signed(f"{ORIGIN}\n64\nAAAA\n"),
        signed(f"{ORIGIN}\n64\n{ROOT[:-2]}J=\n"), signed(f"{ORIGIN}\n64\n"), signed(f"{ORIGIN}\n{ROOT}\n64\n"),
        signed(f"{ORIGIN}\n64\n{ROOT}\n", "other.example/log"),
        note.tree_head(64, HEAD.root, ORIGIN, DeviceKey(8)).note,
    ],
)  # fmt: skip
def test_other_notes_are_refused(text: str) -> None:
    """Another key, another origin, extra lines, odd numbers and loose base64 are no tree head of this log."""
    with pytest.raises(RecordError) as caught:
        note.read_head(text, ORIGIN, KEY.public_key)
    assert caught.value.code == "log.note"


def test_signature_text_has_one_spelling() -> None:
    """Base64 with leftover bits set, or cut short, stands for no signature."""
    line = HEAD.note[:-3]
    for ending in ("B=\n", "=\n", "==\n"):
        with pytest.raises(RecordError):
            note.read_head(line + ending, ORIGIN, KEY.public_key)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u00a0b", "a\u200bb", "a\x00b"])
def test_names_that_cannot_stand_in_a_note_are_refused(name: str) -> None:
    """A log's name has no space, plus sign or control character."""
    with pytest.raises(RecordError) as caught:
        note.verifier_key(name, KEY.public_key)
    assert caught.value.code == "log.origin"
