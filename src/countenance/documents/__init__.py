"""Papers become claims, portraits and manifests: untrusted bytes in, checked values or a located refusal out.

:func:`read_mrz` reads the machine-readable zone of a passport, card or visa; :func:`check_digit` counts one check
digit. :func:`read_manifest` reads who is announced for a movement (PAXLST, CSV or JSON), within
:class:`ManifestLimits`. :class:`PortraitFolder` has photographs of expected travellers. :func:`check_chip` takes the
bytes of a chip (EF.COM, EF.SOD, data groups), a store of Country Signing CA certificates and the time, and answers with
every step of ICAO's passive authentication (Doc 9303-11 5.1): a portrait that may serve as a reference, or which step
failed. Nothing that a document says about itself, lengths first, is trusted before it is checked; a reference day comes
in, because two digits of a year mean nothing without one.
"""

from countenance.documents.chip import (
    STEPS,
    CscaStore,
    LeftOut,
    PortraitLimits,
    Standing,
    build_store,
    check_chip,
    read_chip,
    read_files,
    read_folder,
    read_json,
    read_named,
    read_store,
)
from countenance.documents.manifest import ManifestLimits, read_manifest
from countenance.documents.portrait_folder import PortraitFolder
from countenance.documents.zone import check_digit, read_mrz

__all__ = [
    "STEPS", "CscaStore", "LeftOut", "ManifestLimits", "PortraitFolder", "PortraitLimits",
    "Standing", "build_store", "check_chip",
    "check_digit", "read_chip", "read_files", "read_folder", "read_json", "read_manifest", "read_mrz", "read_named",
    "read_store",
]  # fmt: skip
