"""What monitoring takes and shows over HTTP. Shares are whole numbers per million, false match rates per billion."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from countenance.interfaces.schemas import Answered, Identifier, Sent
from countenance.terms import ClearanceReason, Monitor, TallySource

Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2026-12-01"])]


class TallyBody(Sent):
    """How many people were presented at a checkpoint on a day; several tallies of a day add up."""

    checkpoint: Identifier = Field(examples=["gate-1"])
    day: Day = Field(description="In UTC.")
    presented: int = Field(ge=0, le=1_000_000, description="Everybody who was there, never attempts.")
    exempt: int = Field(
        0, ge=0, le=1_000_000, description="Of these, people the charter excludes for whom no encounter was opened."
    )
    source: TallySource = Field(strict=False, description="A boarding count goes before an officer's tally.")
    replaces: bool = Field(
        default=False, description="True corrects all earlier tallies of this day, checkpoint and source."
    )


class ClearanceBody(Sent):
    """People who went on after an ordinary check by hand."""

    checkpoint: Identifier = Field(examples=["gate-1"])
    reason: ClearanceReason = Field(strict=False, description="`refused` and `answered` end the wait of an encounter.")
    people: int = Field(1, ge=1, le=1_000_000)
    encounter: str = Field(
        "", pattern="^([0-9a-f]{32})?$", description="The encounter_id that this ends, where one was opened."
    )
    words: str = Field("", max_length=200, description="With `other` only; no names. Kept in the sealed personal part.")


class RateBody(Answered):
    """A share of people with its 95 % interval; without numbers where there were too few people."""

    people: int | None = Field(description="How many the share is of; null when fewer than needed.")
    needed: int = Field(description="People needed for a share.")
    per_million: int | None = Field(description="Null means insufficient data, never zero.")
    low: int | None
    high: int | None


class CellBody(Answered):
    """One reason and its people."""

    cell: str
    people: int


class CellsBody(Answered):
    """Reasons with enough people to be shown."""

    shown: list[CellBody]
    hidden: int = Field(description="How many reasons are kept in: fewer than ten people, or they give such away.")


class DenominatorsBody(Answered):
    """Sums over days with a usable tally."""

    days: int
    days_without_tally: int = Field(description="People crossed and nobody counted them: left out.")
    days_inconsistent: int = Field(description="The tally is smaller than what the service saw: left out.")
    presented: int
    exempt: int = Field(description="Not in scope: nobody of their age may be compared.")
    in_scope: int
    captured: int
    matched: int
    opted_out: int
    unexplained: int = Field(description="In scope, and nobody knows what became of them.")
    cleared: CellsBody
    missed: CellsBody
    budget: list[CellBody] = Field(description="Where people in scope were lost (NISTIR 8381).")


class WaitingBody(Answered):
    """Median waits in whole seconds of those who refused and the others; null where fewer than 30 people waited."""

    refused_median: int | None
    others_median: int | None
    gap_low: int | None = Field(description="Refusers wait at least so much longer (99 %).")
    gap_high: int | None
    limit: int = Field(description="From the charter.")
    exceeds: bool


class MatchRateBody(Answered):
    """The sequential test on matched ÷ captured."""

    total: int
    limit: int = Field(description="It signals when the total reaches this.")
    good_per_million: int
    bad_per_million: int
    expected_people: int = Field(description="Captured people until a signal at the bad rate, on average.")
    within_people: int = Field(description="The same in 99 of 100 cases.")
    false_alarm_per_million: int = Field(description="Chance of a signal in the quiet days at the daily volume.")
    quiet_days: int
    daily_volume: int


class TailBody(Answered):
    """The impostor tail: what strangers in searches say about false matches."""

    searches: int
    comparisons: int
    flagged_searches: int = Field(description="Somebody else at or near the decision: look for twins and duplicates.")
    flagged_high_per_million: int = Field(description="Upper 95 % limit of their share of searches.")
    bound_per_billion: int | None = Field(
        description="Upper 97.5 % limit of the field's false match rate; null: insufficient data."
    )
    bound_level: int | None = Field(description="The level in hundredths that the bound was counted at.")
    bound_strangers: int | None
    learning: bool = Field(description="True until the baseline is learnt.")
    baseline_searches: int
    total: int
    limit: int
    expected_searches: int | None = Field(
        description="Searches until a signal once strangers reach the learnt level five times as often."
    )


class GroupRowBody(Answered):
    """One group that may be shown."""

    cell: str
    people: int
    referred: RateBody
    missed: RateBody


class GroupBody(Answered):
    """One thing that documents state, and what became of people by it."""

    dimension: str
    rows: list[GroupRowBody]
    hidden: int


class CheckpointMonitoringBody(Answered):
    """Everything about one checkpoint."""

    checkpoint: str
    denominators: DenominatorsBody | None = Field(description="Null while fewer than ten people are in scope.")
    capture_rate: RateBody = Field(description="Captured ÷ in scope.")
    match_rate: RateBody = Field(description="Matched ÷ captured, over every day.")
    confirmation_rate: RateBody = Field(description="Matched ÷ in scope.")
    refusal_rate: RateBody = Field(description="Opted out ÷ in scope.")
    waiting: WaitingBody
    match_test: MatchRateBody
    tail: TailBody
    groups: list[GroupBody]


class SignalBody(Answered):
    """A test's alarm; it stands in the record too."""

    at: str
    checkpoint: str
    monitor: Monitor
    detail: str


class MonitoringBody(Answered):
    """The site's figures of the days since to until, both included, in UTC."""

    since: str
    until: str
    checkpoints: list[CheckpointMonitoringBody]
    signals: list[SignalBody]
