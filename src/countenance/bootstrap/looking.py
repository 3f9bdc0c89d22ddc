"""What interfaces may look at without opening a site, and what only benchmarks do to one.

Interfaces see stages through here and through procedures, never directly (the import table).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from time import perf_counter

from countenance import face
from countenance.authority import compare_charters, fields_to_fill_in, profile_fields, profiles, published
from countenance.authority import parse_charter as check_charter
from countenance.authority import rules_at as eligibility_at
from countenance.authority import schema as charter_schema
from countenance.bootstrap.engine import Engine
from countenance.bootstrap.wiring import open_storage
from countenance.capture import decode
from countenance.config import Settings
from countenance.custody import SystemEntropy
from countenance.decision import read_untrusted_operating_point as read_untrusted_point
from countenance.face import choose_config, compare, open_weights
from countenance.gallery import Slab
from countenance.site import Site, SiteLock
from countenance.terms import GalleryInfo, Instant, Reference

__all__ = [
    "bare_networks", "charter_schema", "check_charter", "compare", "compare_charters",
    "describe_weights", "eligibility_at", "evaluation_engine", "fields_to_fill_in", "fill_gallery",
    "networks_after_decoding", "new_slab", "plain_networks",
    "profile_fields", "profiles", "published", "read_untrusted_point",
]  # fmt: skip


def describe_weights(settings: Settings) -> Mapping[str, str]:
    """Return what the networks are: names, hashes, licences, what is known of their training data, and their name.

    The last is what charters and operating points call networks, alignment and configuration together.

    Raises:
        WeightsError: a file is missing or has another hash than pinned.
    """
    weights = open_weights(settings.cache, settings.weights_manifest)
    config = weights.fitted(choose_config(settings.pipeline))
    return {**weights.describe(), "configuration": config.name, "weights": weights.name(config)}


def bare_networks(settings: Settings, images: Sequence[bytes]) -> Callable[[], None]:
    """Return a call that runs the bare networks for as many portraits as there are ``images``; nothing else."""
    run = face.bare_networks(open_weights(settings.cache, settings.weights_manifest), choose_config(settings.pipeline))

    def run_all() -> None:
        for _ in images:
            run()

    return run_all


def evaluation_engine(settings: Settings) -> Engine:
    """Return an engine that refuses nothing for quality or company: evaluations must see what a limit would hide."""
    weights = open_weights(settings.cache, settings.weights_manifest)
    config = choose_config(settings.pipeline)
    pipeline = face.build_pipeline(weights, config, limits=face.NO_LIMITS, main_face="central")
    return Engine(pipeline)


def networks_after_decoding(settings: Settings, images: Sequence[bytes]) -> Callable[[], float]:
    """Return a call that decodes each image, runs the bare networks, and returns the milliseconds of the latter alone.

    Decoding a photograph drives the networks' weights out of the processor's caches, here as in the pipeline.
    """
    run = face.bare_networks(open_weights(settings.cache, settings.weights_manifest), choose_config(settings.pipeline))

    def spent() -> float:
        total = 0.0
        for image in images:
            decode(image)
            start = perf_counter()
            run()
            total += perf_counter() - start
        return total * 1000

    return spent


def plain_networks(settings: Settings) -> tuple[bytes, bytes]:
    """Return (detector, recogniser) as plain fp32 ONNX that other engines read."""
    return face.plain_networks(open_weights(settings.cache, settings.weights_manifest))


def new_slab(dimension: int) -> Slab:
    """Return an empty exact-search slab, for measuring it alone."""
    return Slab(dimension)


def fill_gallery(path: Path, info: GalleryInfo, references: Iterable[Reference], *, expires_at: Instant) -> int:
    """Put synthetic references straight into a site's gallery, unrecorded: for benchmarks of temporary sites only.

    Returns:
        How many references were stored.
    """
    site = Site.open(path)
    stored = 0
    with SiteLock(site):
        storage = open_storage(site, SystemEntropy(), None)
        try:
            with storage.transactions.write() as tx:
                tx.galleries.create(info)
                for reference in references:
                    tx.galleries.add(
                        info.gallery_id, reference, retention="reference", expires_at=expires_at, now=info.opened_at
                    )
                    stored += 1
                tx.commit()
        finally:
            storage.close()
    return stored
