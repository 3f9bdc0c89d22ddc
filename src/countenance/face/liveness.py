"""Where a presentation attack detector plugs in (ISO/IEC 30107-3). None ships: none could be measured (MODELS §3).

Unattended checkpoints do not start without one (CBP-29). A detector that ships with a site must bring its own measured
APCER and BPCER; nothing here claims either.
"""

from __future__ import annotations

from countenance.ports import PresentationAttackDetector
from countenance.terms import Box, Frame


def shows_life(detector: PresentationAttackDetector | None, frame: Frame, box: Box) -> bool:
    """Return whether the face may count as bona fide; without a detector nothing is claimed and nothing refused."""
    return detector is None or detector.is_bona_fide(frame, box)
