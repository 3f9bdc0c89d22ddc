"""``charter check``: what a starting service would say about a charter."""

from __future__ import annotations

import time
from pathlib import Path

from rich.table import Table

from countenance.bootstrap.looking import check_charter
from countenance.bootstrap.points import trusted_near
from countenance.interfaces.cli.exits import NOT_AS_EXPECTED, OK
from countenance.interfaces.cli.points import weaknesses
from countenance.interfaces.cli.said import Said
from countenance.interfaces.durations import duration
from countenance.terms import Charter, Instant, iso


def check(file: Path) -> Said:
    """Parse a charter and tell what it allows; status 1 when it is valid but not in force today."""
    charter = check_charter(file.read_bytes())
    in_force = charter.in_force(Instant(time.time_ns() // 1_000_000))
    rows = {
        "sha256": charter.sha256,
        "charter": charter.charter_id,
        "profile": charter.profile + (" (trial)" if charter.trial else ""),
        "purpose": charter.purpose,
        "legal basis": charter.legal_basis,
        "controller": charter.controller,
        "contact": charter.contact,
        "place": charter.place,
        "checkpoints": ", ".join(item.checkpoint_id for item in charter.checkpoints),
        "mode": charter.mode,
        "attended": "yes" if charter.attended else "no",
        "may refuse": ", ".join((*charter.may_opt_out, "unknown")),
        "kept for": ", ".join(f"{item.retention_class} {duration(item.seconds)}" for item in charter.retention),
        "gallery size": str(charter.max_gallery_size),
        "operating point": charter.operating_point,
        "evidence": _evidence(file, charter),
        "in force": f"{iso(charter.valid_from)} to {iso(charter.valid_until)}" + ("" if in_force else ": NOT NOW"),
        "review": charter.review_reference,
    }
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in rows.items():
        table.add_row(name, value)
    verdict = "Valid and in force." if in_force else "Valid, but not in force now: nothing would be compared."
    return Said(
        data={**rows, "valid": True, "in_force": in_force},
        shown=(verdict, table),
        status=OK if in_force else NOT_AS_EXPECTED,
    )


def _evidence(file: Path, charter: Charter) -> str:
    """Return what stands behind the threshold, as far as can be seen from where the charter lies."""
    found = trusted_near(file).get(charter.operating_point)
    if found is None:
        return "not here: neither packaged nor signed by the site whose charters/ this file lies in"
    return f"{found.point.label} ({', '.join(weaknesses(found.point, charter.mode)) or 'measured'})"
