"""The chip (Doc 9303-10 to -12): its files and a store of national certificates in, twelve steps and a portrait out.

``passport`` is the story; ``sod_steps``, ``chain_steps`` and ``group_steps`` are its steps. ``lds``, ``dg2`` and
``cms`` read what a chip holds, ``certificates``, ``public_keys`` and ``curves`` what states sign, ``csca`` whom to
believe; ``portrait`` decodes the face in a process that cannot harm. ``files`` says where a chip's bytes come from.
"""

from countenance.documents.chip.csca import CscaStore, LeftOut, Standing, build_store
from countenance.documents.chip.csca_files import read_store
from countenance.documents.chip.files import read_chip, read_files, read_folder, read_json, read_named
from countenance.documents.chip.passport import check_chip
from countenance.documents.chip.portrait import PortraitLimits
from countenance.documents.chip.steps import STEPS

__all__ = [
    "STEPS", "CscaStore", "LeftOut", "PortraitLimits", "Standing", "build_store", "check_chip", "read_chip",
    "read_files", "read_folder", "read_json", "read_named", "read_store",
]  # fmt: skip
