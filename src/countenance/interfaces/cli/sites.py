"""``init`` and ``serve``: a site's first day, and every day."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from typer import BadParameter

from countenance.bootstrap import create_site
from countenance.bootstrap.profiles import render_charter, weights_name
from countenance.config import read_settings
from countenance.interfaces.cli.said import Said
from countenance.interfaces.loops import serve as run
from countenance.interfaces.trial import trial_values
from countenance.site import SITE_SETTINGS, Site
from countenance.terms import Instant


def create(
    site: Path, profiles: Sequence[str], places: Sequence[str], settings: Sequence[str], save_keys: Path | None
) -> Said:
    """Make a site with one charter for each profile and show its API keys once."""
    if save_keys is not None:
        save_keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    weights = weights_name(read_settings(os.environ))
    now = Instant(time.time_ns() // 1_000_000)
    values = {profile: trial_values(profile, now) for profile in profiles}
    for key, value, profile in map(_pair, places):
        if profile and profile not in values:
            raise BadParameter(f"--set names the profile {profile!r}, which --profile does not.")
        for name in [profile] if profile else values:
            values[name][key] = value
    charters = [render_charter(name, weights=weights, values=values[name]) for name in values]
    created = create_site(site, charters=charters, settings=dict(map(_setting, settings)))
    keys = {str(role): key for role, key in created.api_keys.items()}
    if save_keys is not None:
        _save(keys, save_keys)
    return Said(
        data={"site": str(site), "charters": [f"{item['charter_id']}.yaml" for item in values.values()],
              "log_key": str(site / "keys" / "log.pub"), "api_keys": keys},
        shown=_first_words(site, keys, save_keys, {name: item["charter_id"] for name, item in values.items()}),
    )  # fmt: skip


def serve(site: Path, host: str | None, port: int | None) -> None:
    """Serve until the process is told to stop, where ``site.toml`` says or where the command line says instead."""
    where = Site.open(site)
    run(
        site, read_settings(os.environ), host=host if host is not None else where.host,
        port=port if port is not None else where.port,
    )  # fmt: skip


def _pair(text: str) -> tuple[str, str, str]:
    """Return (key, value, profile or "") of one ``--set``."""
    place, equals, value = text.partition("=")
    profile, dot, key = place.rpartition(".")
    if not equals or not key or (dot and not profile):
        raise BadParameter(f"--set takes KEY=VALUE or PROFILE.KEY=VALUE, not {text!r}.")
    return key, value, profile


def _setting(text: str) -> tuple[str, str | int]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise BadParameter(f"--setting takes KEY=VALUE, not {text!r}.")
    setting = SITE_SETTINGS.get(name)
    return name, int(value) if setting is not None and setting.kind is int and value.isdecimal() else value


def _save(keys: Mapping[str, str], folder: Path) -> None:
    """Write one file for each role, readable by its owner alone; an existing file is never overwritten."""
    for role, key in keys.items():
        with os.fdopen(os.open(folder / f"{role}.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key + "\n")


def _first_words(
    site: Path, keys: Mapping[str, str], saved: Path | None, charters: Mapping[str, str]
) -> tuple[str, ...]:
    width = max(map(len, keys))
    admin = "ADMINISTRATOR.key" if saved is None else saved / "administrator.key"
    return (
        f"Site {site} is ready.",
        "",
        "API keys, shown this once (the site keeps only their hashes):"
        if saved is None
        else f"API keys, also in {saved}/ROLE.key (the site keeps only their hashes):",
        *(f"  {role:<{width}}  {key}" for role, key in keys.items()),
        "",
        f"Kept in {site}/keys/: the keys that seal data and sign the log, and cli.key, with which this command acts as",
        "a supervisor. Whoever can read that folder can read everything; back it up sealed (countenance backup).",
        f"Give {site}/keys/log.pub to everybody who shall be able to audit the log.",
        "",
        "Nobody settles the referral of an encounter in which they had a part: what this command, supervisor:cli,",
        "begins, another supervisor settles. Make that key with the administrator's:",
        f"  countenance key issue {site} --role supervisor --holder supervisor:2 --key-file {admin}",
        "",
        "Next:",
        *(
            f"  complete {site}/charters/{name}.yaml, raise its version, have it reviewed, sign it (charter sign)"
            for name in charters.values()
        ),
        f"  countenance serve {site}",
    )
