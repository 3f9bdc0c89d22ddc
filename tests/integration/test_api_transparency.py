"""What everybody may read of a served site: without a key, without the database, without anything about a person."""

from __future__ import annotations

import json
import re
from collections import Counter as Counts
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from countenance.bootstrap.publishing import statement_file
from countenance.custody import FileSigner, SystemEntropy, create_signing_key
from countenance.interfaces.client import Client
from countenance.interfaces.doors import LocalDoors
from countenance.interfaces.transparency_page import transparency_page
from countenance.procedures.transparency import CONTEXT, Kind
from countenance.terms import DAY_MS, Instant, Role
from fakes.attacker import Attacker
from fakes.command_line import countenance
from fakes.extractor import face
from fakes.http import Counter, announce, counter_at
from fakes.told_site import ToldSite
from fakes.world import START

TERMS = {
    "hasProcess", "hasPurpose", "hasLegalBasis", "hasDataController", "hasRecipient", "hasPersonalData",
    "hasDataSubject", "hasStorageCondition", "hasDuration", "hasNotice", "hasTechnicalOrganisationalMeasure", "hasRisk",
    "hasJurisdiction", "Process", "StorageDuration", "PrivacyNotice",
}  # fmt: skip
"""Of the Data Privacy Vocabulary, version 2: what we use and nothing that it does not have."""


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """Stand at the counter of a new site."""
    with counter_at(tmp_path / "site") as counter:
        yield counter


