"""Frame → probe, or a reasoned refusal; two templates → a score. A score is not a decision.

``open_weights`` finds and checks the networks, ``build_pipeline`` compiles them in a named configuration, ``Pipeline``
turns a frame into ``Accepted | Refused``, ``compare`` gives the cosine of two templates. Importing this loads neither
OpenVINO nor OpenCV; building a pipeline does.
"""

from countenance.face.align import CROP_SIDE
from countenance.face.bare import bare_networks, plain_networks
from countenance.face.compare import compare, template_from_bytes, template_to_bytes
from countenance.face.config import FULL_FP32, SHIPPED, PipelineConfig, choose_config
from countenance.face.pipeline import Pipeline, Seen, build_pipeline
from countenance.face.quality import DEFAULT_LIMITS, NO_LIMITS
from countenance.face.weights import ALIGNMENT, EMBEDDER_SHA256, WeightsSet, open_weights

__all__ = [
    "ALIGNMENT",
    "CROP_SIDE",
    "DEFAULT_LIMITS",
    "EMBEDDER_SHA256",
    "FULL_FP32",
    "NO_LIMITS",
    "SHIPPED",
    "Pipeline",
    "PipelineConfig",
    "Seen",
    "WeightsSet",
    "bare_networks",
    "build_pipeline",
    "choose_config",
    "compare",
    "open_weights",
    "plain_networks",
    "template_from_bytes",
    "template_to_bytes",
]
