"""What every store of signed acts promises: they come back in order, as they were, and a number is used once."""

from __future__ import annotations

from pathlib import Path

import pytest

from countenance.custody import SqlActStore
from countenance.errors import StorageError
from countenance.terms import ActKind, Instant, SignedAct
from fakes.database import database

SIGNED = SignedAct(1, ActKind.CHARTER, "land.yaml", "a" * 64, "land", 2, Instant(2**45), bytes(64))
WITHDRAWN = SignedAct(2, ActKind.POLICY, "nächtlich.cedar", "", "", 0, Instant(5), b"\xff" * 64)


def test_acts_come_back_in_order_until_their_key_is_lost(tmp_path: Path) -> None:
    """Acts return by number, field by field; one number is one act; cleared, none is left."""
    engine = database(tmp_path)
    with engine.connect() as connection:
        store = SqlActStore(connection)
        assert store.all() == ()
        store.add(WITHDRAWN)
        store.add(SIGNED)
        assert store.all() == (SIGNED, WITHDRAWN)
        store.clear()
        assert store.all() == ()
        store.add(SIGNED)
        with pytest.raises(StorageError):
            store.add(SIGNED)
    engine.dispose()
