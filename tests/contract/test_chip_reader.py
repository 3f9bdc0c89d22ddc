"""What every ``ChipReader`` must do, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import emrtd_maker as maker
from countenance.documents import read_chip
from countenance.errors import DocumentError
from countenance.ports import ChipReader
from countenance.terms import ChipFile
from fakes.chip_reader import SimulatedReader

GROUPS = {1: maker.dg1(), 2: maker.dg2(maker.picture()), 3: b"\x63\0", 14: b"\x6e\0"}
CHIP = maker.issue(groups=GROUPS, listed=[1]).chip

READERS: dict[str, Callable[[], ChipReader]] = {
    "simulated": lambda: SimulatedReader(CHIP, guarded=frozenset({ChipFile.DG3})),
}


@pytest.mark.parametrize("make", READERS.values(), ids=READERS)
def test_files_come_whole_or_not_at_all(make: Callable[[], ChipReader]) -> None:
    """A file that is there comes as it is; one that is not, or is guarded, is None."""
    reader = make()
    assert reader.read(ChipFile.DG1) == CHIP.files[ChipFile.DG1]
    assert reader.read(ChipFile.DG3) is None
    assert reader.read(ChipFile.DG16) is None


@pytest.mark.parametrize("make", READERS.values(), ids=READERS)
def test_what_is_signed_is_asked_for(make: Callable[[], ChipReader]) -> None:
    """The groups that EF.SOD lists are read, whatever EF.COM says of them."""
    assert set(read_chip(make()).files) == {ChipFile.COM, ChipFile.SOD, ChipFile.DG1, ChipFile.DG2, ChipFile.DG14}


def test_fingers_and_irises_are_not_asked_for() -> None:
    """DG3 and DG4 are never asked for."""
    reader = SimulatedReader(CHIP)
    read_chip(reader)
    assert not {ChipFile.DG3, ChipFile.DG4} & set(reader.asked)


def test_a_chip_that_is_taken_away_is_an_error() -> None:
    """A reader that loses the chip says so; nothing of what came before is used."""
    with pytest.raises(DocumentError) as caught:
        read_chip(SimulatedReader(CHIP, answers=2))
    assert caught.value.code == "chip.reader"


def test_a_chip_without_a_security_object_is_an_error() -> None:
    """Without EF.SOD there is nothing to ask for."""
    with pytest.raises(DocumentError) as caught:
        read_chip(SimulatedReader(CHIP, guarded=frozenset({ChipFile.SOD})))
    assert caught.value.code == "chip.tlv_cut_short"
