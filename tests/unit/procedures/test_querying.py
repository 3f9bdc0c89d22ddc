"""A land lane that reads documents: one reference from the site, an earlier encounter or the chip, or a human."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from countenance.bootstrap import Service
from countenance.errors import CountenanceError, DocumentError, EncounterError
from countenance.terms import ChipFile, Instant, NextStep, NotCompared, Outcome, Papers, parse_iso
from fakes.chips import (
    EXPIRED_ZONE,
    KEY,
    OTHER_ZONE,
    ZONE,
    answered,
    chip_of,
    crossed,
    issued,
    lane_world,
    sent,
    store_at,
)
from fakes.extractor import face
from fakes.papers import encounter
from fakes.world import OPERATOR, World, opened, submission


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the site's folder of portraits."""
    folder = tmp_path / "portraits"
    folder.mkdir()
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return the site's store of certificates."""
    return store_at(tmp_path / "csca")


@pytest.fixture
def world(tmp_path: Path, store: Path, folder: Path) -> World:
    """Return a site with a store and an empty folder of portraits."""
    return lane_world(tmp_path / "site", store=store, portraits=folder)


@pytest.fixture
def service(world: World) -> Iterator[Service]:
    """Open it."""
    with world.open() as service:
        yield service


PAPERS = {
    "the zone alone": lambda: Papers(ZONE, {}),
    "the chip alone": lambda: Papers("", chip_of("bob")),
    "both": lambda: Papers(ZONE, chip_of("bob")),
}


@pytest.mark.parametrize("papers", PAPERS.values(), ids=PAPERS)
def test_the_sites_portrait_is_the_reference(service: Service, folder: Path, papers: Callable[[], Papers]) -> None:
    """Whatever was read, the portrait that the site has under the document's number goes before the chip's."""
    (folder / f"{KEY}.jpg").write_bytes(face("ann", 1))
    reply = crossed(service, papers())
    assert (reply.outcome, answered(service)["reference_from"]) == (Outcome.MATCH, "source")


@pytest.mark.parametrize("zone", ["", ZONE])
def test_the_chips_portrait_is_the_reference_where_the_site_has_none(service: Service, zone: str) -> None:
    """A chip whose chain held gives the reference: its holder matches, somebody else is referred."""
    holder = crossed(service, Papers(zone, chip_of("ann")), claim="a")
    assert (holder.outcome, answered(service)["reference_from"]) == (Outcome.MATCH, "document")
    other = crossed(service, Papers(zone, chip_of("bob")), claim="b")
    assert (other.outcome, other.next_step) == (Outcome.NO_MATCH, NextStep.REFER_TO_OFFICER)


def test_a_portrait_that_is_sent_is_told_as_such(service: Service) -> None:
    """The record says where every reference came from, also where no document was read."""
    token = opened(service).token
    service.crossing.verify(submission(service, token, face("ann", 1), face("ann", 2)), OPERATOR)
    assert answered(service)["reference_from"] == "sent"


def test_a_portrait_that_comes_later_is_found(service: Service, folder: Path) -> None:
    """The folder is looked at again: a service need not start anew."""
    assert crossed(service, Papers(ZONE, {}), claim="a").reason == "reference.none"
    (folder / f"{KEY}.jpg").write_bytes(face("ann", 1))
    assert crossed(service, Papers(ZONE, {}), claim="b").outcome is Outcome.MATCH


def test_a_referral_keeps_the_reference_that_was_found(service: Service, folder: Path) -> None:
    """An officer sees what was compared, wherever it came from."""
    (folder / f"{KEY}.jpg").write_bytes(face("bob", 1))
    reply = crossed(service, Papers(ZONE, {}))
    case = service.casework.redress(reply.encounter_id, OPERATOR).case
    with service.transactions.read() as tx:
        assert tx.vault.open(case.referral.reference_item) == face("bob", 1)


def _changed() -> dict[ChipFile, bytes]:
    files = chip_of("ann")
    return files | {ChipFile.DG2: files[ChipFile.DG2][:-1] + b"2"}


NOT_COMPARED = {
    "a changed portrait": (lambda: Papers(ZONE, _changed()), "document.chip_not_authentic"),
    "a chip of another document": (lambda: Papers(ZONE, chip_of(zone=OTHER_ZONE)), "document.other_chip"),
    "an expired page": (lambda: Papers(EXPIRED_ZONE, {}), "document.expired"),
    "an expired chip": (lambda: Papers("", chip_of(zone=EXPIRED_ZONE)), "document.expired"),
    "both expired": (lambda: Papers(EXPIRED_ZONE, chip_of(zone=EXPIRED_ZONE)), "document.expired"),
    "an expired page and a chip that holds": (lambda: Papers(EXPIRED_ZONE, chip_of()), "document.other_chip"),
    "no portrait anywhere": (lambda: Papers(ZONE, {}), "reference.none"),
    "a chip without its object": (
        lambda: Papers("", {ChipFile.DG1: chip_of()[ChipFile.DG1]}), "document.chip_not_authentic",
    ),
}  # fmt: skip


@pytest.mark.parametrize("papers, reason", NOT_COMPARED.values(), ids=NOT_COMPARED)
def test_without_a_reference_a_human_looks_and_no_frame_is_decoded(
    service: Service, world: World, papers: Callable[[], Papers], reason: str
) -> None:
    """Ordinary manual check with the reason, no finding about the person, zero frames."""
    reply = crossed(service, papers())
    assert (reply.outcome, reply.reason, reply.next_step) == (Outcome.NOT_COMPARED, reason, NextStep.MANUAL_CHECK)
    assert (world.extractor.frames_decoded, answered(service)["reference_from"]) == (0, "none")


