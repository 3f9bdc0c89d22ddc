"""What is past its clock goes, with the key that opened it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select

from countenance.custody import sweep
from countenance.errors import VaultError
from countenance.storage import SqlTransactions, tables
from countenance.terms import GalleryInfo, Instant, ItemLabel, Reference, Template
from fakes.database import database, transactions

WEIGHTS = "f" * 64


@pytest.fixture
def work(tmp_path: Path) -> Iterator[SqlTransactions]:
    """Give transactions over a database with three items, due at 10, 20 and 30."""
    engine = database(tmp_path)
    work = transactions(engine, tmp_path)
    with work.write() as unit:
        for due in (10, 20, 30):
            label = ItemLabel(f"due-{due}", f"person/{due}", "personal", "text/v1", "personal", Instant(due))
            unit.vault.seal(label, b"x")
        unit.commit()
    yield work
    engine.dispose()


@pytest.mark.parametrize("now, gone", [(9, 0), (10, 1), (19, 1), (29, 2), (30, 3)])
def test_sweep_takes_what_is_due_and_no_more(work: SqlTransactions, now: int, gone: int) -> None:
    """At its instant an item is gone; before it, it is there; the count is returned."""
    with work.write() as unit:
        assert sweep(unit, Instant(now)).count == gone
        unit.commit()
    with work.read() as unit:
        for due in (10, 20, 30):
            if due <= now:
                with pytest.raises(VaultError):
                    unit.vault.open(f"due-{due}")
            else:
                assert unit.vault.open(f"due-{due}") == b"x"


def test_sweep_destroys_keys_too(work: SqlTransactions) -> None:
    """A subject whose last item went has no key left."""
    with work.write() as unit:
        sweep(unit, Instant(20))
        left = unit._connection.execute(select(tables.vault_keys.c.subject)).scalars().all()
        assert left == ["person/30"]


def test_sweep_leaves_no_reference_without_its_template(work: SqlTransactions) -> None:
    """A gallery whose reference was swept loads without it: row and template go together."""
    with work.write() as unit:
        card = GalleryInfo("g", "gate", "c" * 64, WEIGHTS, open=True, size=0, searches=0, opened_at=Instant(1))
        unit.galleries.create(card)
        for due in (15, 25):
            template = Template(np.eye(4, dtype=np.float32)[0], WEIGHTS)
            reference = Reference(f"r-{due}", f"p-{due}", template)
            unit.galleries.add("g", reference, retention="reference", expires_at=Instant(due), now=Instant(1))
        assert unit.galleries.expire(Instant(15)) == (("g", "r-15"),)
        assert sweep(unit, Instant(15)).count == 2
        assert [reference.reference_id for reference in unit.galleries.references("g")] == ["r-25"]
        count = select(func.count()).select_from(tables.gallery_references)
        assert unit._connection.execute(count).scalar() == 1
