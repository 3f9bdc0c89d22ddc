"""``transparency``: what the site tells everybody, and an auditor's word that it agrees with the record."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from rich.table import Table

from countenance.audit import audit as audit_log
from countenance.bootstrap.publishing import accept_statement, check_statement, make_statement, read_json
from countenance.interfaces.cli.auditing import log_folder
from countenance.interfaces.cli.exits import NOT_AS_EXPECTED, OK
from countenance.interfaces.cli.said import Said
from countenance.interfaces.cli.way import doors
from countenance.interfaces.transparency_page import transparency_page
from countenance.site import Site
from countenance.terms import Instant


def show(site: Path, out: Path | None, key_file: Path | None) -> Said:
    """Show what is told; ``out`` also gets it, as a page where its name ends in .html."""
    with doors(site, key_file) as door:
        document = door.transparency()
    if out is not None:
        _write(out, document)
    return Said(data=document, shown=(_charters(document), _counts(document["counts"]), *_word(document["statement"])))


def _write(out: Path, document: Mapping[str, Any]) -> None:
    data = json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
    if out.suffix == ".html":
        style = files("countenance.interfaces") / "static" / "transparency.css"
        data = transparency_page(data, style.read_text("utf-8"))
    out.write_bytes(data)


def _charters(document: Mapping[str, Any]) -> Table:
    table = Table("charter in force", "purpose", "law", box=None)
    for one in document["charters"]:
        table.add_row(f"{one['charter']} v{one['version']}", one["purpose"], one["legal_basis"])
    return table


def _counts(counts: Mapping[str, Any]) -> Table:
    table = Table("where", "what", "told", "last told", box=None)
    for one in counts["series"]:
        last = one["told"][-1] if one["told"] else None
        days = "" if last is None else f"{last['number']} ({last['since']} to {last['until']})"
        number = "not used here" if not one["used"] else "not told yet" if one["number"] is None else str(one["number"])
        table.add_row(one["checkpoint"] or "the site", one["kind"], number, days)
    return table


def _word(statement: Mapping[str, Any] | None) -> tuple[str, ...]:
    if statement is None:
        return ("No auditor has stated yet that these numbers agree with the record.",)
    return (
        f"{statement['auditor']} stated on {statement['stated_at'][:10]} that {statement['numbers']} numbers agree.",
    )


def statement(  # noqa: PLR0917 - everything an auditor has in hand
    document: Path, log: Path, log_key: Path, bodies: Path, key: Path, auditor: str, out: Path
) -> Said:
    """Audit the log with the bundle, count again, and sign where everything agrees."""
    now, bundle = time.time_ns() // 1_000_000, bodies.read_bytes()
    findings = audit_log(log_folder(log), log_key.read_text("utf-8", "replace"), bodies=bundle, now_ms=now)
    if not findings.ok:
        first = findings.faults[0]
        said = f"The record itself does not hold, so nothing was signed. {first.code}: {first.sentence}"
        return Said({"log": findings.as_json(), "signed": False}, (said,), NOT_AS_EXPECTED)
    found, made = make_statement(
        read_json(document.read_bytes(), "document"), read_json(bundle, "bundle"),
        key=key, auditor=auditor, now=Instant(now),
    )  # fmt: skip
    if made is None:
        return Said(
            {"faults": list(found.faults), "signed": False},
            (*(f"FAULT  {fault}" for fault in found.faults), "Nothing was signed."), NOT_AS_EXPECTED,
        )  # fmt: skip
    out.write_text(json.dumps(made, ensure_ascii=False, indent=2) + "\n", "utf-8")
    told = f"{found.counted_again} numbers counted again, all agree; {found.too_old} are older than the record keeps."
    return Said({"statement": made, "signed": True}, (told, f"Signed as {auditor}: {out}"))


def verify(statement: Path, document: Path) -> Said:
    """Check a statement against a document."""
    data = statement.read_bytes()
    found = check_statement(data, read_json(document.read_bytes(), "document"))
    return _checked(data, found, "Whose key it is, ask the auditor.")


def accept(site: Path, statement: Path, key_file: Path | None) -> Said:
    """Let a site show a statement."""
    with doors(site, key_file) as door:
        document = door.transparency()
    data = statement.read_bytes()
    return _checked(data, accept_statement(Site.open(site), data, document), "The public page shows it.")


def _checked(data: bytes, found: tuple[tuple[str, bool], ...], last: str) -> Said:
    holds = all(held for _, held in found)
    made = read_json(data, "statement")
    lines = [f"{'ok   ' if held else 'FAULT'}  {sentence}" for sentence, held in found]
    whose = f"By {made['auditor']}, key {made['key']}."
    return Said(
        {"holds": holds, "checks": [{"check": words, "holds": held} for words, held in found], "statement": made},
        (*lines, whose, last if holds else "The statement does not hold."), OK if holds else NOT_AS_EXPECTED,
    )  # fmt: skip
