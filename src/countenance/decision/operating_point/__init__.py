"""Operating points: a threshold that names its error rate and its evidence, in a file whose SHA-256 is its name.

An operating point is trusted because its hash is in a set that the caller trusts (:func:`parse`): the package pins one
for each of its configurations (:data:`PACKAGED`), and a site signs others. What a file says about itself is never a
reason. :func:`read_untrusted` is for looking only; :func:`write_operating_point` makes the file. All pure; imports
nothing of ours but ``terms`` and ``errors``, so that an evaluation may use it.
"""

from countenance.decision.operating_point.checks import FORMAT, MAX_BYTES, schema
from countenance.decision.operating_point.packaged import PACKAGED, packaged
from countenance.decision.operating_point.reading import parse, read_untrusted
from countenance.decision.operating_point.writing import write_operating_point

__all__ = [
    "FORMAT",
    "MAX_BYTES",
    "PACKAGED",
    "packaged",
    "parse",
    "read_untrusted",
    "schema",
    "write_operating_point",
]
