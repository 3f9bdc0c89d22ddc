"""Papers become claims: the chip of a travel document is read, checked, and only then believed.

:func:`check_chip` takes the bytes of a chip (EF.COM, EF.SOD, data groups), a store of Country Signing CA certificates
and the time, and answers with every step of ICAO's passive authentication (Doc 9303-11 5.1): a portrait that may serve
as a reference, or which step failed. Bytes come from a folder, from JSON or from a
:class:`countenance.ports.ChipReader`. Nothing that a document says about itself, lengths first, is trusted before it is
checked.
"""

from countenance.documents.chip_files import read_chip, read_files, read_folder, read_json
from countenance.documents.csca import CscaStore, LeftOut, Standing, build_store
from countenance.documents.csca_files import read_store
from countenance.documents.passport import check_chip
from countenance.documents.portrait import PortraitLimits
from countenance.documents.steps import STEPS

__all__ = [
    "STEPS",
    "CscaStore",
    "LeftOut",
    "PortraitLimits",
    "Standing",
    "build_store",
    "check_chip",
    "read_chip",
    "read_files",
    "read_folder",
    "read_json",
    "read_store",
]
