"""Frames that arrive from where no camera may compare: dropped before anything looks at them, and counted (CBP-18)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from threading import Lock

from countenance.errors import EncounterError
from countenance.procedures.lanes import Lanes
from countenance.terms import Device, Submission


class Ingest:
    """Counts what it drops, by checkpoint, since start. Safe between threads."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._dropped: Counter[str] = Counter()
        self._mutex = Lock()

    @property
    def dropped(self) -> Mapping[str, int]:
        """Frames dropped so far, by the checkpoint whose device sent them."""
        with self._mutex:
            return dict(self._dropped)

    def admit(self, device: Device | None, submission: Submission) -> None:
        """Return only if the device stands anywhere that uses a camera; what no device sent is refused elsewhere.

        Raises:
            EncounterError: ``encounter.frames_dropped``: nothing was decoded, templated or kept.
        """
        stands = device.checkpoints if device is not None else ()
        if not stands or any(self._lanes.uses_camera(checkpoint_id) for checkpoint_id in stands):
            return
        with self._mutex:
            self._dropped[stands[0]] += 2 if submission.portrait else 1
        raise EncounterError(
            "encounter.frames_dropped", f"The checkpoint {stands[0]!r} uses no camera: the frames were dropped unseen.",
            remedy="Turn the device off there, or enrol it where it stands; people get the ordinary check.",
        )  # fmt: skip
