"""Steps 9, 10 and 12: the data groups are the signed ones, all of them, and the portrait can be seen."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence

from countenance.documents.chip.dg2 import parse_dg2
from countenance.documents.chip.lds import parse_common
from countenance.documents.chip.portrait import PortraitLimits, decode_portrait
from countenance.documents.chip.sod_steps import Sod
from countenance.documents.chip.steps import COMPLETE, HASHES, PORTRAIT
from countenance.errors import DocumentError
from countenance.terms import ChipData, ChipFile, ChipStep, Portrait

_NO_SOD = "EF.SOD could not be read."
_NEEDED = frozenset({1, 2})
_GUARDED = frozenset({3, 4})
"""Fingers and irises: readable only after Terminal Authentication (Doc 9303-11 7.1), so their absence says nothing."""


def check_hashes(chip: ChipData, sod: Sod | None) -> ChipStep:
    """Make step 9: the hash of each group that was read equals the one in EF.SOD."""
    if sod is None:
        return HASHES.not_made(_NO_SOD)
    read = {file.group: data for file, data in chip.files.items() if file.group in sod.groups.hashes}
    changed = [
        number
        for number, data in read.items()
        if not hmac.compare_digest(hashlib.new(sod.groups.hash_name, data).digest(), sod.groups.hashes[number])
    ]
    if changed:
        return HASHES.failed(f"Not what was signed: {_names(changed)}.")
    return HASHES.passed(f"Unchanged: {_names(read)}.") if read else HASHES.not_made("No signed group was read.")


def check_complete(chip: ChipData, sod: Sod | None) -> ChipStep:
    """Make step 10: DG1 and DG2 are there, nothing unsigned is; what was held back, or EF.COM tells otherwise, is told.

    EF.COM is not signed and never trusted: it only may contradict.
    """
    if sod is None:
        return COMPLETE.not_made(_NO_SOD)
    signed = set(sod.groups.hashes)
    there = {file.group for file in chip.files if file.group}
    if there - signed:
        return COMPLETE.failed(f"On the chip, but not signed: {_names(there - signed)}.")
    if not there >= _NEEDED:
        return COMPLETE.failed(f"Missing: {_names(_NEEDED - there)}.")
    told = [f"Signed, but not read: {_names(signed - there - _GUARDED)}."] if signed - there - _GUARDED else []
    common = chip.files.get(ChipFile.COM)
    if common is not None:
        try:
            differ = parse_common(common).groups ^ signed
        except DocumentError as error:
            return COMPLETE.failed(error.message)
        told += [f"EF.COM and EF.SOD disagree about {_names(differ)}."] if differ else []
    return COMPLETE.finding(" ".join(told)) if told else COMPLETE.passed(f"Signed and read: {_names(there)}.")


def see_portrait(
    chip: ChipData, before: Sequence[ChipStep], limits: PortraitLimits | None
) -> tuple[ChipStep, Portrait | None]:
    """Make step 12, only when every step before holds: no decoder sees an image that no state signed."""
    data = chip.files.get(ChipFile.DG2)
    if data is None or not all(step.holds for step in before):
        return PORTRAIT.not_made("An earlier step does not hold, so nothing is decoded."), None
    try:
        portrait = decode_portrait(parse_dg2(data), limits=limits)
    except DocumentError as error:
        return PORTRAIT.failed(error.message), None
    frame = portrait.frame
    size = f"{frame.original_width} x {frame.original_height} pixels"
    return PORTRAIT.passed(f"{portrait.coding.value} in {portrait.record}, {size}."), portrait


def _names(groups: Iterable[int]) -> str:
    return ", ".join(f"DG{number}" for number in sorted(groups))
