"""Which streams of portraits go into which gallery at once: who ends cannot speak for those beside it."""

from __future__ import annotations

from weakref import WeakSet


class Stream:
    """One stream; it counts as under way for as long as somebody holds it."""

    __slots__ = ("__weakref__", "alone", "gallery_id")

    def __init__(self, gallery_id: str, *, alone: bool) -> None:
        """Go into ``gallery_id``, ``alone`` until another begins."""
        self.gallery_id = gallery_id
        self.alone = alone


class Streams:
    """The streams under way. Used while the galleries' turn is held, so it needs no lock."""

    def __init__(self) -> None:
        """Begin with none."""
        self._under_way: WeakSet[Stream] = WeakSet()

    def begin(self, gallery_id: str) -> Stream:
        """Return a stream into a gallery; it and every other that goes there now are not alone."""
        others = [one for one in self._under_way if one.gallery_id == gallery_id]
        for other in others:
            other.alone = False
        stream = Stream(gallery_id, alone=not others)
        self._under_way.add(stream)
        return stream
