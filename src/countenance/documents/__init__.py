"""Papers become claims, portraits and manifests: untrusted bytes in, checked values or a located refusal out.

:func:`read_mrz` reads the machine-readable zone of a passport, card or visa; :func:`check_digit` counts one check
digit. :func:`read_manifest` reads who is announced for a movement (PAXLST, CSV or JSON), within
:class:`ManifestLimits`. :class:`PortraitFolder` has photographs of expected travellers. :func:`check_chip` takes the
bytes of a chip (EF.COM, EF.SOD, data groups), a store of Country Signing CA certificates and the time, and answers with
every step of ICAO's passive authentication (Doc 9303-11 5.1): a portrait that may serve as a reference, or which step
failed. Nothing that a document says about itself, lengths first, is trusted before it is checked; a reference day comes
in, because two digits of a year mean nothing without one.
"""

from countenance.documents.chip_files import read_chip, read_files, read_folder, read_json
from countenance.documents.csca import CscaStore, LeftOut, Standing, build_store
from countenance.documents.csca_files import read_store
from countenance.documents.limits import ManifestLimits
from countenance.documents.manifest import read_manifest
from countenance.documents.mrz import read_mrz
from countenance.documents.mrz_layout import check_digit
from countenance.documents.passport import check_chip
from countenance.documents.portrait import PortraitLimits
from countenance.documents.portrait_folder import PortraitFolder
from countenance.documents.steps import STEPS

__all__ = [
    "STEPS", "CscaStore", "LeftOut", "ManifestLimits", "PortraitFolder", "PortraitLimits",
    "Standing", "build_store", "check_chip",
    "check_digit", "read_chip", "read_files", "read_folder", "read_json", "read_manifest", "read_mrz", "read_store",
]  # fmt: skip
