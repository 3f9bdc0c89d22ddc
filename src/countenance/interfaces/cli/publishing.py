"""``charter publish`` and ``charter poster``: what the public reads, on a page and on a wall."""

from __future__ import annotations

import json
import re
from pathlib import Path

from countenance.bootstrap.acts import KEY, acts_at
from countenance.bootstrap.charters import signed_charters
from countenance.bootstrap.looking import charter_schema, check_charter, published
from countenance.errors import SiteError
from countenance.interfaces.charter_page import charter_page
from countenance.interfaces.cli.said import Said
from countenance.interfaces.poster import poster
from countenance.site import Site


def publish(site: Path, out: Path) -> Said:
    """Write every charter of a site for the public; what is signed and nothing else."""
    opened = Site.open(site)
    charters = {charter.sha256: charter for charter in signed_charters(opened, acts_at(opened))}
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise SiteError(
            "charter.not_empty", f"The folder {out.name} is not empty.",
            remedy="Name a new or an empty folder, so that nothing of an older state stays in it.",
        )  # fmt: skip
    files = []
    for source in sorted(opened.charters.glob("*.yaml")):
        data = source.read_bytes()
        charter = check_charter(data)
        if charter.sha256 not in charters:
            continue  # changed between the two readings: not what was signed
        name = f"{charter.charter_id}-v{charter.version}"
        (out / f"{name}.yaml").write_bytes(data)
        (out / f"{name}.yaml.sig").write_bytes(source.with_name(f"{source.name}.sig").read_bytes())
        (out / f"{name}.json").write_text(json.dumps(published(data), indent=2, ensure_ascii=False) + "\n", "utf-8")
        (out / f"{name}.html").write_text(charter_page(charter, published(data), host=_public(opened.host)), "utf-8")
        files += [f"{name}{ending}" for ending in (".yaml", ".yaml.sig", ".json", ".html")]
        for point in charter.checkpoints:
            (out / f"{name}-{point.checkpoint_id}.pdf").write_bytes(poster(charter, point.checkpoint_id))
            files.append(f"{name}-{point.checkpoint_id}.pdf")
    (out / f"{KEY}.pub").write_bytes((opened.keys / f"{KEY}.pub").read_bytes())
    (out / "charter.schema.json").write_text(json.dumps(charter_schema(), indent=2, ensure_ascii=False) + "\n", "utf-8")
    files += [f"{KEY}.pub", "charter.schema.json"]
    return Said(
        data={"folder": str(out), "files": files},
        shown=(f"Wrote {len(files)} files to {out}:", *(f"  {name}" for name in files)),
    )


def _public(host: str) -> str:
    """Return a host that others can reach by name, or ""."""
    return host if re.search(r"[a-z]", host) and "." in host else ""


def print_notice(file: Path, checkpoint: str, out: Path) -> Said:
    """Write a checkpoint's notice as a PDF."""
    charter = check_charter(file.read_bytes())
    data = poster(charter, checkpoint)
    out.write_bytes(data)
    return Said(
        data={"file": str(out), "checkpoint": checkpoint, "public_page": charter.public_page, "bytes": len(data)},
        shown=(f"Wrote {out}: hang it up where people see it before the camera, then note it (charter placed).",),
    )
