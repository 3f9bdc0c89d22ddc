"""Papers become claims and manifests: untrusted text and files in, typed and checked values or a located refusal out.

:func:`read_mrz` reads the machine-readable zone of a passport, card or visa; :func:`check_digit` counts one check
digit. :func:`read_manifest` reads who is announced for a movement (PAXLST, CSV or JSON), within
:class:`ManifestLimits`. All pure: a reference day comes in, because two digits of a year mean nothing without one.
"""

from countenance.documents.limits import ManifestLimits
from countenance.documents.manifest import read_manifest
from countenance.documents.mrz import read_mrz
from countenance.documents.mrz_layout import check_digit

__all__ = ["ManifestLimits", "check_digit", "read_manifest", "read_mrz"]
