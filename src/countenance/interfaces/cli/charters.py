"""``charter new | check | sign | diff | placed | forbid | withdraw``: charters from draft to last version."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table
from typer import BadParameter

from countenance.bootstrap.checking import site_near, what_keeps
from countenance.bootstrap.looking import check_charter, compare_charters, describe_weights, fields_to_fill_in
from countenance.bootstrap.points import trusted_near
from countenance.bootstrap.profiles import draft_charter, weights_name
from countenance.bootstrap.signing import note_placed, sign_charter, sign_policy, withdraw_policy
from countenance.config import read_settings
from countenance.interfaces.cli.exits import NOT_AS_EXPECTED, OK
from countenance.interfaces.cli.points import weaknesses
from countenance.interfaces.cli.said import Said
from countenance.interfaces.cli.tables import two_columns
from countenance.interfaces.durations import duration
from countenance.interfaces.refusing import who_may_refuse
from countenance.site import Site
from countenance.terms import Charter, Instant, iso

_PLACEHOLDER = "FILL IN"


def new(profile: str, out: Path, pairs: Sequence[str]) -> Said:
    """Write a draft from a shipped profile; what was not given stays marked."""
    values = dict(map(_pair, pairs))
    data = draft_charter(profile, weights=weights_name(read_settings(os.environ)), values=values)
    with out.open("xb") as file:
        file.write(data)
    marks = fields_to_fill_in(data)
    told = f"{len(marks)} fields are marked '{_PLACEHOLDER}': write what holds there, then check it."
    return Said(
        data={"file": str(out), "profile": profile, "to_fill_in": len(marks)},
        shown=(f"Wrote {out} from the profile {profile}.", told if marks else "Nothing is left to fill in."),
    )


def check(file: Path, at: Path | None) -> Said:
    """Parse a charter and tell what it allows; status 1 when it would not start, or is not in force today."""
    charter, now = check_charter(file.read_bytes()), _now()
    site = site_near(file) if at is None else Site.open(at)
    waiting = list(what_keeps(file, site, charter, _weights(), now))
    in_force = charter.in_force(now)
    rows = _rows(file, charter, now)
    verdict = "Valid and in force." if in_force else "Valid, but not in force now: nothing would be compared."
    return Said(
        data={**rows, "valid": True, "in_force": in_force, "open": waiting},
        shown=(verdict, two_columns(rows.items()), *(f"Does not start yet: {one}" for one in waiting)),
        status=OK if in_force and not waiting else NOT_AS_EXPECTED,
    )


def sign(site: Path, file: Path) -> Said:
    """Let the site act under a charter from its next start on."""
    charter = sign_charter(site, file, weights=_weights())
    return Said(
        data={"charter": charter.sha256, "charter_id": charter.charter_id, "version": charter.version},
        shown=(
            f"Signed for {site}: {charter.charter_id}, version {charter.version}.",
            f"Its name in every entry is {charter.sha256}.",
            "Publish it (countenance charter publish), hang up its notices, and start the service again.",
        ),
    )


def diff(before: Path, after: Path) -> Said:
    """Tell every field that differs, and first what takes something from people."""
    changes, losses = compare_charters(before.read_bytes(), after.read_bytes())
    table = Table("field", "before", "after", box=None, padding=(0, 2, 0, 0))
    for item in changes:
        table.add_row(item.field, item.before or "(not there)", item.after or "(not there)")
    told = [f"TAKES FROM PEOPLE: {loss}." for loss in losses]
    return Said(
        data={
            "changes": [{"field": item.field, "before": item.before, "after": item.after} for item in changes],
            "takes_from_people": list(losses),
        },
        shown=(*told, table) if changes else ("Nothing differs.",),
        status=NOT_AS_EXPECTED if changes else OK,
    )


def placed(site: Path, checkpoint: str, by: str, photo: Path | None) -> Said:
    """Note that somebody saw the notice hang there."""
    seen = note_placed(site, checkpoint, by, photo.read_bytes() if photo is not None else b"")
    return Said(
        data={"checkpoint": seen.checkpoint_id, "notices": list(seen.notices), "checked_at": iso(seen.checked_at),
              "by": seen.by, "photograph": seen.photograph},
        shown=(f"Noted: {by} saw the notice of {checkpoint} on {iso(seen.checked_at)}, {len(seen.notices)} texts.",),
    )  # fmt: skip


def forbid(site: Path, file: Path) -> Said:
    """Let the site forbid more than the shipped policies."""
    digest = sign_policy(site, file)
    return Said(
        data={"policy": digest}, shown=(f"Signed for {site}: {file.name}, {digest}. It holds from the next start on.",)
    )


def withdraw(site: Path, name: str, reason: str) -> Said:
    """Let a prohibition of the site hold no longer."""
    digest = withdraw_policy(site, name, reason)
    return Said(
        data={"policy": digest, "withdrawn": name, "reason": reason},
        shown=(f"Withdrawn at {site}: {name}, {digest}. It holds no longer from the next start on.",),
    )


def _rows(file: Path, charter: Charter, now: Instant) -> dict[str, str]:
    in_force = charter.in_force(now)
    return {
        "sha256": charter.sha256,
        "charter": f"{charter.charter_id}, version {charter.version}",
        "profile": charter.profile + (" (trial)" if charter.trial else ""),
        "purpose": charter.purpose,
        "use": f"{charter.use}, in a place of the kind {charter.setting} ({charter.jurisdiction})",
        "never used for": ", ".join(charter.forbidden_uses),
        "legal basis": charter.legal_basis,
        "controller": charter.controller,
        "contact": charter.contact,
        "place": charter.place,
        "public page": charter.public_page,
        "checkpoints": ", ".join(
            item.checkpoint_id + ("" if item.biometric else " (no camera)") for item in charter.checkpoints
        ),
        "mode": charter.mode,
        "attended": "yes" if charter.attended else "no",
        "may refuse": who_may_refuse(charter, now),
        "kept for": ", ".join(f"{item.retention_class} {duration(item.seconds)}" for item in charter.retention),
        "gallery size": str(charter.max_gallery_size),
        "operating point": charter.operating_point,
        "evidence": _evidence(file, charter),
        "in force": f"{iso(charter.valid_from)} to {iso(charter.valid_until)}" + ("" if in_force else ": NOT NOW"),
        "review": f"{charter.review.reference}, signed on {charter.review.signed_on}"
        + ("" if charter.review.complete else " by nobody for some sides: trials only"),
    }


def _weights() -> str:
    """Return the name of the weights that this machine runs."""
    return describe_weights(read_settings(os.environ))["weights"]


def _evidence(file: Path, charter: Charter) -> str:
    """Return what stands behind the threshold, as far as can be seen from where the charter lies."""
    found = trusted_near(file).get(charter.operating_point)
    if found is None:
        return "not here: neither packaged nor signed by the site whose charters/ this file lies in"
    return f"{found.point.label} ({', '.join(weaknesses(found.point, charter.mode)) or 'measured'})"


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise BadParameter(f"--set takes KEY=VALUE, not {text!r}.")
    return key, value


def _now() -> Instant:
    return Instant(time.time_ns() // 1_000_000)
