"""A whole site in a temporary folder, with real storage, keys and log, fake photographs and a clock that tests move."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from countenance.authority import parse_charter
from countenance.bootstrap import CreatedSite, Service, create_site, open_site
from countenance.bootstrap.acts import note_charter
from countenance.bootstrap.charters import check_file, keep_charter, notices_of
from countenance.bootstrap.profiles import render_charter
from countenance.bootstrap.wiring import open_storage
from countenance.config import read_settings
from countenance.custody import FileSigner, Signed, SystemEntropy, keep_signed, keep_signed_text
from countenance.site import Site
from countenance.terms import Actor, Eligibility, Instant, NoticeCheck, Opened, OpenRequest, Role, Submission, parse_iso
from fakes.extractor import WEIGHTS, FakeExtractor
from fakes.points import TRIAL_POINT

START = parse_iso("2026-12-01T08:00:00Z")
OPERATOR = Actor("operator:1", Role.OPERATOR, "")
SUPERVISOR = Actor("supervisor:1", Role.SUPERVISOR, "")
AUDITOR = Actor("auditor:1", Role.AUDITOR, "")
ADMINISTRATOR = Actor("administrator:1", Role.ADMINISTRATOR, "")
POINT = hashlib.sha256(TRIAL_POINT).hexdigest()
ADULT = Eligibility("traveller", 30, 5, refusal_offered=True)
VALUES = {
    "legal_basis": "8 CFR 235.1 (test)",
    "controller": "Test controller, 1 Test Street",
    "contact": "privacy@example.invalid",
    "place": "Test crossing",
    "valid_from": "2026-11-21T00:00:00Z",
    "valid_until": "2027-11-21T00:00:00Z",
    "review_reference": "TEST-1",
    "public_page": "https://example.invalid/charter",
    "system_manager": "A manager",
    "data_protection_officer": "An officer, privacy@example.invalid",
    "special_category_ground": "A ground",
    "impact_assessments": "An assessment of 2026-11-01",
    "registration": "A register's number",
    "review_signed_on": "2026-11-20",
    "review_privacy": "A privacy officer",
    "review_civil_rights": "A civil rights officer",
    "review_technology": "A technology officer",
}


@dataclass
class MovableClock:
    """A clock that stands where tests put it."""

    instant: Instant = START

    def now(self) -> Instant:
        """Return the instant tests chose."""
        return self.instant

    def advance(self, seconds: float) -> None:
        """Move on."""
        self.instant = Instant(self.instant + round(seconds * 1000))


def trust(site: Site, point: bytes) -> None:
    """Let a site trust an operating point file, signed with its own key; unrecorded, unlike the command."""
    keep_signed(site.operating_points, point, FileSigner(site.keys / "operating-point"))


def look(site: Site, *charters: bytes, at: str = VALUES["valid_from"]) -> None:
    """Let somebody have seen every checkpoint's notice, signed with the site's key; unrecorded, unlike the command."""
    for charter in map(parse_charter, charters):
        for point in charter.checkpoints:
            texts = sorted(item.sha256 for item in charter.notices if item.notice_id == point.notice_id)
            check = NoticeCheck(point.checkpoint_id, tuple(texts), parse_iso(at), "supervisor:1", "")
            file = notices_of(site) / f"{point.checkpoint_id}.json"
            keep_signed_text(file, check_file(check), Signed.NOTICE_CHECK, FileSigner(site.keys / "charter"))


def put(site: Site, path: Path, data: bytes) -> None:
    """Sign a charter for a site under a file name: noted, but unrecorded and unchecked, unlike the command."""
    charter = parse_charter(data)
    storage = open_storage(site, SystemEntropy(), None)
    with storage.transactions.write() as tx:
        note_charter(tx, FileSigner(site.keys / "charter"), path.name, charter, storage.clock.now())
        tx.commit()
    storage.close()
    keep_charter(site, path, data, charter)


def land_charter(**values: str) -> bytes:
    """Return a filled land-pedestrian charter (verify at lane-1 and lane-2)."""
    weights = values.pop("weights", WEIGHTS)
    filled = {**VALUES, "operating_point": POINT, "charter_id": "land-test", **values}
    return render_charter("land-pedestrian", weights=weights, values=filled)


def portraits_at(world: World, where: Path | str) -> None:
    """Name a site's source of portraits in its settings."""
    settings = world.path / "site.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace('portraits = ""', f'portraits = "{where}"'), "utf-8")


def gate_charter(**values: str) -> bytes:
    """Return a filled air-gate charter (identify at gate-1)."""
    filled = {**VALUES, "operating_point": POINT, "charter_id": "gate-test", **values}
    return render_charter("air-gate", weights=WEIGHTS, values=filled)


@dataclass
class World:
    """A site folder, its keys, and the service opened on it."""

    path: Path
    created: CreatedSite
    clock: MovableClock = field(default_factory=MovableClock)
    extractor: FakeExtractor = field(default_factory=FakeExtractor)
    environ: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, path: Path, *charters: bytes) -> World:
        """Make a site with a lane and a gate, or with these charters."""
        chosen = charters or (land_charter(), gate_charter())
        created = create_site(path, charters=chosen)
        trust(created.site, TRIAL_POINT)
        look(created.site, *chosen)
        return cls(path, created)

    def open(self) -> Service:
        """Open the site with the fake extractor and the movable clock."""
        return open_site(self.path, read_settings(self.environ), extractor=self.extractor, clock=self.clock)


def opened(service: Service, checkpoint: str = "lane-1", gallery: str = "", claim: str = "traveller-a") -> Opened:
    """Open an encounter for an adult who was offered to refuse."""
    answer = service.crossing.open_encounter(OpenRequest(checkpoint, ADULT, gallery, claim), OPERATOR)
    assert isinstance(answer, Opened)
    return answer


def submission(service: Service, token: str, live: bytes, portrait: bytes = b"", attempt: int = 1) -> Submission:
    """Return frames signed by the site's local device."""
    body = json.dumps([attempt, live.decode("latin1"), portrait.decode("latin1")]).encode()
    digest = hashlib.sha256(body).digest()
    device = service.local_device
    return Submission(token, attempt, device.device_id, device.sign(token, attempt, digest), digest, live, portrait)
