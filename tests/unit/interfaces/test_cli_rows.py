"""What is typed is understood exactly or refused with the place named: rows to enrol, places of a charter, keys."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import typer

from countenance.errors import NotAuthenticated
from countenance.interfaces.cli import commands
from countenance.interfaces.cli.crossings import _said
from countenance.interfaces.cli.galleries import listed
from countenance.interfaces.cli.sites import _pair
from countenance.interfaces.cli.way import read_key
from countenance.interfaces.durations import duration
from countenance.site import Site
from countenance.terms import Outcome
from fakes import demo_shown

FACES = Path(commands.__file__).parent


def test_a_folder_gives_its_photographs_by_name(tmp_path: Path) -> None:
    """Photographs in name order, their names as ids; other files and folders are left out."""
    for name in ("b.JPG", "a.png", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "c.jpg").mkdir()
    assert [(row.path.name, row.reference_id, row.person_id) for row in listed(tmp_path)] == [
        ("a.png", "a", "a"),
        ("b.JPG", "b", "b"),
    ]


def test_a_csv_gives_its_rows_in_order(tmp_path: Path) -> None:
    """Paths count from the CSV's folder; other columns, their order and a byte order mark do not matter."""
    (tmp_path / "faces").mkdir()
    (tmp_path / "faces" / "1.jpg").write_bytes(b"x")
    rows = tmp_path / "rows.csv"
    rows.write_text("\ufeffperson_id,note,path,reference_id\np-1,,faces/1.jpg,r-1\n", "utf-8")
    (row,) = listed(rows)
    assert (row.age, row.reference_years) == (-1, -1)
    assert (row.path, row.reference_id, row.person_id) == (tmp_path / "faces" / "1.jpg", "r-1", "p-1")


def test_ages_are_read_where_they_are_stated(tmp_path: Path) -> None:
    """Years come from the row, else from the command line, else they are unknown; a folder states none."""
    (tmp_path / "x.jpg").write_bytes(b"x")
    rows = tmp_path / "rows.csv"
    rows.write_text("path,reference_id,person_id,age,reference_years\nx.jpg,r,p,34,\nx.jpg,s,p, ,0\n", "utf-8")
    assert [(row.age, row.reference_years) for row in listed(rows)] == [(34, -1), (-1, 0)]
    assert [(row.age, row.reference_years) for row in listed(rows, 20, 3)] == [(34, 3), (20, 0)]
    assert [(row.age, row.reference_years) for row in listed(tmp_path)] == [(-1, -1)]
    assert [(row.age, row.reference_years) for row in listed(tmp_path, 20, 3)] == [(20, 3)]


@pytest.mark.parametrize(
    "text, told",
    [
        ("path,reference_id\nx.jpg,r\n", "path,reference_id,person_id"),
        ("", "path,reference_id,person_id"),
        ("path,reference_id,person_id\nx.jpg,r,p\nx.jpg,,p\n", "line 3"),
        ("path,reference_id,person_id\nx.jpg,r\n", "line 2"),
        ("path,reference_id,person_id\nno.jpg,r,p\n", "no file 'no.jpg'"),
        ("path,reference_id,person_id,age\nx.jpg,r,p,young\n", "line 2: age is 'young'"),
        ("path,reference_id,person_id,age\nx.jpg,r,p,-3\n", "line 2: age is '-3'"),
        ("path,reference_id,person_id,age\nx.jpg,r,p,151\n", "line 2: age is '151'"),
        ("path,reference_id,person_id,reference_years\nx.jpg,r,p,1.5\n", "line 2: reference_years is '1.5'"),
    ],
)
def test_a_wrong_csv_is_refused_before_anything_is_enrolled(tmp_path: Path, text: str, told: str) -> None:
    """A missing column, an empty field or a missing file is named with its line."""
    (tmp_path / "x.jpg").write_bytes(b"x")
    rows = tmp_path / "rows.csv"
    rows.write_text(text, "utf-8")
    with pytest.raises(typer.BadParameter, match=told):
        listed(rows)


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("place=A=B", ("place", "A=B", "")),
        ("air-gate.place=Gate 1", ("place", "Gate 1", "air-gate")),
        ("contact=a@b.example", ("contact", "a@b.example", "")),
        ("contact=", ("contact", "", "")),
    ],
)
def test_places_of_a_charter_are_split_at_the_first_sign(typed: str, meant: tuple[str, str, str]) -> None:
    """The profile ends at the key's last dot, the key at the first equals sign; the value is taken as it is."""
    assert _pair(typed) == meant


@pytest.mark.parametrize("typed", ["place", "=x", ".place=x", "air-gate.=x"])
def test_what_is_no_place_is_refused(typed: str) -> None:
    """A text without key or value sign is a wrong command line."""
    with pytest.raises(typer.BadParameter, match="KEY=VALUE"):
        _pair(typed)


def test_a_key_that_cannot_be_read_is_no_key(tmp_path: Path) -> None:
    """Without a readable key nobody acts, and the file is named."""
    site = Site.create(tmp_path / "site")
    with pytest.raises(NotAuthenticated, match=r"cli\.key"):
        read_key(site, None)
    (tmp_path / "my.key").write_text("cnt_x\n")
    assert read_key(site, tmp_path / "my.key") == "cnt_x"


@pytest.mark.parametrize(
    "seconds, said",
    [(0, "0 seconds"), (1, "1 second"), (90, "90 seconds"), (600, "10 minutes"), (43200, "12 hours"), (86400, "1 day"),
     (315_360_000, "10 years")],
)  # fmt: skip
def test_durations_are_said_in_the_largest_whole_unit(seconds: int, said: str) -> None:
    """Nobody has to divide by 3600."""
    assert duration(seconds) == said


@pytest.mark.parametrize("path", sorted(FACES.glob("*.py")), ids=lambda path: path.stem)
def test_commands_hold_no_logic(path: Path) -> None:
    """A command says what can be typed and hands over: no branch, no loop, at most 25 lines with its help."""
    for function in [node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]:
        if function.name in {"add_commands", "add_to", "example"}:
            continue
        assert not [node for node in ast.walk(function) if isinstance(node, ast.If | ast.For | ast.While | ast.Try)]
        assert (function.end_lineno or 0) - function.lineno < 25, function.name


@pytest.mark.parametrize("outcome", [Outcome.NO_MATCH, Outcome.REFERRED, Outcome.MATCH, Outcome.NOT_COMPARED])
def test_who_is_referred_gets_a_receipt(outcome: Outcome) -> None:
    """After an answer that refers somebody the command for the person's receipt is told, with its reference."""
    reply = demo_shown.reply(outcome, 7, captured=True)
    shown = [line for line in _said(reply, None).shown if isinstance(line, str)]
    told = [line for line in shown if f"countenance referral receipt SITE {reply.encounter_id}" in line]
    assert bool(told) is (outcome in {Outcome.NO_MATCH, Outcome.REFERRED})
