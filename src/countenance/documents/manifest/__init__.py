"""Passenger manifests: PAXLST, CSV or JSON in, one typed list out, less whatever no gallery needs.

``reading`` tells the formats apart; ``edifact``, ``envelope`` and ``times`` read the syntax, ``paxlst`` and
``paxlst_walk`` the message, ``csv_file``, ``json_file`` and ``rows`` the plain files; ``limits`` bounds all of them and
``notes`` collects what was dropped and what contradicts itself.
"""

from countenance.documents.manifest.limits import ManifestLimits
from countenance.documents.manifest.reading import read_manifest

__all__ = ["ManifestLimits", "read_manifest"]
