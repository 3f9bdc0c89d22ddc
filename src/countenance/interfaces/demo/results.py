"""The demo's result for programs, and the last lines for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from rich.text import Text

from countenance.interfaces.demo.flight import Flight
from countenance.interfaces.demo.shown import Shown
from countenance.terms import iso


def as_data(shown: Shown, out: Path, keep: Path | None) -> Mapping[str, object]:
    """Return what ``demo --json`` prints; it holds no score, like every reply."""
    return {
        "as_expected": shown.as_expected,
        "page": str(out),
        "transparency": str(public_page(out)),
        "site": str(keep) if keep else None,
        "weights": shown.weights,
        "seconds": round(shown.seconds, 2),
        "crossings": [
            {
                "traveller": item.scene.traveller,
                "checkpoint": item.checkpoint_id,
                "photographs": [name for name in (item.scene.portrait, *item.scene.live) if name],
                "frames_decoded": item.frames,
                "as_expected": item.as_expected,
                "answers": [
                    {
                        "outcome": reply.outcome, "reason": reply.reason, "advice": reply.advice,
                        "next_step": reply.next_step, "rules": [rule.rule_id for rule in reply.rules],
                        "operating_point": reply.operating_point, "receipt": asdict(reply.receipt),
                        "millis": {stage.stage: stage.millis for stage in reply.millis},
                    }
                    for reply in item.replies
                ],
            }
            for item in shown.crossings
        ],
        "referral": {
            "receipt": shown.settled.receipt_text, "override_refused": shown.settled.refused_code,
            "state": shown.settled.state, "as_expected": shown.settled.as_expected,
        },
        "flight": _flight(shown.flight),
        "denied": [item.data for item in shown.denied],
        "log": {**asdict(shown.proof), "destroyed_as_expected": shown.proof.destruction.as_expected},
        "credits": [asdict(credit) for credit in shown.credits],
    }  # fmt: skip


def _flight(flight: Flight) -> Mapping[str, object]:
    return {
        "as_expected": flight.as_expected,
        "wrong": flight.wrong,
        "movement": flight.announced[-1].movement,
        "closes_at": iso(flight.announced[-1].closes_at),
        "manifests": [
            {
                "expected": told.expected, "added": told.added, "removed": told.removed, "excluded": told.excluded,
                "wanted": told.wanted, "findings": [asdict(one) for one in told.findings],
            }
            for told in flight.announced
        ],
        "portraits": [
            {"photograph": item.passenger.portrait, "as_expected": item.as_expected, **asdict(item.verdict)}
            for item in flight.portrayed
        ],
        "opening": [asdict(one) for one in flight.opening.travellers],
        "closing": [asdict(one) for one in flight.closing.travellers],
        "aboard": flight.aboard,
        "missing": flight.missing,
        "after": {"open": flight.after.open, "travellers": [asdict(one) for one in flight.after.travellers]},
        "closed": asdict(flight.closed),
        "late": [{**asdict(item), "as_expected": item.as_expected} for item in flight.late],
    }  # fmt: skip


def last_words(shown: Shown, out: Path, keep: Path | None) -> tuple[Text, ...]:
    """Return the lines a person reads last."""
    verdict = (
        Text("\nEverything went as expected.", style="bold green")
        if shown.as_expected
        else Text("\nNOT everything went as expected: see ✗ above.", style="bold red")
    )
    told = Text(f"What everybody may read of such a site: {public_page(out)} (served at /transparency/page).")
    kept = (Text(f"The site stays in {keep}: try 'countenance serve {keep}'."),) if keep else ()
    return (verdict, Text(f"Look at {out} ({out.stat().st_size // 1024} kB, self-contained)."), told, *kept)


def public_page(out: Path) -> Path:
    """Return where the site's public page goes: beside the demo's own."""
    return out.with_name(f"{out.stem}-transparency.html")
