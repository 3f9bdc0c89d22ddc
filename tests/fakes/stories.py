"""Encounters' stories as a record tells them, entry by entry, so that a test can leave one out or tell it wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from countenance.audit import Findings, Row, audit
from countenance.terms import Instant, JsonObject, RecordedEvent, iso
from fakes.record_site import PERSONAL, START, RecordSite

HOUR = 3_600_000
KEPT = 12 * HOUR
"""How long what is sealed about a person lives in these stories."""


@dataclass
class Stories:
    """Writes events into a record and hands out bundles, in each of which the export itself comes last."""

    site: RecordSite
    now: int = START
    written: list[JsonObject] = field(default_factory=list)
    by_erasure: dict[str, str] = field(default_factory=dict)
    """Which erasure took which entry's facts."""

    def tell(self, event: str, encounter: str = "", *, kept: int | None = None, **facts: Any) -> str:
        """Record one event now, a second after the last; return its commitment in hex."""
        self.now += 1000
        told: dict[str, Any] = {
            "v": 1, "event": event, "time": iso(Instant(self.now)), "charter": "c" * 64, "checkpoint": "lane-1",
            "operating_point": "o" * 64, "weights": "w" * 64, **facts,
        }  # fmt: skip
        told |= {"encounter": encounter} if encounter else {}
        told |= {"kept_until": iso(Instant(self.now + kept))} if kept is not None else {}
        with self.site.transactions.write() as tx:
            kept = Instant(self.now + 10**12)
            event = RecordedEvent(told, PERSONAL, "person/a", kept, kept)
            (entry,) = tx.record.append_many(
                [event], now=Instant(self.now), link=lambda before: told.get("prev", self.site.log.link(before))
            )
            tx.commit()
        self.written.append(told)
        return entry.commitment.hex()

    def opened(self, encounter: str, **facts: Any) -> str:
        """Record an opening."""
        return self.tell("encounter.opened", encounter, **{
            "kept": KEPT, "decision": "opened", "mode": "verify", "reason": "", **facts,
        })  # fmt: skip

    def answered(self, encounter: str, decision: str, attempt: int = 1, **facts: Any) -> str:
        """Record an answer."""
        step = {"match": "proceed", "retry": "try_again", "not_compared": "manual_check"}
        return self.tell("attempt.answered", encounter, **{
            "kept": KEPT, "decision": decision, "attempt": attempt, "mode": "verify", "policy": "p",
            "reason": "" if decision == "match" else f"because.{decision}",
            "next_step": step.get(decision, "refer_to_officer"), **facts,
        })  # fmt: skip

    def referred(self, encounter: str, **facts: Any) -> str:
        """Record the referral that an answer asks for."""
        return self.tell("referral.raised", encounter, **{
            "kept": KEPT, "referral": f"r-{encounter}", "by": "", "reason": "no_match", "state": "secondary", **facts,
        })  # fmt: skip

    def stepped(self, encounter: str, step: str, state: str, **facts: Any) -> str:
        """Record a step of that referral."""
        return self.tell(
            "referral.stepped", encounter, **{"referral": f"r-{encounter}", "step": step, "state": state, **facts}
        )

    def erased(
        self, *commitments: str, encounters: tuple[str, ...] = (), erasure: str = "e" * 32, **facts: Any
    ) -> None:
        """Destroy these entries' facts and record the receipt; the bodies of a bundle then name it."""
        with self.site.transactions.write() as tx:
            for commitment in commitments:
                row = tx.record._connection.exec_driver_sql(  # type: ignore[attr-defined]  # a fake erasure reaches in
                    "SELECT facts_item, personal_item FROM entries WHERE commitment = ?", (bytes.fromhex(commitment),)
                ).one()
                tx.vault.destroy(row.facts_item)
                tx.vault.destroy(row.personal_item)
            tx.commit()
        joined = b"".join(sorted(map(bytes.fromhex, commitments)))
        self.by_erasure |= dict.fromkeys(commitments, erasure)
        self.tell("erasure.receipt", **{
            "erasure": erasure, "cause": "clock", "begun": iso(Instant(self.now)), "items": {},
            "encounters": list(encounters), "galleries": [], "epochs": [], "bodies": len(commitments),
            "bodies_sha256": hashlib.sha256(joined).hexdigest() if commitments else "", **facts,
        })  # fmt: skip

    def bundle(self, *, later: int = 0) -> dict[str, Any]:
        """Return an export ``later`` milliseconds from now, published, each erased body naming its erasure."""
        self.now += later
        self.tell("record.exported", by="auditor:1")
        self.site.log.publish(Instant(self.now))
        with self.site.transactions.read() as tx:
            bundle: dict[str, Any] = json.loads(json.dumps(self.site.log.export_bundle(tx, Instant(self.now))))
        for body in bundle["entries"]:
            if "facts" not in body:
                body["erased_by"] = self.by_erasure.get(body["commitment"], "")
        return bundle

    def audited(self, bundle: Mapping[str, Any] | None = None, *, later: int = 0) -> Findings:
        """Return what an auditor finds with a bundle, a fresh one by default."""
        held = json.dumps(self.bundle(later=later) if bundle is None else bundle).encode()
        return audit(self.site.logs, self.site.vkey, bodies=held, now_ms=self.now + 10**9)


def rows(findings: Findings) -> dict[str, Row]:
    """Return the census by encounter."""
    assert findings.census is not None
    return {row.encounter: row for row in findings.census.rows}


def without(bundle: Mapping[str, Any], *commitments: str) -> dict[str, Any]:
    """Return a bundle from which bodies were left out."""
    return {**bundle, "entries": [body for body in bundle["entries"] if body["commitment"] not in commitments]}
