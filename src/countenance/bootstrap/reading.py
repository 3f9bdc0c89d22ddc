"""What interfaces may read without opening a site: documents and manifests.

Interfaces see stages through here and through procedures, never directly (the import table).
"""

from __future__ import annotations

from countenance.documents import ManifestLimits, read_manifest, read_mrz

__all__ = ["ManifestLimits", "read_manifest", "read_mrz"]
