"""``document read`` and ``manifest check`` answer people and programs, and name nobody they need not name."""

from __future__ import annotations

from pathlib import Path

import pytest

import paper_samples
from fakes.command_line import countenance
from fakes.specimens import TD1_LONG, TD3


def test_a_zone_is_read_from_a_file_or_from_the_line(tmp_path: Path) -> None:
    """Both ways give the same fields, and a note that nothing is proved."""
    file = tmp_path / "zone.txt"
    file.write_text(TD3)
    read = countenance("document", "read", file, "--json", "--today", "2026-11-25")
    typed = countenance("document", "read", "--mrz", TD3.replace("\n", ""), "--json", "--today", "2026-11-25")
    assert (read.status, read.data) == (0, typed.data)
    assert (read.data["surname"], read.data["birth_date"], read.data["sex"]) == ("ERIKSSON", "1974-08-12", "female")
    assert "chip alone" in read.data["note"]


def test_repairs_are_shown_to_people() -> None:
    """Each repair is a line with its place, and says whether a check digit covers it."""
    done = countenance("document", "read", "--mrz", TD3.replace("C36UTO", "C36UT0").replace("7408122", "74O8122"))
    assert done.status == 0
    assert "repaired: line 2, column 13 (nationality): 0 -> O; no check digit covers it" in done.out
    assert "repaired: line 2, column 16 (birth date): O -> 0; a check digit covers it" in done.out


@pytest.mark.parametrize("today, since", [("2012-04-15", ""), ("2012-04-16", "2012-04-15")])
def test_an_expired_document_is_told_and_read(today: str, since: str) -> None:
    """From the day after its last one, in a line and in JSON; status 0, because reading refuses nothing for it."""
    shown = countenance("document", "read", "--mrz", TD3, "--today", today)
    read = countenance("document", "read", "--mrz", TD3, "--today", today, "--json")
    assert (shown.status, read.data["expired_since"]) == (0, since)
    assert ("Expired since 2012-04-15, its last day.\n" in shown.out) == bool(since)


def test_a_wrong_zone_is_refused_with_the_digit() -> None:
    """Status 1, and the place and expected digit on standard error."""
    done = countenance("document", "read", "--mrz", TD1_LONG.replace("7349", "7348"))
    assert (done.status, done.out) == (1, "")
    assert "column 19 is 8, expected is 9" in done.err
    assert "[document.mrz_check_digit]" in done.err


@pytest.mark.parametrize("arguments", [(), ("--mrz", TD3, "--today", "tomorrow"), ("README.md", "--mrz", TD3)])
def test_a_wrong_line_is_status_2(arguments: tuple[str, ...]) -> None:
    """Neither or both of FILE and --mrz, or a day that is none, is a wrong command line."""
    assert countenance("document", "read", *arguments).status == 2


def test_a_manifest_is_checked_without_naming_anybody(tmp_path: Path) -> None:
    """Movement, people, what was dropped: no name and no document number."""
    file = tmp_path / "flight.edi"
    file.write_text(paper_samples.paxlst(3))
    shown = countenance("manifest", "check", file, "--today", "2026-11-25")
    done = countenance("manifest", "check", file, "--json", "--today", "2026-11-25")
    assert (shown.status, done.status) == (0, 0)
    assert done.data["people"] == {"passenger": 3, "crew": 0, "transit-passenger": 0, "transit-crew": 0}
    assert done.data["dropped"]["RFF AVF"] == 3
    assert "no findings" in shown.out
    assert [word for word in ("SPECIMEN", "ADA", "X0000") if word in shown.out + done.out] == []


def test_findings_are_status_1_and_refusals_say_where(tmp_path: Path) -> None:
    """A slip gives a table and status 1; a damaged file a refusal with segment and position."""
    file = tmp_path / "flight.edi"
    file.write_text(paper_samples.paxlst(50).replace("CNT+42:50", "CNT+42:51").replace("NAT+2+UTO", "NAT+2+QQQ"))
    shown = countenance("manifest", "check", file)
    assert shown.status == 1
    assert "and 11 more findings: --json lists them" in shown.out
    file.write_text(paper_samples.paxlst(1)[:-5])
    refused = countenance("manifest", "check", file)
    assert (refused.status, refused.out) == (1, "")
    assert "Segment 28 at character" in refused.err
    assert "[manifest.unterminated]" in refused.err
