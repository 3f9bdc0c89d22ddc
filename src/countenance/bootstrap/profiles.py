"""Charter texts for a new site: a shipped profile, filled with these weights and the packaged operating point."""

from __future__ import annotations

from collections.abc import Mapping

from countenance.authority import render_profile
from countenance.bootstrap.engine import open_engine
from countenance.config import Settings
from countenance.decision import PACKAGED_SHA256


def weights_name(settings: Settings) -> str:
    """Return the SHA-256 name of the weights these settings choose, as charters state it.

    Raises:
        WeightsError: a file is missing or has another hash than pinned.
    """
    return open_engine(settings).weights


def render_charter(profile: str, *, weights: str, values: Mapping[str, str]) -> bytes:
    """Return the profile's charter with ``values`` filled in, ready to be stored in ``charters/``.

    ``weights`` is :func:`weights_name`'s answer; the operating point is the packaged one unless ``values`` names one.

    Raises:
        CharterError: no such profile, or a value is missing, unknown or invalid.
    """
    return render_profile(profile, {"weights": weights, "operating_point": PACKAGED_SHA256, **values})
