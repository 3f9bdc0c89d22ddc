"""Closed sets of references: candidates out, never a decision. Only ``decision`` knows a threshold's meaning.

``Slab`` is the exact search over one block of memory, ``InMemoryGalleries`` the open galleries of a site,
``SqlGalleryStore`` their rows with templates sealed in the vault. No approximate index: it misses
mated searches (measured in ``docs``), which a closed list cannot accept.
"""

from countenance.gallery.galleries import InMemoryGalleries
from countenance.gallery.slab import Slab
from countenance.gallery.store import SqlGalleryStore

__all__ = ["InMemoryGalleries", "Slab", "SqlGalleryStore"]
