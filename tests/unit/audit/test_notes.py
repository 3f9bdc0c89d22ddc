"""Keys and notes as C2SP writes them, read by the verifier's own code."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from countenance.audit import read_checkpoint, read_key, read_note, verify_note
from countenance.audit.notes import MOST_SIGNATURES, Key
from countenance.audit.tree import RunningTree, hash_leaf
from shared_vectors import shared_files

C2SP_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
LINE = (
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
C2SP_NOTE = f"This is an example message.\n\n{LINE}"
OTHER = "— example.com/bar Uw2QOgAA\n"
TESSERA_KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
TESSERA = "vectors/audit/tessera-log/testdata/log"


def test_the_example_of_the_specification() -> None:
    """The key and note printed in signed-note verify."""
    key = read_key(C2SP_KEY)
    assert (key.name, key.key_id.hex()) == ("example.com/foo", "530d903a")
    note = read_note(C2SP_NOTE.encode())
    assert note.text == b"This is an example message.\n"
    assert verify_note(note, key)


def test_other_signatures_are_ignored_and_ours_must_be_good() -> None:
    """Unknown keys' lines do not matter; a bad line under our name and id spoils the note."""
    key = read_key(C2SP_KEY)
    assert verify_note(read_note(f"{C2SP_NOTE[:-1]}\n{OTHER}".encode()), key)
    assert not verify_note(read_note(f"This is an example message.\n\n{OTHER}".encode()), key)
    assert not verify_note(read_note(f"{C2SP_NOTE}— example.com/foo Uw2QOgAA\n".encode()), key)
    assert not verify_note(read_note(C2SP_NOTE.replace("an", "no").encode()), key)


def test_as_many_signatures_as_the_specification_asks_for() -> None:
    """Sixteen are read, more are refused."""
    many = f"text\n\n{OTHER * MOST_SIGNATURES}"
    assert len(read_note(many.encode()).signatures) == MOST_SIGNATURES == 64
    with pytest.raises(ValueError, match="more than 64"):
        read_note(f"{many}{OTHER}".encode())


@pytest.mark.parametrize(
    "text",
    ["", "text", "text\n", "text\n\n", f"text\n{LINE}", f"text\n\n{LINE[:-1]}", f"text\n\n{LINE}\n",
     f"te\txt\n\n{LINE}", f"text\n\n{LINE.replace('—', '-')}", "text\n\n— name\n", "text\n\n—  AAAAAAAA\n",
     "text\n\n— name AAAA\n",
     "text\n\n— name AAAAAAB=\n", "text\n\n— name AAAAAA\u00e4A\n", "text\n\n— name AAAA AAAA\n"],
)  # fmt: skip
def test_what_is_no_note_is_refused(text: str) -> None:
    """Missing parts, control characters, other dashes and loose base64 are not read as a note."""
    with pytest.raises(ValueError, match=r"."):
        read_note(text.encode())


def test_notes_are_utf8() -> None:
    """Other bytes are no note."""
    with pytest.raises(ValueError, match="utf-8"):
        read_note(b"\xff\n\n" + LINE.encode())


def test_a_key_that_is_no_point_verifies_nothing() -> None:
    """Thirty-two bytes that are no public key are a key nobody can have signed with."""
    assert not Key("name", b"\x00" * 4, b"\xff" * 32).verifies(bytes(64), b"")


@pytest.mark.parametrize("checkpoint", shared_files(f"{TESSERA}/checkpoint*"))
def test_checkpoints_written_by_others(checkpoint: Path) -> None:
    """Every checkpoint of the Tessera log verifies, and its root is that of its entries."""
    note = read_note(checkpoint.read_bytes())
    assert verify_note(note, read_key(TESSERA_KEY))
    head = read_checkpoint(note.text)
    assert head.origin == "example.com/log/testdata"
    tree, bundle = RunningTree(), (checkpoint.parent / "tile/entries/000.p/15").read_bytes()
    for _ in range(head.size):
        length = int.from_bytes(bundle[:2], "big")
        tree.push(0, hash_leaf(bundle[2 : 2 + length]))
        bundle = bundle[2 + length :]
    assert (tree.size, tree.root()) == (head.size, head.root)


def test_checkpoints_are_three_lines() -> None:
    """Origin, size, root, and nothing more."""
    root = base64.b64encode(bytes(32)).decode()
    assert read_checkpoint(f"a\n64\n{root}\n".encode()).size == 64
    for text in (f"\n64\n{root}\n", f"a\n64\n{root}", f"a\n64\n{root}\nx\n", "a\n64\n\n", f"a\n\n{root}\n"):
        with pytest.raises(ValueError, match=r"."):
            read_checkpoint(text.encode())
