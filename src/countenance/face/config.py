"""The named ways to run the two networks; each is part of the name that templates carry.

``FULL_FP32`` is the reference that accuracy is measured against, the published protocol (MODELS §6): the detector once
over the whole frame at up to 640 pixels, everything in fp32. ``SHIPPED`` is what a site runs: a small pass finds the
face, a second small pass measures its landmarks upright, in bfloat16, and the recogniser's 1 x 1 convolutions in int8.
``SHIPPED_BF16`` is the same without int8, for an operator's own recogniser; ``SHIPPED_FP32`` is for processors without
bfloat16. The precision is part of the templates' name, so templates of different machines are never compared by
accident: which one a site uses is decided once, at ``init``, and stays.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from countenance.errors import ConfigurationError
from countenance.face.engine import Precision, cpu_has_bf16


@dataclass(frozen=True, slots=True)
class PipelineConfig:
    """How frames become embeddings; every field but the name changes the templates' name."""

    name: str
    """What a setting calls it."""
    precision: Precision
    """Of both networks."""
    narrow: bool = False
    """Whether the recogniser's 1 x 1 convolutions run in int8 (``face.narrow``); for the packaged recogniser only."""
    full_side: int = 640
    """Longest side, in pixels, at which the detector sees a whole frame in the full pass; larger frames are reduced."""
    find_side: int = 0
    """Side of the square in which the first, small pass looks for faces; 0 = no small pass, only the full one."""
    refine_side: int = 0
    """Side of the square in which the second pass measures the landmarks of each face found."""
    refine_fill: float = 0.0
    """Share of that square's side that the face box's longer side takes."""
    find_confidence: float = 0.6
    """Least confidence for a face in the small pass; the second pass must then reach ``confidence``."""
    confidence: float = 0.6
    """Least detector confidence of a face."""
    vote: bool = False
    """Whether a face's landmarks are the mean over all overlapping detections rather than those of the surest."""
    tilt_gain: float = 1.0
    """Degrees of a head's tilt per degree by which its landmarks turn at the size of the second pass."""
    overlap: float = 0.3
    """Intersection over union above which two boxes are one face."""

    def describe(self) -> dict[str, str | int | float]:
        """Return the fields that templates depend on, for the canonical description that ``WeightsSet.name`` hashes."""
        fields = asdict(self)
        del fields["name"]
        if not self.narrow:
            del fields["narrow"]  # so that what ran before there was int8 keeps its name
        return fields


FULL_FP32 = PipelineConfig("full-fp32", Precision.F32)
# The second pass has 128 px because there landmarks are steadiest, and turns its window because there they hardly
# follow a tilted head; 5 is the inverse of their answer to tilts of 10 to 30 degrees on the London set.
SHIPPED_FP32 = PipelineConfig(
    "shipped-fp32",
    Precision.F32,
    find_side=160,
    refine_side=128,
    refine_fill=0.6,
    find_confidence=0.5,
    vote=True,
    tilt_gain=5.0,
)
SHIPPED_BF16 = replace(SHIPPED_FP32, name="shipped-bf16", precision=Precision.BF16)
SHIPPED = replace(SHIPPED_BF16, name="shipped-int8", narrow=True)
_NAMED = {config.name: config for config in (FULL_FP32, SHIPPED_FP32, SHIPPED_BF16, SHIPPED)}


def choose_config(setting: str) -> PipelineConfig:
    """Return what a setting means on this processor: ``shipped`` is int8 with bf16 where it has bf16, else fp32.

    Every processor with bfloat16 also multiplies int8 natively; without that, int8 would saturate and score otherwise.

    Raises:
        ConfigurationError: ``config.pipeline``, no such configuration.
    """
    if setting == "shipped":
        return SHIPPED if cpu_has_bf16() else SHIPPED_FP32
    if setting not in _NAMED:
        raise ConfigurationError(
            "config.pipeline",
            f"There is no pipeline configuration {setting!r}.",
            remedy=f"Use 'shipped', or one of: {', '.join(_NAMED)}.",
        )
    return _NAMED[setting]
