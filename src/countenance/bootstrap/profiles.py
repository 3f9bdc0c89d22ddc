"""Charter texts for a new site: a shipped profile, filled with these weights and their packaged operating point."""

from __future__ import annotations

from collections.abc import Mapping

from countenance.authority import draft_profile, render_profile
from countenance.bootstrap.engine import open_engine
from countenance.config import Settings
from countenance.decision import PACKAGED
from countenance.errors import OperatingPointError


def weights_name(settings: Settings) -> str:
    """Return the SHA-256 name of the weights these settings choose, as charters state it.

    Raises:
        WeightsError: a file is missing or has another hash than pinned.
    """
    return open_engine(settings).weights


def render_charter(profile: str, *, weights: str, values: Mapping[str, str]) -> bytes:
    """Return the profile's charter with ``values`` filled in, ready to be stored in ``charters/``.

    ``weights`` is :func:`weights_name`'s answer; the operating point is the one packaged for them, unless ``values``
    names one.

    Raises:
        OperatingPointError: ``operating_point.none_for_weights``: none ships for these, and ``values`` names none.
        CharterError: no such profile, or a value is missing, unknown or invalid.
    """
    point = values.get("operating_point") or PACKAGED.get(weights)
    if point is None:
        raise OperatingPointError(
            "operating_point.none_for_weights",
            f"No operating point ships for the weights {weights[:16]}…: nobody of this project measured them.",
            remedy="Measure them (countenance evaluate, then calibrate), name the SHA-256 of what that writes with "
            "--set operating_point=…, and sign it for the new site: countenance operating-point sign.",
        )
    return render_profile(profile, {"weights": weights, **values, "operating_point": point})


def draft_charter(profile: str, *, weights: str, values: Mapping[str, str]) -> bytes:
    """Return the profile with ``values`` and what is known of this machine filled in; the rest stays marked FILL IN.

    Raises:
        CharterError: no such profile, or a value is unknown or not one line.
    """
    known = {"weights": weights} | ({"operating_point": PACKAGED[weights]} if weights in PACKAGED else {})
    return draft_profile(profile, {**known, **values})
