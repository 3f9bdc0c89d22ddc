"""The demo from the first step to the last."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.console import Console

from countenance.bootstrap import CreatedSite, Service, create_site, open_site
from countenance.bootstrap.profiles import render_charter, weights_name
from countenance.config import Settings
from countenance.interfaces.demo import story
from countenance.interfaces.demo.credits import read_credits
from countenance.interfaces.demo.denied import Denied, denials
from countenance.interfaces.demo.flight import Flight, fly
from countenance.interfaces.demo.page import page
from countenance.interfaces.demo.photographs import read_photographs
from countenance.interfaces.demo.pictures import prepare
from countenance.interfaces.demo.play import Crossed, cross
from countenance.interfaces.demo.proof import prove
from countenance.interfaces.demo.results import as_data, last_words, public_page
from countenance.interfaces.demo.settling import Settled, settle
from countenance.interfaces.demo.shown import Shown
from countenance.interfaces.demo.terminal import tables
from countenance.interfaces.doors import LocalDoors
from countenance.interfaces.transparency_page import transparency_page
from countenance.interfaces.trial import trial_values
from countenance.procedures import Lane
from countenance.terms import DAY_MS, Instant, JsonObject, Mode, Outcome, Receipt, Role, iso

if TYPE_CHECKING:
    from rich.console import RenderableType


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the command prints and ends with."""

    as_expected: bool
    data: Mapping[str, object]
    lines: tuple[RenderableType, ...]


@dataclass(frozen=True, slots=True)
class _Played:
    lanes: Mapping[Mode, Lane]
    crossings: tuple[Crossed, ...]
    flight: Flight
    denied: tuple[Denied, ...]
    settled: Settled
    receipts: tuple[Receipt, ...]
    bundle: JsonObject


def run_demo(photos: Path, out: Path, settings: Settings, *, keep: Path | None, live: bool) -> DemoResult:
    """Play the story on a new trial site, prove its log, write the page, and say whether all went as expected.

    (1) photographs and credits; (2) a site with two charters and an old one; (3) the story, every answer recorded
    before it came; (4) the batch published, the auditor's bundle exported, the site closed; (5) log and bundle
    audited, a flipped byte found; (6) the page, and what the public would read of the site.

    Raises:
        ConfigurationError: ``demo.photographs``, one of the story's photographs is missing.
    """
    start = time.perf_counter()
    images = read_photographs(photos)  # (1)
    console = Console(stderr=True, quiet=not live)
    with _folder(keep) as folder:
        with console.status("checking the networks and making a site"):
            created = create_site(folder, charters=_charters(settings))  # (2)
        with console.status("opening the site") as status, open_site(folder, settings) as service:
            status.update("people cross")
            played = _play(service, created, images)  # (3) (4)
            pictures = prepare(
                images, dict(zip(images, service.extractor.extract_many([*images.values()]), strict=True))
            )
            weights = service.extractor.weights
            told = service.transparency.page().data
        proof = prove(folder, played.bundle, played.receipts, played.flight)  # (5)
    shown = Shown(
        made_at=iso(Instant(time.time_ns() // 1_000_000)), version=version("countenance"), weights=weights,
        land=played.lanes[Mode.VERIFY], air=played.lanes[Mode.IDENTIFY], crossings=played.crossings,
        flight=played.flight, denied=played.denied, settled=played.settled, proof=proof, pictures=pictures,
        credits=read_credits(photos),
        seconds=time.perf_counter() - start,
    )  # fmt: skip
    out.write_text(page(shown), "utf-8")  # (6)
    style = files("countenance.interfaces").joinpath("static", "transparency.css").read_text("utf-8")
    public_page(out).write_bytes(transparency_page(told, style))
    return DemoResult(shown.as_expected, as_data(shown, out, keep), (*tables(shown), *last_words(shown, out, keep)))


def _charters(settings: Settings) -> list[bytes]:
    weights = weights_name(settings)
    now = Instant(time.time_ns() // 1_000_000)
    held = [
        render_charter(profile, weights=weights, values={**trial_values(profile, now), **values})
        for profile, values in story.PLACES.items()
    ]
    return [*held, _expired(weights, now)]


def _expired(weights: str, now: Instant) -> bytes:
    """Return a charter for other lanes that ended last night."""
    values = {
        **trial_values("land-pedestrian", now),
        **story.PLACES["land-pedestrian"],
        "charter_id": "land-until-yesterday",
    }
    values |= {"valid_from": iso(Instant(now - 30 * DAY_MS)), "valid_until": values["valid_from"]}
    text = render_charter("land-pedestrian", weights=weights, values=values).decode()
    return text.replace(f"id: {story.LANE}", f"id: {story.EXPIRED}").replace("id: lane-2", "id: lane-10").encode()


def _play(service: Service, created: CreatedSite, images: Mapping[str, bytes]) -> _Played:
    operator = LocalDoors(service, created.api_keys[Role.OPERATOR])
    supervisor = LocalDoors(service, created.api_keys[Role.SUPERVISOR])
    auditor = LocalDoors(service, created.api_keys[Role.AUDITOR])
    counter = service.extractor
    land = [cross(operator, counter, scene, story.LANE, gallery_id="", photos=images) for scene in story.LAND]
    referred = next(item for item in land if item.reply.outcome is Outcome.NO_MATCH)
    settled = settle(operator, supervisor, referred.reply.encounter_id)
    staff = service.authenticate(created.api_keys[Role.SUPERVISOR])
    flight, air = fly(service, operator, supervisor, staff, images)
    denied = tuple(denials(service, operator, auditor))
    service.log.publish(service.clock.now())
    crossings = (*land, *air)
    receipts = [item.opened.receipt for item in crossings if item.opened is not None]
    receipts += [reply.receipt for item in crossings for reply in item.replies]
    lanes = {Mode.VERIFY: service.lanes.at(story.LANE), Mode.IDENTIFY: service.lanes.at(story.GATE)}
    return _Played(
        lanes, crossings, flight, denied, settled, (*receipts, *settled.receipts, *flight.receipts),
        auditor.export_record(),
    )  # fmt: skip


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Yield the site's folder: the one to keep, or one that is gone afterwards."""
    if keep is not None:
        yield keep
        return
    with TemporaryDirectory(prefix="countenance-demo-") as folder:
        yield Path(folder) / "site"
