"""``backup`` and ``restore``: one sealed file, and a site that comes back from it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from countenance.bootstrap.backing_up import Progress, back_up
from countenance.bootstrap.restoring import Asked
from countenance.bootstrap.restoring import restore as bring_back
from countenance.interfaces.cli.said import Said
from countenance.terms import iso

_HELD = {
    "file": "It holds the keys: whoever has the identity can read everything in it.",
    "pkcs11": "It holds no wrapping key: the token has them. Without that token nothing sealed in it can be read.",
}


def backup(site: Path, folder: Path, recipient: str) -> Said:
    """Write a site's sealed backup."""
    done = back_up(site, folder, recipient, _progress())
    return Said(
        data={"file": str(done.file), "bytes": done.size, "site_time": iso(done.made_at), "keys": done.epochs,
              "key_holder": done.key_holder},
        shown=(
            f"Wrote {done.file} ({done.size} bytes); an older backup of that name is gone.",
            _HELD[done.key_holder],
            "Copy the site's erased.jsonl elsewhere after each early erasure: a restore asks for the newest.",
        ),
    )  # fmt: skip


def restore(file: Path, site: Path, identity: Path, **told: Any) -> Said:
    """Bring a site back; ``told`` is the rest of what :class:`countenance.bootstrap.restoring.Asked` says."""
    done = bring_back(Asked(file, identity, **told), site, progress=_progress())
    again = done.replayed
    forked = "No log was given: if leaves were published after the backup, an auditor who saw them will find a fork."
    return Said(
        data={"site": done.site, "site_time": iso(done.made_at), "tombstones": done.tombstones,
              "items_erased_again": again.items, "leaves_continued": again.leaves,
              "leaves_without_body": again.without_body, "log_given": done.log_given},
        shown=(
            f"Site {done.site} is back in {site}, as of {iso(done.made_at)}.",
            f"Early erasures replayed: {done.tombstones}; sealed items that went again: {again.items}.",
            f"The log goes on with {again.leaves} leaves that the backup had not; behind {again.without_body} of them "
            "there is no entry any more." if done.log_given else forked,
            "Next: countenance serve, and a new backup.",
        ),
    )  # fmt: skip


def _progress() -> Progress:
    """Return what shows progress to a person at a terminal, and nothing to a script."""
    if not sys.stderr.isatty():
        return lambda *_: None
    shown = ""

    def show(what: str, done: int, total: int) -> None:
        nonlocal shown
        line = f"{what}: {100 * done // max(total, 1)} %"
        if line != shown:
            shown = line
            sys.stderr.write(f"\r{line:<40}" + ("\n" if done >= total else ""))

    return show
