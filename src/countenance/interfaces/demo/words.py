"""Codes as a reader of the demo sees them."""

from __future__ import annotations

from countenance.terms import NextStep, Outcome, Reply

OUTCOME = {
    Outcome.MATCH: "match",
    Outcome.NO_MATCH: "no match",
    Outcome.NOT_COMPARED: "not compared",
    Outcome.REFERRED: "referred",
    Outcome.RETRY: "try again",
    Outcome.OPTED_OUT: "opted out",
    Outcome.OPENED: "opened",
}
NEXT = {
    NextStep.PROCEED: "proceed",
    NextStep.REFER_TO_OFFICER: "an officer looks",
    NextStep.MANUAL_CHECK: "ordinary manual check",
    NextStep.TRY_AGAIN: "another photograph",
    NextStep.CAPTURE: "camera",
}
SYMBOL = {
    Outcome.MATCH: "✓",
    Outcome.NO_MATCH: "→",
    Outcome.NOT_COMPARED: "○",
    Outcome.REFERRED: "→",
    Outcome.RETRY: "↻",
    Outcome.OPTED_OUT: "○",
    Outcome.OPENED: "·",
}
"""Shape beside colour, so that colour is never the only sign."""
STAGES = ("decode", "detect", "quality", "embed", "compare")
"""In the order of work; "compare" is decision and record too."""


def stage_millis(reply: Reply) -> dict[str, float]:
    """Return milliseconds by stage: the slower photograph of the two counts, they are handled side by side."""
    spent: dict[str, float] = {}
    for item in reply.millis:
        name = item.stage.rpartition(".")[2]
        spent[name] = max(spent.get(name, 0.0), item.millis)
    return spent


def stages_in_line(reply: Reply) -> str:
    """Return milliseconds by stage in one line, in the order of ``STAGES``; "" when no frame was decoded."""
    spent = stage_millis(reply)
    return " ".join(_short(spent[name]) for name in STAGES if name in spent) if "decode" in spent else ""


def _short(millis: float) -> str:
    """Return two figures that matter: 0.4, 4.3, 43, 107."""
    return f"{millis:.1f}" if millis < 10 else f"{millis:.0f}"  # noqa: PLR2004 - two figures
