"""Stored galleries: nothing in the clear, and the same answers after a restart and after kill -9."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from countenance.gallery import InMemoryGalleries
from countenance.storage import check_integrity
from countenance.storage.tables import vault_items, vault_keys
from countenance.terms import GalleryInfo, Instant, Template
from fakes.database import database, transactions
from fakes.faces import WEIGHTS, crowd, plain_search, reference

CARD = GalleryInfo("g", "gate-1", "c" * 64, WEIGHTS, open=True, size=0, searches=0, opened_at=Instant(5))
ROWS = crowd(200)
PROBES = [Template(row, WEIGHTS) for row in crowd(5, seed=2)]


def test_templates_are_sealed_per_person_and_gallery(tmp_path: Path) -> None:
    """No file holds a template in the clear, each person has a key in each gallery, ids say nothing."""
    engine = database(tmp_path)
    with transactions(engine, tmp_path).write() as unit:
        unit.galleries.create(CARD)
        for name, person in (("r1", "p1"), ("r2", "p1"), ("r3", "p2")):
            unit.galleries.add(
                "g", reference(name, ROWS[0], person), retention="kept", expires_at=Instant(77), now=Instant(1)
            )
        unit.commit()
    assert not any(ROWS[0].tobytes()[:32] in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    with engine.connect() as connection:
        assert set(connection.execute(select(vault_keys.c.subject, vault_keys.c.purpose)).all()) == {
            ("g/p1", "reference"), ("g/p2", "reference"),
        }  # fmt: skip
        items = connection.execute(select(vault_items)).all()
    engine.dispose()
    assert {(item.purpose, item.retention, item.expires_at) for item in items} == {("reference", "kept", 77)}
    assert len({item.item_id for item in items}) == 3
    assert not any("r1" in item.item_id or "p1" in item.item_id for item in items)


ENROLLER = """
import sys
from pathlib import Path
from countenance.terms import Instant
from fakes.database import database, transactions
from fakes.faces import reference
from test_data import CARD, ROWS

folder = Path(sys.argv[1])
work = transactions(database(folder), folder)
with work.read() as unit:
    known = unit.galleries.get("g") is not None
if not known:
    with work.write() as unit:
        unit.galleries.create(CARD)
        unit.commit()
for number in range(int(sys.argv[2]), len(ROWS)):
    with work.write() as unit:
        unit.galleries.add(
            "g", reference(f"r{number:03d}", ROWS[number]), retention="r", expires_at=Instant(99), now=Instant(1)
        )
        if number % 3 == 2:
            unit.galleries.remove("g", f"r{number - 1:03d}")
        unit.commit()
    print(number, flush=True)
"""


def acknowledged(folder: Path, begin: int, stop_after: int) -> int:
    """Run the enroller from row ``begin``, kill it with SIGKILL, and return the last row it acknowledged."""
    (folder / "code").mkdir(exist_ok=True)
    (folder / "code" / "test_data.py").write_text(
        "from countenance.terms import GalleryInfo, Instant\nfrom fakes.faces import WEIGHTS, crowd\n"
        f"CARD = {CARD!r}\nROWS = crowd(200)\n"
    )
    paths = f"import sys; sys.path[:0] = [{str(Path(__file__).parents[2])!r}, {str(folder / 'code')!r}]\n"
    process = subprocess.Popen(
        [sys.executable, "-c", paths + ENROLLER, str(folder), str(begin)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    last = begin - 1
    for line in process.stdout:
        last = int(line)
        if last >= begin + stop_after:
            break
    process.send_signal(signal.SIGKILL)
    later = process.stdout.read().split()
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    return int(later[-1]) if later else last


def expected(upto: int) -> set[str]:
    """Return who is enrolled once rows 0 … ``upto`` were acknowledged."""
    removed = {number - 1 for number in range(upto + 1) if number % 3 == 2}
    return {f"r{number:03d}" for number in range(upto + 1) if number not in removed}


def test_kill_loses_nothing_and_searches_are_the_same(tmp_path: Path) -> None:
    """After each kill -9 and restart the gallery holds all that was acknowledged, and at most the row in flight."""
    begin = 0
    for stop_after in (0, 7, 16):
        last = acknowledged(tmp_path, begin, stop_after)
        engine = database(tmp_path)
        check_integrity(engine)
        with transactions(engine, tmp_path).read() as unit:
            stored = {each.reference_id: each.template.values for each in unit.galleries.references("g")}
            galleries = InMemoryGalleries()
            galleries.load(unit.galleries, 128)
        engine.dispose()
        assert set(stored) in (expected(last), expected(last + 1))
        truth = {name: ROWS[int(name[1:])] for name in stored}
        for probe in PROBES:
            assert galleries.search("g", probe, 10) == tuple(plain_search(truth, probe.values)[:10])
        begin = last + 1 if set(stored) == expected(last) else last + 2


@pytest.mark.parametrize("again", [1, 3])
def test_restart_changes_no_answer(tmp_path: Path, again: int) -> None:
    """A gallery that was added to and removed from answers the same from the live slab and after every restart."""
    engine = database(tmp_path)
    work, live = transactions(engine, tmp_path), InMemoryGalleries()
    with work.write() as unit:
        unit.galleries.create(CARD)
        live.open("g", WEIGHTS, 128)
        for number, row in enumerate(ROWS):
            unit.galleries.add("g", reference(f"r{number}", row), retention="r", expires_at=Instant(99), now=Instant(1))
            live.add("g", [reference(f"r{number}", row)])
        for number in range(0, 200, 7):
            assert unit.galleries.remove("g", f"r{number}")
            live.remove("g", f"r{number}")
        unit.commit()
    engine.dispose()
    for _ in range(again):
        engine = database(tmp_path)
        loaded = InMemoryGalleries()
        with transactions(engine, tmp_path).read() as unit:
            loaded.load(unit.galleries, 128)
        engine.dispose()
        assert [loaded.search("g", probe, 12) for probe in PROBES] == [live.search("g", probe, 12) for probe in PROBES]
