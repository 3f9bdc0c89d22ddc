"""Whether promises were kept: each body and each receipt, first in itself, then against the tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .census import take_census
from .chain import check_chain
from .claims import Body, Claim, Wrong, read_body, read_bundle, read_receipt
from .content import Watch
from .erasures import check_erasures
from .events import Erased, Event
from .findings import Counts, Report
from .notes import Head, Key
from .rows import Census
from .strict_json import Value


@dataclass(frozen=True, slots=True)
class Exported:
    """A bundle whose frame is good: the tree at export, and the bodies that are good in themselves."""

    head: Head
    claims: tuple[tuple[str, Claim], ...]
    """(what to call it, what it claims)."""
    events: tuple[Event, ...]
    """Entries whose facts are there."""
    erased: tuple[Erased, ...]
    """Entries whose facts are gone."""
    exported_at_ms: int
    chain: bytes
    """With which links between entries are followed."""
    bodies: int
    without_personal: int


@dataclass(frozen=True, slots=True)
class Held:
    """Receipts that are good in themselves."""

    claims: tuple[tuple[str, Claim], ...]
    receipts: int


def check_bodies(report: Report, data: bytes, key: Key) -> Exported | None:
    """Return what a bundle claims, naming every body that is not good in itself; None when all of it is useless."""
    since = report.found
    try:
        bundle = read_bundle(data, key)
    except Wrong as wrong:
        report.fault(wrong.code, f"The bundle cannot be used: {wrong.why}.")
        report.checked("bodies", "The bundle is of this log.", since=since)
        return None
    good: dict[bytes, tuple[str, Body]] = {}
    for number, value in enumerate(bundle.bodies):
        name = _called(number, value)
        try:
            body = read_body(value)
        except Wrong as wrong:
            report.fault(wrong.code, f"{name}: {wrong.why}.")
            continue
        if body.claim.commitment in good:
            report.fault("body.duplicate", f"{name} is in the bundle twice.")
        good[body.claim.commitment] = (name, body)
    report.checked(
        "bodies", f"Each of the bodies ({len(bundle.bodies)}) is canonical and gives its commitment.", since=since
    )
    return Exported(
        head=bundle.head, claims=tuple((name, body.claim) for name, body in good.values()),
        events=tuple(
            Event(name, body.claim.commitment, body.claim.include_by_ms, body.facts, body.facts_salt)
            for name, body in good.values() if body.facts is not None
        ),
        erased=tuple(
            Erased(name, body.claim.commitment, body.claim.include_by_ms, body.erased_by)
            for name, body in good.values() if body.facts is None
        ),
        exported_at_ms=bundle.exported_at_ms, chain=bundle.chain, bodies=len(bundle.bodies),
        without_personal=sum(1 for _, body in good.values() if body.facts is not None and not body.personal),
    )  # fmt: skip


def count_encounters(report: Report, exported: Exported) -> Census:
    """Return the census, after seeing that no entry was left out and that what is gone went with a receipt."""
    check_chain(report, exported.chain, exported.events, exported.erased, exported.exported_at_ms)
    check_erasures(report, exported.events, exported.erased)
    return take_census(report, exported.events, exported.erased, exported.exported_at_ms)


def _called(number: int, body: Value) -> str:
    """Return how to name a body: its place in the bundle and what it says its commitment is."""
    stated = body.get("commitment") if isinstance(body, dict) else None
    return f"Body {number} ({ascii(stated)[1:17]}…)" if isinstance(stated, str) else f"Body {number}"


def check_receipts(report: Report, receipts: Sequence[bytes], key: Key) -> Held:
    """Return what receipts claim, naming every one that is not good in itself."""
    since = report.found
    claims: list[tuple[str, Claim]] = []
    for number, data in enumerate(receipts):
        try:
            claim = read_receipt(data, key)
        except Wrong as wrong:
            report.fault(wrong.code, f"Receipt {number}: {wrong.why}.")
            continue
        claims.append((f"Receipt {number} ({claim.commitment.hex()[:16]}…)", claim))
    if receipts:
        report.checked(
            "receipts", f"Each of the receipts ({len(receipts)}) is signed and gives its commitment.", since=since
        )
    return Held(tuple(claims), len(receipts))


def watch_for(exported: Exported | None, held: Held, sizes: Sequence[int]) -> Watch:
    """Return what the pass over the entries must look out for, the roots at these sizes among it."""
    claims = [*(exported.claims if exported else ()), *held.claims]
    sizes = [*sizes, exported.head.size] if exported else sizes
    return Watch({claim.commitment: [] for _, claim in claims}, dict.fromkeys(sizes, b""))


def judge_bodies(
    report: Report, exported: Exported, head: Head, watch: Watch, *, now_ms: int, counts: Counts
) -> Counts:
    """Say whether the tree grew from the one at export and holds every body once; return the counts with theirs."""
    since = report.found
    if exported.head.size > head.size:
        report.fault("bundle.tree", f"At export the log had {exported.head.size} entries; it has {head.size} now.")
    elif watch.complete and watch.roots[exported.head.size] != exported.head.root:
        report.fault("bundle.tree", f"The first {exported.head.size} entries are not those that the log had at export.")
    pending = _judge(report, "body", exported.claims, watch, now_ms)
    report.judged("bodies kept", "Every body is in the tree exactly once, or not due yet.", watch.complete, since=since)
    return replace(
        counts,
        bodies=exported.bodies,
        bodies_pending=pending,
        bodies_without_personal=exported.without_personal,
        bodies_without_facts=len(exported.erased),
    )


def judge_receipts(
    report: Report, held: Held, exported: Exported | None, watch: Watch, *, now_ms: int, counts: Counts
) -> Counts:
    """Say whether every receipt was kept, and is in the export if there is one; return the counts with theirs."""
    since = report.found
    pending = _judge(report, "receipt", held.claims, watch, now_ms)
    if exported is not None:
        known = {claim.commitment for _, claim in exported.claims}
        for name, claim in held.claims:
            if claim.commitment not in known and any(
                at < exported.head.size for at in watch.commitments[claim.commitment]
            ):
                report.fault(
                    "receipt.not_in_bundle", f"{name} is in the tree, but its body was left out of the bundle."
                )
    report.judged("receipts kept", "Every receipt is in the tree, or not due yet.", watch.complete, since=since)
    return replace(counts, receipts=held.receipts, receipts_pending=pending)


def _judge(report: Report, kind: str, claims: Sequence[tuple[str, Claim]], watch: Watch, now_ms: int) -> int:
    """Name claims that the tree does not bear out; return how many it may still come to."""
    pending = 0
    for name, claim in claims:
        places = watch.commitments[claim.commitment]
        if len(places) > 1:
            report.fault(f"{kind}.repeated", f"{name} is in the tree more than once: as {places[0]} and {places[1]}.")
        elif not places and claim.include_by_ms >= now_ms:
            pending += 1
        elif not places and watch.complete:
            report.fault(f"{kind}.not_included", f"{name} is not in the tree, and its time for that has passed.")
    return pending
