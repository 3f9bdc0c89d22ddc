"""Records of the first version stay verifiable: what was written then is audited by today's code in every run."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from countenance.audit import audit
from fakes.record_site import LATER

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_old_records_stay_verifiable(golden: Path, tmp_path: Path) -> None:
    """A log, an export with an erased person in it, and receipts, as an older version handed them out, all hold."""
    held = json.loads(golden.read_text("utf-8"))
    for name, data in held["files"].items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(base64.b64decode(data))
    receipts = [json.dumps(receipt).encode() for receipt in held["receipts"]]
    findings = audit(
        tmp_path, held["vkey"], bodies=json.dumps(held["bodies"]).encode(), receipts=receipts, now_ms=LATER
    )
    assert findings.ok, findings.faults
    assert (findings.counts.entries, findings.counts.bodies, findings.counts.receipts) == (64, 3, 3)
    assert findings.counts.bodies_without_personal == 1
