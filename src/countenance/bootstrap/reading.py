"""What interfaces may read without opening a site: documents, manifests and the portraits of whom they list.

Interfaces see stages through here and through procedures, never directly (the import table).
"""

from __future__ import annotations

from pathlib import Path

from countenance.bootstrap.portrait_service import PortraitService, trusting
from countenance.documents import ManifestLimits, PortraitFolder, read_files, read_manifest, read_mrz, read_named
from countenance.ports import PortraitSource

__all__ = ["ManifestLimits", "portrait_source", "read_files", "read_manifest", "read_mrz", "read_named"]


def portrait_source(where: str, *, bearer: str, authority: str, reference_years: int) -> PortraitSource:
    """Return the portraits in a folder, or at the service whose address ``where`` is.

    A service is sent ``bearer`` as its token, and believed by the CA certificates in the file ``authority``.

    Raises:
        DocumentError: ``portraits.folder``, ``portraits.address``, ``portraits.token``, ``portraits.authority``.
    """
    if where.startswith(("https://", "http://")):
        return PortraitService(where, bearer, reference_years, trust=trusting(authority))
    return PortraitFolder(Path(where), reference_years)
