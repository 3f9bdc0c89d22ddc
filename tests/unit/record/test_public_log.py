"""What the log refuses to be made with, and how it is made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from countenance.errors import ConfigurationError, RecordError
from countenance.record import PublicLog
from countenance.record.note import read_head
from fakes.record_site import ORIGIN, START, RecordSite


@pytest.fixture
def site(tmp_path: Path) -> RecordSite:
    """Return a new site."""
    return RecordSite(tmp_path)


def made(site: RecordSite, origin: str = ORIGIN, batch_ms: int = 1, include_within_ms: int = 1) -> PublicLog:
    """Return a log with these settings over the site's record."""
    return PublicLog(
        site.transactions,
        site.key,
        site.logs,
        origin,
        site.entropy,
        batch_ms=batch_ms,
        include_within_ms=include_within_ms,
    )


@pytest.mark.parametrize("batch_ms,include_within_ms", [(0, 10), (-1, 10), (11, 10)])
def test_a_promise_that_cannot_be_kept_is_not_made(site: RecordSite, batch_ms: int, include_within_ms: int) -> None:
    """Batches further apart than the promise of inclusion refuse to start."""
    with pytest.raises(ConfigurationError) as caught:
        made(site, batch_ms=batch_ms, include_within_ms=include_within_ms)
    assert caught.value.code == "config.log_times"


def test_an_origin_that_cannot_be_signed_is_refused(site: RecordSite) -> None:
    """The origin is a line and a key's name."""
    with pytest.raises(RecordError) as caught:
        made(site, origin="two words")
    assert caught.value.code == "log.origin"


def test_another_origin_does_not_take_over_a_log(site: RecordSite) -> None:
    """A site whose origin was changed does not go on under the new name."""
    site.log.publish(START)
    for step in (made(site, origin="other.example/log").repair, made(site, origin="other.example/log").head):
        with pytest.raises(RecordError) as caught:
            step()
        assert caught.value.code == "log.note"


def test_a_new_log_has_a_checkpoint_after_start(site: RecordSite) -> None:
    """From its first start on, a log can be audited: it states that it is empty."""
    site.log.repair()
    assert set(site.files()) == {"checkpoint"}
    assert site.audited().ok


def test_an_export_states_the_tree_it_was_made_of(site: RecordSite) -> None:
    """Origin, time, size, signed head and the bodies; plain JSON."""
    site.record(2)
    head = site.log.publish(START)
    site.record()
    with site.transactions.read() as tx:
        bundle = site.log.export_bundle(tx, START)
    assert json.loads(json.dumps(bundle)) == bundle
    assert {**bundle, "entries": None} == {
        "format": "countenance/bodies/v1",
        "origin": ORIGIN,
        "exported_at": "2026-05-28T20:26:40.000Z",
        "tree_size": 64,
        "tree_head": head.note,
        "chain": site.key.sign(b"countenance/chain/v1\n").hex(),
        "entries": None,
    }
    assert read_head(str(bundle["tree_head"]), ORIGIN, site.key.public_key) == head
    assert len(bundle["entries"]) == 3  # type: ignore[arg-type]  # a list


def test_a_tile_that_lies_gives_no_proof(site: RecordSite) -> None:
    """A proof made from a changed tile is found out before it is handed over."""
    (entry,) = site.record()
    site.log.publish(START)
    tile = site.logs / "tile/0/000.p/64"
    tile.write_bytes(bytes(len(tile.read_bytes())))
    with pytest.raises(RecordError) as caught:
        site.log.prove(entry.commitment)
    assert caught.value.code == "log.unreadable"
    assert "restart" in caught.value.remedy.lower()
