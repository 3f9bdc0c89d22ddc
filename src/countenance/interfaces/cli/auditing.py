"""``audit``: the outsider's check, told in words. Opens no site: reads a log's files and the files it is given."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import RenderableType
from rich.text import Text
from typer import BadParameter

from countenance.audit import (
    Findings,
    Folder,
    Source,
    Web,
    as_csv,
    audit_remembering,
    state_file,
    summed,
)
from countenance.interfaces.cli.exits import NOT_AS_EXPECTED, OK
from countenance.interfaces.cli.said import Said
from countenance.interfaces.cli.tables import two_columns

_MOST_GAPS = 20


@dataclass(frozen=True, slots=True)
class Auditing:
    """What an auditor gives besides the log and its key."""

    bodies: Path | None = None
    receipts: Sequence[Path] = ()
    witnesses: Sequence[str] = ()
    quorum: int | None = None
    state: Path | None = None
    """None: in the user's state folder; ``NO_STATE``: nothing is remembered."""
    stale_after_s: int = 86_400
    census: Path | None = None


def audit(log: str, key: Path, given: Auditing) -> Said:
    """Audit a site's log, a copy of one or one on a web server; any fault makes the status 1 and is named."""
    source, vkey = source_of(log), key.read_text("utf-8", "replace")
    with closing(source):
        findings = audit_remembering(
            source, vkey, given.state or state_file(os.environ, Path.home(), vkey), bodies=given.bodies,
            receipts=given.receipts, witnesses=given.witnesses, quorum=given.quorum,
            stale_after_ms=given.stale_after_s * 1000, now_ms=time.time_ns() // 1_000_000,
        )  # fmt: skip
    if given.census is not None and findings.census is not None:
        given.census.write_text(as_csv(findings.census), "utf-8")
    return Said(findings.as_json(), (*_lines(findings), *_census(findings)), OK if findings.ok else NOT_AS_EXPECTED)


def source_of(log: str) -> Source:
    """Return where a log is read from: a web address, ``log/`` of a site, or a folder.

    Raises:
        BadParameter: it is neither a folder nor an address.
    """
    if log.startswith(("http://", "https://")):
        try:
            return Web.at(log)
        except ValueError as error:
            raise BadParameter(f"{error}.") from error
    if not Path(log).is_dir():
        raise BadParameter(f"There is no folder {log}.")
    return Folder(log_folder(Path(log)))


def log_folder(folder: Path) -> Path:
    """Return the folder that holds ``checkpoint`` and ``tile/``: ``log/`` of a site, or the folder itself."""
    inside = folder / "log"
    return inside if inside.is_dir() else folder


def _lines(findings: Findings) -> list[Text]:
    lines = [
        Text.assemble(
            ("ok     " if check.passed else "FAULT  ", "green" if check.passed else "bold red"), check.sentence
        )
        for check in findings.checks
    ]
    lines += [Text.assemble(("FAULT  ", "bold red"), fault.sentence, f" [{fault.code}]") for fault in findings.faults]
    if findings.faults_left_out:
        lines.append(Text(f"FAULT  … and {findings.faults_left_out} more."))
    lines += [Text(f"       Signed by {one.name}+{one.key_id} too, not a witness given.") for one in findings.strangers]
    last = f"No fault: {findings.origin}, {findings.tree_size} leaves." if findings.ok else "The log does not hold."
    return [*lines, Text(last)]


def _census(findings: Findings) -> list[RenderableType]:
    """Return the sums, and the encounters of which something is missing."""
    census = findings.census
    if census is None:
        return []
    rows = [row for row in census.rows if row.gaps]
    table = two_columns((row.encounter, f"{row.decision}: {'; '.join(row.gaps)}") for row in rows[:_MOST_GAPS])
    more = [Text(f"… and {len(rows) - _MOST_GAPS} more with gaps.")] if len(rows) > _MOST_GAPS else []
    gaps: list[RenderableType] = [Text(), table, *more] if rows else []
    return [Text(), two_columns(summed(census)), *gaps]