def test_an_expired_document_asks_nobody(service: Service, world: World, folder: Path) -> None:
    """Though the site has its holder's portrait, an expired document leads to a human, who reads why."""
    (folder / f"{KEY}.jpg").write_bytes(face("ann", 1))
    reply = crossed(service, Papers(EXPIRED_ZONE, {}))
    assert (reply.reason, reply.advice) == ("document.expired", "The document has expired: ordinary manual check.")
    assert (world.extractor.frames_decoded, answered(service)["rules"]) == (0, ["document-expired"])


def test_a_document_holds_to_the_end_of_its_day(service: Service) -> None:
    """On its last day it counts, a second after midnight in UTC it does not."""
    last = Instant(parse_iso("2031-04-16T00:00:00Z") - 1000)
    find, lane = service.crossing.querying.reference, service.lanes.at("lane-1")
    found = [find(Papers(ZONE, {}), encounter(), lane, Instant(last + later)) for later in (0, 1000)]
    assert [one.reason for one in found if isinstance(one, NotCompared)] == ["reference.none", "document.expired"]


def test_the_officer_sees_which_step_of_the_chip_failed(service: Service) -> None:
    """Number and name of the first broken step, in the rule's sentence and in the advice."""
    reply = crossed(service, Papers(ZONE, _changed()))
    assert "step 9" in reply.rules[0].sentence
    assert reply.rules[0].sentence == reply.advice


@pytest.mark.parametrize("broken", ["no folder", "no certificate", "not set"])
def test_without_certificates_no_chip_is_believed(tmp_path: Path, broken: str) -> None:
    """A store that is not set, not there or empty: ordinary manual check, zero frames."""
    (tmp_path / "empty").mkdir()
    where = {"no folder": tmp_path / "gone", "no certificate": tmp_path / "empty", "not set": ""}[broken]
    world = lane_world(tmp_path / "site", store=where)
    with world.open() as service:
        reply = crossed(service, Papers(ZONE, chip_of()))
    assert (reply.reason, world.extractor.frames_decoded) == ("document.no_csca_store", 0)


def test_a_signer_that_is_revoked_later_is_believed_no_more(service: Service, store: Path) -> None:
    """The store's folder is looked at again: a new revocation list counts at once."""
    assert crossed(service, Papers("", chip_of()), claim="a").outcome is Outcome.MATCH
    (store / "utopia.crl").write_bytes(issued(revoked=[7]).crl)
    reply = crossed(service, Papers("", chip_of()), claim="b")
    assert (reply.reason, "step 8" in reply.advice) == ("document.chip_not_authentic", True)


@pytest.mark.parametrize("chip, reason", [(1, ""), (0, "reference.unavailable")])
def test_a_source_that_fails_leaves_the_chip_or_a_human(
    service: Service,
    world: World,
    folder: Path,
    chip: int,
    reason: str,
) -> None:
    """A folder that cannot be read: the chip's portrait where there is one, else an ordinary manual check."""
    folder.rmdir()
    reply = crossed(service, Papers(ZONE, chip_of() if chip else {}))
    assert reply.reason == reason
    assert world.extractor.frames_decoded == (2 if chip else 0)


def test_papers_that_cannot_be_read_spend_no_attempt(service: Service, world: World) -> None:
    """A zone with a wrong check digit is refused, undecoded; read again, it counts as the first attempt."""
    token = opened(service).token
    wrong = ZONE[:53] + "9" + ZONE[54:]
    with pytest.raises(DocumentError) as refused:
        service.crossing.verify(sent(service, token, Papers(wrong, {})), OPERATOR)
    assert (refused.value.code, world.extractor.frames_decoded) == ("document.mrz_check_digit", 0)
    assert service.crossing.verify(sent(service, token, Papers("", chip_of())), OPERATOR).outcome is Outcome.MATCH


def test_a_claim_made_from_one_document_admits_no_other(service: Service, world: World) -> None:
    """Another document than the encounter was opened for is refused, zero frames; the right one is compared."""
    claim = service.crossing.querying.claim("land-test", "UTO", KEY)
    token = opened(service, claim=claim).token
    with pytest.raises(EncounterError) as refused:
        service.crossing.verify(sent(service, token, Papers(OTHER_ZONE, {})), OPERATOR)
    assert (refused.value.code, world.extractor.frames_decoded) == ("encounter.other_document", 0)
    assert service.crossing.verify(sent(service, token, Papers(ZONE, chip_of())), OPERATOR).outcome is Outcome.MATCH


def test_nothing_is_looked_up_for_whom_nothing_may_be_compared(service: Service, world: World) -> None:
    """Neither portrait nor papers, or both: refused before a look."""
    token = opened(service).token
    with pytest.raises(CountenanceError) as refused:
        service.crossing.verify(sent(service, token), OPERATOR)
    assert (refused.value.code, world.extractor.frames_decoded) == ("encounter.no_portrait", 0)


def test_an_identical_resend_asks_nobody_again(service: Service, folder: Path) -> None:
    """The stored reply comes back, also when the portrait has gone."""
    (folder / f"{KEY}.jpg").write_bytes(face("ann", 1))
    once = sent(service, opened(service).token, Papers(ZONE, {}))
    first = service.crossing.verify(once, OPERATOR)
    (folder / f"{KEY}.jpg").unlink()
    assert service.crossing.verify(once, OPERATOR) == first
