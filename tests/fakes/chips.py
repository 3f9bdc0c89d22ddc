"""A lane that reads documents: chips of a country of our own, a store that knows it, and portraits by number."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import emrtd_maker as maker
from countenance.bootstrap import Service
from countenance.terms import NO_PAPERS, ChipFile, Extraction, Papers, Reply, Submission
from fakes.extractor import FakeExtractor, face
from fakes.world import AUDITOR, OPERATOR, World, opened

ZONE = maker.MRZ[:65] + "3104150" + maker.MRZ[72:87] + "6"
"""The specimen's, of a passport that holds until 2031."""
OTHER_ZONE = "P<UTOERIKSSON<<BERT".ljust(44, "<") + "L898902D40UTO7408122F3104150ZE184226B<<<<<18"
EXPIRED_ZONE = maker.MRZ
"""The specimen's own, which held until 2012-04-15."""
KEY = "L898902C3"
"""The document's number."""


class SeeingChips(FakeExtractor):
    """Takes a real picture for the words behind its end, so that a chip's portrait can be somebody's."""

    def extract(self, image: bytes) -> Extraction:
        """Return what the words say."""
        start = image.rfind(b"face ")
        return super().extract(image[start:] if start > 0 else image)


def portrait(person: str, photograph: int = 0) -> bytes:
    """Return a JPEG that is somebody's photograph to :class:`SeeingChips`."""
    return maker.picture() + face(person, photograph)


def chip_of(person: str = "ann", zone: str = ZONE, **bent: Any) -> dict[ChipFile, bytes]:
    """Return the files of a chip with a person's portrait, holding but for what ``bent`` bends."""
    groups = {1: maker.dg1(zone), 2: maker.dg2(portrait(person))}
    return dict(issued(groups=groups, **bent).chip.files)


def issued(**bent: Any) -> maker.Issued:
    """Return what stands behind a chip of a country whose revocation list is in date."""
    dates = {"first": maker.TODAY, "last": maker.TODAY + timedelta(days=400)}
    return maker.issue(crl_arguments=dates, **bent)


def store_at(folder: Path, revoked: Iterable[int] = ()) -> Path:
    """Write a store that knows the country."""
    folder.mkdir(exist_ok=True)
    made = issued(revoked=revoked)
    (folder / "utopia.cer").write_bytes(made.csca)
    (folder / "utopia.crl").write_bytes(made.crl)
    return folder


def lane_world(path: Path, *charters: bytes, store: Path | str = "", portraits: Path | str = "") -> World:
    """Make a site whose lane reads documents."""
    world = World.at(path, *charters)
    world.extractor = SeeingChips()
    settings = world.path / "site.toml"
    text = settings.read_text("utf-8").replace('csca_store = ""', f'csca_store = "{store}"')
    settings.write_text(text.replace('portraits = ""', f'portraits = "{portraits}"'), "utf-8")
    return world


def sent(
    service: Service, token: str, papers: Papers = NO_PAPERS, live: bytes = face("ann", 7), attempt: int = 1
) -> Submission:
    """Return a live photograph and what was read from a document, signed by the site's local device."""
    digest = hashlib.sha256(repr((attempt, live, papers.zone, sorted(papers.chip.items()))).encode()).digest()
    device = service.local_device
    signature = device.sign(token, attempt, digest)
    return Submission(token, attempt, device.device_id, signature, digest, live, b"", papers)


def crossed(service: Service, papers: Papers, claim: str = "traveller-a", live: bytes = face("ann", 7)) -> Reply:
    """Open an encounter for a claim and send one attempt with papers."""
    return service.crossing.verify(sent(service, opened(service, claim=claim).token, papers, live), OPERATOR)


def answered(service: Service) -> dict[str, Any]:
    """Return the facts of the newest answer."""
    entries: Any = service.desk.export_record(AUDITOR)["entries"]
    told = [one for entry in entries if (one := json.loads(entry["facts"]))["event"] == "attempt.answered"]
    return dict(told[-1])
