"""``verify``, ``identify``, ``opt-out``: open an encounter, answer it, say what happens to the person now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rich.table import Table
from typer import BadParameter

from countenance.bootstrap.reading import read_files
from countenance.interfaces.cli.document import zone_in
from countenance.interfaces.cli.exits import NOT_AS_EXPECTED, OK
from countenance.interfaces.cli.said import Said
from countenance.interfaces.cli.tables import two_columns
from countenance.interfaces.cli.way import doors
from countenance.interfaces.doors import Doors
from countenance.procedures import encode_reply
from countenance.terms import NO_PAPERS, Eligibility, Mode, NextStep, OpenRequest, Outcome, Papers, Receipt, Reply

SENTENCES = {
    Outcome.MATCH: "Match: proceed.",
    Outcome.NO_MATCH: "No match: refer to an officer.",
    Outcome.NOT_COMPARED: "Not compared: ordinary manual check.",
    Outcome.REFERRED: "Referred: an officer looks.",
    Outcome.RETRY: "Not usable: take another photograph.",
    Outcome.OPTED_OUT: "Opted out: ordinary manual check.",
}
"""Each outcome as an officer reads it; none is a finding about the person."""
MAX_LIVE = 3


def opening(
    checkpoint: str, person_class: str, claim: str, gallery: str = "", *, age: int, reference_years: int,
    refusal_offered: bool,
) -> OpenRequest:  # fmt: skip
    """Return what the operator states before the camera."""
    return OpenRequest(checkpoint, Eligibility(person_class, age, reference_years, refusal_offered), gallery, claim)


def claimed(request: OpenRequest, mrz: str, document: Path | None) -> OpenRequest:
    """Return the request with the zone, as text or in a file, that its claim is made from; without one, as it is."""
    zone = _zone(mrz, document)
    if zone and request.claim:
        raise BadParameter("Give either --claim or the zone that it is made from.")
    return replace(request, zone=zone)


def _zone(mrz: str, document: Path | None) -> str:
    if mrz and document is not None:
        raise BadParameter("Give the zone once: with --mrz or with --document.")
    return mrz if document is None else zone_in(document)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the person shows: the portrait's file, or what was read from the document."""

    portrait: bytes
    papers: Papers


def shown(portrait: Path | None, mrz: str, document: Path | None, chip: Path | None) -> Shown:
    """Return what was given: a portrait, or a zone (as text or in a file), a chip (folder or JSON file), or both.

    Raises:
        DocumentError: the chip's files are none (``chip.…``).
    """
    zone = _zone(mrz, document)
    if (portrait is not None) == bool(zone or chip):
        raise BadParameter("Give either --portrait, or --mrz (or --document), --chip or both.")
    files = read_files(chip).files if chip is not None else {}
    return Shown(b"" if portrait is None else portrait.read_bytes(), Papers(zone, files))


def verify(
    site: Path, request: OpenRequest, shows: Shown, live: Sequence[Path], *, key_file: Path | None, save: Path | None
) -> Said:
    """Compare 1:1 and say what was answered; a zone makes the claim where none is stated."""
    images = _read(live)
    asked = request if request.claim else replace(request, zone=shows.papers.zone)
    with doors(site, key_file) as door:
        reply = answer(door, Mode.VERIFY, asked, images, shows)
    return _said(reply, save)


def identify(
    site: Path, request: OpenRequest, live: Sequence[Path], *, key_file: Path | None, save: Path | None
) -> Said:
    """Search a closed gallery and say what was answered."""
    images = _read(live)
    with doors(site, key_file) as door:
        reply = answer(door, Mode.IDENTIFY, request, images, Shown(b"", NO_PAPERS))
    return _said(reply, save)


def opt_out(site: Path, request: OpenRequest, *, key_file: Path | None, save: Path | None) -> Said:
    """Note a refusal; success is that it was noted."""
    with doors(site, key_file) as door:
        opened = door.open_encounter(request)
        reply = opened if isinstance(opened, Reply) else door.opt_out(opened.token)
    return _said(reply, save, good=(Outcome.OPTED_OUT, Outcome.NOT_COMPARED))


def _read(live: Sequence[Path]) -> Sequence[bytes]:
    if len(live) > MAX_LIVE:
        raise BadParameter(f"--live can be given {MAX_LIVE} times, as often as a person is photographed.")
    return [path.read_bytes() for path in live]


def answer(door: Doors, mode: Mode, request: OpenRequest, images: Sequence[bytes], shows: Shown) -> Reply:
    """Open an encounter and send photographs until one is answered otherwise than "take another"."""
    opened = door.open_encounter(request)
    if isinstance(opened, Reply):
        return opened
    reply = door.answer(mode, opened.token, 1, images[0], shows.portrait, papers=shows.papers)
    for attempt, image in enumerate(images[1:], start=2):
        if reply.outcome is not Outcome.RETRY:
            break
        reply = door.answer(mode, opened.token, attempt, image, shows.portrait, papers=shows.papers)
    return reply


def _said(reply: Reply, save: Path | None, good: tuple[Outcome, ...] = (Outcome.MATCH,)) -> Said:
    if save is not None:
        save.write_text(receipt_json(reply.receipt), "utf-8")
    referred = reply.next_step is NextStep.REFER_TO_OFFICER
    receipt = (f"The person's receipt: countenance referral receipt SITE {reply.encounter_id}",) if referred else ()
    return Said(
        data=json.loads(encode_reply(reply)),
        shown=(SENTENCES.get(reply.outcome, reply.outcome), reply_table(reply), *receipt),
        status=OK if reply.outcome in good else NOT_AS_EXPECTED,
    )


def receipt_json(receipt: Receipt) -> str:
    """Return a receipt as the file that ``audit --receipt`` reads."""
    return json.dumps(asdict(receipt), indent=2, sort_keys=True) + "\n"


def reply_table(reply: Reply) -> Table:
    """Return a reply as a table of two columns."""
    rows = (
        ("encounter", reply.encounter_id),
        ("reason", reply.reason),
        ("advice", reply.advice),
        ("matched", reply.reference_id),
        *(("rule", f"{rule.rule_id}: {rule.sentence}") for rule in reply.rules),
        ("operating point", reply.operating_point),
        ("receipt", reply.receipt.commitment),
        ("in the log by", reply.receipt.include_by),
        ("milliseconds", ", ".join(f"{item.stage} {item.millis:.1f}" for item in reply.millis)),
    )
    return two_columns((name, value) for name, value in rows if value)