def a_day(counter: Counter, *, matches: int = 12, refusals: int = 3) -> list[tuple[Instant, int]]:
    """Let people cross lane-1, the log grow, and the day pass; return each tree head's time and size as served."""
    heads = []
    for _ in range(matches):
        counter.capture(counter.opened(), face("ann", 1), face("ann", 2))
    for _ in range(refusals):
        counter.post("/opt-outs", Token=counter.opened())
    for _ in range(4):
        counter.world.clock.advance(301)
        counter.service.tick()
        heads.append((counter.world.clock.now(), counter.client.get("/log/tree-head").json()["size"]))
    counter.world.clock.instant = Instant((counter.world.clock.now() // DAY_MS + 1) * DAY_MS + 3_700_000)
    counter.service.tick()
    return heads


def told(counter: Counter) -> dict[str, Any]:
    """Return what a stranger reads."""
    document: dict[str, Any] = counter.client.get("/transparency").json()
    return document


def number(document: dict[str, Any], kind: str, place: str = "lane-1") -> int | None:
    """Return a series' told count."""
    series = document["counts"]["series"]
    found: int | None = next(one["number"] for one in series if (one["checkpoint"], one["kind"]) == (place, kind))
    return found


def test_a_stranger_reads_everything(counter: Counter) -> None:
    """Charters with hashes, law and clocks, checkpoints, notices, evidence and counts: one document, no key."""
    answer = counter.client.get("/transparency")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/ld+json")
    document = answer.json()
    assert [one["charter"] for one in document["charters"]] == ["gate-test", "land-test"]
    charter = document["charters"][1]
    assert charter["@id"] == f"urn:sha256:{charter['sha256']}"
    assert {one["checkpoint"] for one in charter["checkpoints"]} == {"lane-1", "lane-2"}
    assert charter["legal_basis"] == "8 CFR 235.1 (test)"
    assert {one["of"] for one in charter["clocks"]} >= {"probe", "referred", "facts"}
    assert all(re.fullmatch("[0-9a-f]{64}", one["sha256"]) and one["language"] for one in charter["notices"])
    (point,) = document["operating_points"]
    assert point["evaluated_at"]
    assert point["envelope"]["ages"] is None
    assert (document["partners"], document["statement"]) == ([], None)


def test_terms_are_those_of_the_vocabulary(counter: Counter) -> None:
    """Each term under the vocabulary's address is one that it has; every mapped field is used."""
    document = told(counter)
    assert document["@context"] == CONTEXT
    used = set(re.findall(r"https://w3id\.org/dpv#(\w+)", counter.client.get("/transparency").text))
    assert used == TERMS
    fields = {key for one in document["charters"] for key in (*one, *one["notices"][0], *one["clocks"][0])}
    assert set(CONTEXT) - {"@vocab", "charters"} <= fields


def test_a_day_is_told_once_it_is_over(counter: Counter) -> None:
    """Twelve matches are told the day after, three refusals are not told at all, and unused kinds are no zeros."""
    a_day(counter)
    document = told(counter)
    assert (number(document, "matches"), number(document, "refusals")) == (12, None)
    assert document["counts"]["through"] == "2026-12-01"
    totals = {one["total"]: one["number"] for one in document["counts"]["totals"] if one["checkpoint"] == "lane-1"}
    assert totals == {"encounters": 12, "captures": 12, "referrals": None}
    page = counter.client.get("/transparency/page").text
    assert "not used here" in page
    assert "not told yet" in page
    assert '<rect x="0.0" y="0" width="600.0"' in page


def test_a_stranger_computes_nothing(counter: Counter) -> None:
    """From a served site's documents and tree heads of some days, what is kept in may be anything from 0 to 9."""
    site, today = ToldSite(), START // DAY_MS
    site.heads, days = [], ({"matches": 12, "refusals": 3}, {"matches": 4, "refusals": 7}, {"matches": 15})
    for day, crossed in enumerate(days, start=today):
        site.heads += a_day(counter, matches=crossed["matches"], refusals=crossed.get("refusals", 0))
        site.happened += Counts({("lane-1", Kind(kind), day): number for kind, number in crossed.items()})
        site.documents.append(told(counter))
    cells = Attacker(site).cells()
    assert [cell.last for cell in cells if cell.series == ("lane-1", "refusals")] == [False, False]
    assert all(cell.low == 0 for cell in cells)
    assert all(cell.high >= 9 for cell in cells)


def test_nobody_is_in_it(counter: Counter) -> None:
    """No operator, device, pseudonym, encounter, commitment or key stands in the document or on the page."""
    a_day(counter)
    text = counter.client.get("/transparency").text + counter.client.get("/transparency/page").text
    bundle = counter.get("/record/bodies", Role.AUDITOR).json()
    facts = [json.loads(entry["facts"]) for entry in bundle["entries"]]
    private = {one[name] for one in facts for name in ("encounter", "opened_by", "device", "by") if one.get(name)}
    private |= {entry["commitment"] for entry in bundle["entries"]} | {
        "traveller-a",
        *counter.world.created.api_keys.values(),
    }
    assert len(private) > 20
    assert [one for one in private if one in text] == []


def test_no_request_reads_the_database(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Document and page come from memory, may be cached, and are not sent again to whoever has them."""
    a_day(counter)
    counter.app.state.front.ticker.stop()

    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(type(counter.service.transactions), "read", fail)
    for path in ("/transparency", "/transparency/page"):
        answer = counter.client.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=300"
        again = counter.client.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    monkeypatch.undo()


def test_both_ways_to_a_site_tell_the_same(counter: Counter) -> None:
    """A client of the served site and the site opened here give the document that strangers read."""
    key = counter.world.created.api_keys[Role.OPERATOR]
    with Client(str(counter.client.base_url), key) as client:
        assert json.dumps(client.transparency()) == json.dumps(told(counter))
    assert json.loads(json.dumps(LocalDoors(counter.service, key).transparency())) == told(counter)


def test_partners_that_were_not_audited_are_named(counter: Counter) -> None:
    """A partner's audit, and that the next is overdue, is public; whoever audited and wrote it down is not."""
    partner = {
        "partner": "air-1", "name": "An airline", "contact": "ops@example.invalid", "obligation": "FILE-1",
        "obliged": "2026-11-01", "audit_every_days": 30,
    }  # fmt: skip
    assert counter.post("/partners", partner, Role.ADMINISTRATOR).status_code == 201
    counter.world.clock.advance(61)
    counter.service.tick()
    (shown,) = told(counter)["partners"]
    assert shown == {
        "partner": "An airline", "audited_on": None, "passed": None, "next_audit_by": "2026-12-01", "overdue": True,
    }  # fmt: skip
    assert "OVERDUE since 2026-12-01" in counter.client.get("/transparency/page").text


def stated(counter: Counter, folder: Path) -> list[str | Path]:
    """Give an auditor the document, the bundle and a key; return what they type before the statement's name."""
    (folder / "told.json").write_bytes(counter.client.get("/transparency").content)
    (folder / "bundle.json").write_bytes(counter.get("/record/bodies", Role.AUDITOR).content)
    counter.service.log.publish(counter.service.clock.now())
    create_signing_key(folder / "auditor.pem", SystemEntropy())
    site = counter.world.path
    return [
        "transparency", "statement", folder / "told.json", "--log", site, "--log-key", site / "keys" / "log.pub",
        "--bodies", folder / "bundle.json", "--key", folder / "auditor.pem", "--as", "A. Auditor", "--out",
    ]  # fmt: skip


def test_an_auditors_word_goes_onto_the_page(counter: Counter, tmp_path: Path) -> None:
    """Counted again and signed, verified by anybody, accepted by the site, shown with name and key, also days later."""
    a_day(counter)
    made = countenance(*stated(counter, tmp_path), tmp_path / "statement.json")
    assert made.status == 0, made.err
    assert "1 numbers counted again, all agree; 0 are older" in made.out
    assert countenance("transparency", "verify", tmp_path / "statement.json", tmp_path / "told.json").status == 0
    announce(counter)
    assert countenance("transparency", "accept", counter.world.path, tmp_path / "statement.json").status == 0
    a_day(counter, matches=15)
    statement = told(counter)["statement"]
    assert (statement["auditor"], statement["numbers"]) == ("A. Auditor", 1)
    assert statement["key"] == FileSigner(tmp_path / "auditor.pem").public_key.hex()
    assert "A. Auditor" in counter.client.get("/transparency/page").text
    (tmp_path / "later.json").write_bytes(counter.client.get("/transparency").content)
    assert countenance("transparency", "verify", tmp_path / "statement.json", tmp_path / "later.json").status == 0
    shown = countenance("transparency", "show", counter.world.path, "--out", tmp_path / "told.html")
    assert "A. Auditor stated on" in shown.out
    assert (tmp_path / "told.html").read_text().startswith("<!doctype html>")


def test_a_wrong_number_is_not_signed(counter: Counter, tmp_path: Path) -> None:
    """A count that the record does not have is named, and no statement is written; nor where the log does not hold."""
    a_day(counter)
    command = stated(counter, tmp_path)
    told_file = tmp_path / "told.json"
    told_file.write_text(told_file.read_text().replace('"number":12', '"number":13'))
    said = countenance(*command, tmp_path / "statement.json")
    assert said.status == 1
    assert "matches at lane-1, 2026-12-01 to 2026-12-01: told 13, the record has 12." in said.out
    (tmp_path / "bundle.json").write_text((tmp_path / "bundle.json").read_text().replace("lane-1", "lane-2"))
    assert countenance(*command, tmp_path / "statement.json").status == 1
    assert not (tmp_path / "statement.json").exists()


@pytest.mark.parametrize("change", [
    {"auditor": "Somebody else"}, {"sha256": "0" * 64}, {"site": "elsewhere"}, {"key": "0" * 64}, {"numbers": 2},
    {"signature": "zz"},
])  # fmt: skip
def test_a_changed_statement_does_not_hold(counter: Counter, tmp_path: Path, change: dict[str, Any]) -> None:
    """A statement with anything changed is refused by verify and by the site, and not shown when put there by hand."""
    a_day(counter)
    statement = tmp_path / "statement.json"
    assert countenance(*stated(counter, tmp_path), statement).status == 0
    statement.write_text(json.dumps(json.loads(statement.read_text()) | change))
    assert countenance("transparency", "verify", statement, tmp_path / "told.json").status == 1
    announce(counter)
    assert countenance("transparency", "accept", counter.world.path, statement).status == 1
    statement_file(counter.service.site).parent.mkdir(exist_ok=True)
    statement_file(counter.service.site).write_bytes(statement.read_bytes())
    counter.world.clock.advance(61)
    counter.service.tick()
    assert told(counter)["statement"] is None


@pytest.mark.parametrize("path", ["/", "/desk"])
def test_officers_pages_lead_there(counter: Counter, path: str) -> None:
    """At the foot of each page that staff work on there is a way to what everybody may read."""
    assert '<a href="/transparency/page">' in counter.get(path, Role.SUPERVISOR).text.partition("<footer")[2]


@pytest.mark.parametrize("name, content", [
    ("told.json", "[]"), ("told.json", '{"counts": {"series": [{"told": [1]}]}}'), ("told.json", "\\xff"),
    ("statement.json", "{}"), ("statement.json", "not JSON"),
])  # fmt: skip
def test_what_is_no_such_file_is_said(counter: Counter, tmp_path: Path, name: str, content: str) -> None:
    """A document or statement that is none is refused with one error that says which files are needed."""
    a_day(counter)
    assert countenance(*stated(counter, tmp_path), tmp_path / "statement.json").status == 0
    (tmp_path / name).write_text(content)
    said = countenance("transparency", "verify", tmp_path / "statement.json", tmp_path / "told.json")
    assert said.status == 4
    assert "[transparency.unreadable]" in said.err
    assert "GET /transparency" in said.err


def test_a_page_needs_nothing_from_elsewhere(counter: Counter) -> None:
    """The page loads its style from here and nothing else, has no script, and its texts are escaped."""
    page = counter.client.get("/transparency/page").text
    assert re.findall(r"(?:src|<link[^>]*href)=\"([^\"]+)\"", page) == ["/transparency/page.css"]
    assert "<script" not in page
    assert counter.client.get("/transparency/page.css").headers["content-type"].startswith("text/css")
    document = told(counter)
    document["charters"][0]["purpose"] = "<script>alert(1)</script>"
    assert b"<script" not in transparency_page(json.dumps(document).encode())
