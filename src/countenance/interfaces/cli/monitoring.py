"""``tally``, ``clearance``, ``drift``: note what was seen, and show what the site's counts say."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from typer import BadParameter

from countenance.interfaces.cli.exits import NOT_AS_EXPECTED, OK
from countenance.interfaces.cli.said import Said
from countenance.interfaces.cli.way import doors
from countenance.interfaces.durations import parse_day
from countenance.terms import DAY_MS, Clearance, ClearanceReason, Receipt, Tally, TallySource

if TYPE_CHECKING:
    from rich.console import RenderableType

_UNKNOWN = "insufficient data"


def tally_of(checkpoint: str, presented: int, exempt: int, source: str, day: str, *, replaces: bool) -> Tally:
    """Return a tally; no day means today."""
    if source not in set(TallySource):
        raise BadParameter(f"--source is one of {', '.join(TallySource)}.")
    when = _day(day) if day else time.time_ns() // 1_000_000 // DAY_MS
    return Tally(checkpoint, when, presented, exempt, TallySource(source), replaces)


def clearance_of(checkpoint: str, reason: str, people: int, encounter: str, words: str) -> Clearance:
    """Return a clearance."""
    if reason not in set(ClearanceReason):
        raise BadParameter(f"--reason is one of {', '.join(ClearanceReason)}.")
    return Clearance(checkpoint, ClearanceReason(reason), people, encounter, words)


def tally(site: Path, noted: Tally, key_file: Path | None) -> Said:
    """Note a tally."""
    with doors(site, key_file) as door:
        receipt = door.note_tally(noted)
    return _noted(f"{noted.presented} people presented at {noted.checkpoint_id!r} are noted.", receipt)


def clearance(site: Path, noted: Clearance, key_file: Path | None) -> Said:
    """Note people cleared by hand."""
    with doors(site, key_file) as door:
        receipt = door.note_clearance(noted)
    return _noted(f"Cleared by hand at {noted.checkpoint_id!r}: {noted.people} ({noted.reason}), noted.", receipt)


def drift(site: Path, since: str, key_file: Path | None) -> Said:
    """Show the report; status 1 when there is a signal."""
    first = _day(since) if since else None
    with doors(site, key_file) as door:
        report = door.monitoring(first)
    shown: list[RenderableType] = [f"{report['since']} to {report['until']}, days in UTC"]
    for checkpoint in report["checkpoints"]:
        shown += [f"\n{checkpoint['checkpoint']}", _figures(checkpoint), *_groups(checkpoint["groups"])]
    signals = report["signals"]
    shown.append("\nSignals (each is in the record):" if signals else "\nNo signal.")
    shown += [f"  {one['at']}  {one['checkpoint']}  {one['monitor']}: {one['detail']}" for one in signals]
    return Said(data=report, shown=tuple(shown), status=NOT_AS_EXPECTED if signals else OK)


def _day(text: str) -> int:
    try:
        return parse_day(text)
    except ValueError as error:
        raise BadParameter(f"{text!r} is no day; write it like 2026-12-01.") from error


def _noted(sentence: str, receipt: Receipt) -> Said:
    return Said(data={"receipt": asdict(receipt)}, shown=(sentence, f"receipt  {receipt.commitment}"))


def _figures(checkpoint: Mapping[str, Any]) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in (*_counts(checkpoint["denominators"]), *_rates(checkpoint), *_tests(checkpoint)):
        table.add_row(name, value)
    return table


def _counts(counted: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    if counted is None:
        yield "presented", "no usable tally, or fewer than 10 people in scope (see 'countenance tally')"
        return
    yield "presented", f"{counted['presented']}, of these {counted['exempt']} exempt, {counted['in_scope']} in scope"
    yield "captured", f"{counted['captured']}; matched {counted['matched']}; opted out {counted['opted_out']}"
    yield "cleared by hand", _cells(counted["cleared"])
    yield "sent to manual check", _cells(counted["missed"])
    yield "unexplained", str(counted["unexplained"])
    yield "lost", ", ".join(f"{cell['cell']} {cell['people']}" for cell in counted["budget"])
    for key, words in (("days_without_tally", "without a tally"), ("days_inconsistent", "with too small a tally")):
        if counted[key]:
            yield "left out", f"{counted[key]} days {words}"


def _cells(cells: Mapping[str, Any]) -> str:
    shown = [f"{cell['cell']} {cell['people']}" for cell in cells["shown"]]
    kept = [f"{cells['hidden']} reasons with fewer than 10 people, or beside such"] if cells["hidden"] else []
    return ", ".join(shown + kept) or "nobody"


def _rates(checkpoint: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "captured ÷ in scope", _rate(checkpoint["capture_rate"])
    yield "matched ÷ captured", _rate(checkpoint["match_rate"])
    yield "matched ÷ in scope", _rate(checkpoint["confirmation_rate"])
    yield "opted out ÷ in scope", _rate(checkpoint["refusal_rate"])


def _rate(rate: Mapping[str, Any]) -> str:
    if rate["per_million"] is None:
        return f"{_UNKNOWN} (fewer than {rate['needed']} people)"
    value, low, high = (f"{rate[key] / 10_000:.1f}" for key in ("per_million", "low", "high"))
    return f"{value} % (95 %: {low} to {high}; of {rate['people']} people)"


def _tests(checkpoint: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "wait of refusers", _wait(checkpoint["waiting"])
    yield "match-rate test", _match_test(checkpoint["match_test"])
    tail = checkpoint["tail"]
    if tail["baseline_searches"] or tail["searches"]:
        yield "false match rate", _bound(tail)
        yield (
            "strangers near a match",
            (
                f"in {tail['flagged_searches']} of {tail['searches']} searches (95 %: at most "
                f"{tail['flagged_high_per_million'] / 10_000:.2g} %): false match, relative, or enrolled twice"
            ),
        )
        yield "impostor-tail test", _tail_test(tail)


def _wait(waiting: Mapping[str, Any]) -> str:
    if waiting["gap_low"] is None:
        return f"{_UNKNOWN} (needs 30 people in each group)"
    return (
        f"median {waiting['refused_median']} s, others {waiting['others_median']} s; {waiting['gap_low']} to "
        f"{waiting['gap_high']} s longer (99 %), the charter allows {waiting['limit']}"
    )


def _match_test(test: Mapping[str, Any]) -> str:
    good, bad = (test[key] / 10_000 for key in ("good_per_million", "bad_per_million"))
    return (
        f"stands at {test['total']} of {test['limit']}; a fall from {good:g} to {bad:g} % signals after "
        f"{test['expected_people']} captured people on average, 99 of 100 times within {test['within_people']}; "
        f"false signal in {test['quiet_days']} days at {test['daily_volume']} a day: "
        f"{test['false_alarm_per_million'] / 10_000:.2g} %"
    )


def _bound(tail: Mapping[str, Any]) -> str:
    if tail["bound_per_billion"] is None:
        return f"{_UNKNOWN} (needs 30 strangers at one level, on 10 days)"
    return (
        f"at most {tail['bound_per_billion'] / 1e9:.1e} (97.5 %), from {tail['bound_strangers']} strangers at or above "
        f"{tail['bound_level'] / 100:.2f} in {tail['comparisons']} comparisons"
    )


def _tail_test(tail: Mapping[str, Any]) -> str:
    if tail["learning"]:
        return f"learning: {tail['baseline_searches']} searches so far"
    return (
        f"stands at {tail['total'] / tail['limit']:.0%}; a fivefold rise at the learnt level signals after about "
        f"{tail['expected_searches']} searches"
    )


def _groups(groups: list[Mapping[str, Any]]) -> Iterator[RenderableType]:
    for group in groups:
        if group["rows"]:
            table = Table(group["dimension"], "people", "referred", "no usable photograph", box=None)
            for row in group["rows"]:
                table.add_row(row["cell"], str(row["people"]), _rate(row["referred"]), _rate(row["missed"]))
            yield table
        if group["hidden"]:
            yield f"  {group['dimension']}: {group['hidden']} not shown (fewer than 10 people, or beside such)"
