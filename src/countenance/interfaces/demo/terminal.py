"""The demo in the terminal: tables of crossings as they went, then what outsiders can check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from countenance.interfaces.demo.flight_told import boarding_told, destruction_told, end_told, manifest_told
from countenance.interfaces.demo.play import Crossed
from countenance.interfaces.demo.settling import told
from countenance.interfaces.demo.shown import Shown
from countenance.interfaces.demo.words import NEXT, OUTCOME, STAGES, stages_in_line
from countenance.interfaces.shown import evidence_of
from countenance.procedures import Lane
from countenance.terms import Mode, NextStep, Outcome, Reply

_STYLE = {NextStep.PROCEED: "green", NextStep.REFER_TO_OFFICER: "yellow"}

_COLUMNS = ("#", "who claims what", "outcome and why", "point", "receipt", "ms by stage", "")
_SPOKEN = str.maketrans({"-": " ", "_": " ", ".": ": "})
"""Codes as words, so that a narrow terminal can break them; the page and ``--json`` have the codes themselves."""
_STAGES = "ms by stage: " + ", ".join(STAGES)


def tables(shown: Shown) -> tuple[RenderableType, ...]:
    """Return everything the demo prints at its end."""
    land = [item for item in shown.crossings if item.scene.mode is Mode.VERIFY]
    air = [item for item in shown.crossings if item.scene.mode is Mode.IDENTIFY]
    return (
        _crossings("Land-pedestrian lane: document's portrait against live photograph", shown.land, land, 1),
        *told(shown.settled),
        *manifest_told(shown.flight),
        _crossings("\nAir gate: live photograph in one flight's closed gallery", shown.air, air, len(land) + 1),
        *boarding_told(shown.flight),
        *end_told(shown),
        *_denied(shown),
        *_record(shown),
        Text("\nPhotographs:", style="bold"),
        *(Text(f"  {credit.text}", style="dim") for credit in shown.credits),
    )


def _crossings(title: str, lane: Lane, crossings: Sequence[Crossed], first: int) -> Table:
    table = Table(
        title=f"{title}\noperating point {lane.point.sha256[:8]} ({evidence_of(lane)}): {lane.point.label}\n{_STAGES}",
        title_justify="left", title_style="bold", pad_edge=False, box=None, padding=(0, 1),
    )  # fmt: skip
    for name in _COLUMNS:
        table.add_column(name, overflow="fold", no_wrap=name == "ms by stage")
    for number, crossed in enumerate(crossings, start=first):
        for attempt, reply in enumerate(crossed.replies):
            table.add_row(str(number) if attempt == 0 else "", *_row(crossed, attempt, reply))
    return table


def _row(crossed: Crossed, attempt: int, reply: Reply) -> Iterable[RenderableType]:
    last = attempt == len(crossed.replies) - 1
    used = reply.operating_point and reply.outcome is not Outcome.RETRY
    code = reply.reason or (reply.rules[-1].rule_id if reply.rules else "")
    why = code.translate(_SPOKEN) or "chose not to be compared"
    style = _STYLE.get(reply.next_step, "cyan")
    yield _claim(crossed) if attempt == 0 else f"{crossed.scene.traveller} again\n{crossed.scene.live[attempt]}"
    yield Text.assemble((f"{OUTCOME[reply.outcome]}: {NEXT[reply.next_step]}", style), "\n", why)
    yield reply.operating_point[:8] if used else "none"
    yield reply.receipt.commitment[:8]
    yield stages_in_line(reply) or f"{crossed.frames} frames decoded"
    yield ("✓" if crossed.as_expected else "✗ NOT EXPECTED") if last else ""


def _claim(crossed: Crossed) -> str:
    scene = crossed.scene
    files = ", ".join(name for name in (scene.portrait, *scene.live[:1]) if name)
    return f"{scene.traveller}, {scene.age}\n" + (files or ("refuses" if scene.refuses else "no photograph"))


def _denied(shown: Shown) -> Iterable[RenderableType]:
    """Yield what was not allowed, the refusal, and the rules that were asked."""
    yield Text("\nNot allowed, and why (countenance charter explain)", style="bold")
    for item in shown.denied:
        yield Text.assemble((f"{item.asks}: {item.code}", "yellow"), "  ✓" if item.as_expected else "  ✗ NOT EXPECTED")
        for finding in item.explanation.findings:
            yield Text(f"  {'passes' if finding.passes else 'DENIES'}  {finding.rule_id}: {finding.sentence}")


def _record(shown: Shown) -> Iterable[RenderableType]:
    proof = shown.proof
    yield Text(
        f"\nThe log: {proof.entries} entries published in padded batches, {proof.tree_size} leaves; audited:",
        style="bold",
    )
    for words, held in proof.checks:
        yield Text.assemble(("  ✓ " if held else "  ✗ ", "green" if held else "bold red"), words)
    yield from destruction_told(shown)
    yield Text(f"  ✓ one flipped byte in a copy ({proof.flipped}) is found: {proof.found}" if proof.found
               else f"  ✗ a flipped byte in a copy ({proof.flipped}) was NOT found")  # fmt: skip
