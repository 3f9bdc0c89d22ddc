"""What may be read without opening a site: documents, manifests and the portraits of whom they list.

Interfaces see stages through here and through procedures, never directly (the import table).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from countenance.bootstrap.portrait_service import PortraitService, trusting
from countenance.config import Settings
from countenance.documents import ManifestLimits, PortraitFolder, read_files, read_manifest, read_mrz, read_named
from countenance.ports import PortraitSource
from countenance.site import Site

__all__ = [
    "ManifestLimits", "portrait_source", "read_files", "read_manifest", "read_mrz", "read_named", "site_portraits",
]  # fmt: skip


def portrait_source(where: str, settings: Settings, *, reference_years: int) -> PortraitSource:
    """Return the portraits in a folder, or at the service whose address ``where`` is.

    A service is sent the settings' token and believed by their CA certificates.

    Raises:
        DocumentError: ``portraits.folder``, ``portraits.address``, ``portraits.token``, ``portraits.authority``.
    """
    if where.startswith(("https://", "http://")):
        return PortraitService(where, settings.portraits_token, reference_years, trust=trusting(settings.portraits_ca))
    return PortraitFolder(Path(where), reference_years)


def site_portraits(site: Site, settings: Settings) -> Callable[[int], PortraitSource] | None:
    """Return what opens the portraits that the site names, given the age in years where none is stated; None if none.

    Not those of a lane's queries: staging waits longer for a service, and asks over one connection.
    """
    if not site.portraits:
        return None
    return lambda years: portrait_source(site.portraits, settings, reference_years=years)
