"""Every open gallery of a site, searchable in this process: one slab each, and no search reaches two."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from countenance.errors import GalleryError
from countenance.gallery.backends import Backend, fastest
from countenance.gallery.scoring import bad_template
from countenance.gallery.slab import Slab
from countenance.ports import GalleryStore
from countenance.terms import Candidate, Reference, Template

_AT_ONCE = 4096  # references brought into memory at a time while loading


@dataclass(frozen=True, slots=True)
class _Open:
    weights: str
    slab: Slab


class InMemoryGalleries:
    """Open galleries as slabs (port ``Galleries``); safe between threads.

    Callers commit first and change this side after. So a search may still return a reference whose removal was just
    committed: look its person up in the store before answering.
    """

    def __init__(self, backend: Callable[[], Backend] = fastest) -> None:
        """Hold no gallery yet; ``backend`` gives each slab the way it computes."""
        self._backend = backend
        self._mutex = threading.Lock()
        self._open: dict[str, _Open] = {}

    def search(self, gallery_id: str, template: Template, count: int) -> tuple[Candidate, ...]:
        """Return the ``count`` best candidates, score descending, then reference id (contract in ``gallery.slab``).

        Raises:
            GalleryError: ``gallery.not_open``, ``gallery.other_weights``, ``gallery.bad_template`` or
                ``gallery.bad_search``.
        """
        return self._ask(gallery_id, template, lambda slab: slab.search_topk(template.values, count))

    def reaching(self, gallery_id: str, template: Template, threshold: float) -> tuple[Candidate, ...]:
        """Return every candidate with score >= ``threshold``, in the same order; the errors of ``search``."""
        return self._ask(gallery_id, template, lambda slab: slab.search_threshold(template.values, threshold))

    def open(self, gallery_id: str, weights: str, dimension: int) -> None:
        """Make an empty gallery searchable.

        Raises:
            GalleryError: ``gallery.exists``: it is open here already.
        """
        slab = Slab(dimension, backend=self._backend())
        with self._mutex:
            if gallery_id in self._open:
                raise GalleryError(
                    "gallery.exists",
                    f"Gallery {gallery_id!r} is open already.",
                    remedy="Use it, or close it first.",
                )
            self._open[gallery_id] = _Open(weights, slab)

    def add(self, gallery_id: str, references: Sequence[Reference]) -> None:
        """Make committed references searchable, all or none.

        Raises:
            GalleryError: ``gallery.not_open``, ``gallery.other_weights``, ``gallery.duplicate`` or
                ``gallery.bad_template``.
        """
        gallery = self._find(gallery_id)
        values = np.empty((len(references), gallery.slab.dimension), np.float32)
        for row, reference in zip(values, references, strict=True):
            _same_weights(gallery_id, gallery.weights, reference.template)
            if reference.template.values.shape != row.shape:
                raise bad_template(f"of another dimension than {len(row)}")
            row[:] = reference.template.values
        gallery.slab.add([reference.reference_id for reference in references], values)

    def remove(self, gallery_id: str, reference_id: str) -> None:
        """Take a reference whose removal was committed out, and overwrite its row; nothing where it is not here."""
        with self._mutex:
            gallery = self._open.get(gallery_id)
        if gallery is not None:
            gallery.slab.remove(reference_id)

    def close(self, gallery_id: str) -> None:
        """Drop the gallery from memory, its rows overwritten; nothing where it is not open."""
        with self._mutex:
            gallery = self._open.pop(gallery_id, None)
        if gallery is not None:
            gallery.slab.clear()

    def size(self, gallery_id: str) -> int:
        """Return how many references are searchable.

        Raises:
            GalleryError: ``gallery.not_open``.
        """
        return len(self._find(gallery_id).slab)

    def load(self, store: GalleryStore, dimension: int) -> None:
        """Make every gallery that ``store`` has open searchable, at start; empty ones take this ``dimension``.

        Raises:
            GalleryError: one is open here already, or holds templates that do not fit together.
            VaultError: a template does not open.
        """
        for info in store.all():
            if info.open:
                references = store.references(info.gallery_id)
                chunk = list(islice(references, _AT_ONCE))
                self.open(info.gallery_id, info.weights, len(chunk[0].template.values) if chunk else dimension)
                while chunk:
                    self.add(info.gallery_id, chunk)
                    chunk = list(islice(references, _AT_ONCE))

    def _ask(
        self, gallery_id: str, template: Template, search: Callable[[Slab], tuple[Candidate, ...]]
    ) -> tuple[Candidate, ...]:
        gallery = self._find(gallery_id)
        _same_weights(gallery_id, gallery.weights, template)
        candidates = search(gallery.slab)
        if self._find(gallery_id) is not gallery:  # closed meanwhile: what it then returned is no answer
            raise _not_open(gallery_id)
        return candidates

    def _find(self, gallery_id: str) -> _Open:
        with self._mutex:
            gallery = self._open.get(gallery_id)
        if gallery is None:
            raise _not_open(gallery_id)
        return gallery


def _same_weights(gallery_id: str, weights: str, template: Template) -> None:
    if template.weights != weights:
        raise GalleryError(
            "gallery.other_weights",
            f"Gallery {gallery_id!r} was staged with other weights than this template.",
            remedy="Close the gallery and stage it again with the weights in use.",
        )


def _not_open(gallery_id: str) -> GalleryError:
    return GalleryError(
        "gallery.not_open",
        f"Gallery {gallery_id!r} is not open.",
        remedy="Open and fill the gallery for this event, or name the right one; until then check manually.",
    )
