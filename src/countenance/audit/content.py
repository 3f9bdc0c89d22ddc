"""Every byte of every tile: entries are read once, and every hash the log publishes is computed again from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

from .findings import Report
from .layout import ENTRIES, ENTRY, HASH, WIDTH, Place, Source, Unusable, partial_widths, read_place
from .notes import Head
from .tree import RunningTree, hash_leaf, tree_hash

_LENGTH = HASH.to_bytes(2, "big")


@dataclass(slots=True)
class Watch:
    """What to look out for while the entries pass by once: commitments, and the roots of smaller trees."""

    commitments: dict[bytes, list[int]]
    """Where each watched commitment was seen."""
    roots: dict[int, bytes] = field(default_factory=dict)
    """The root at each watched size, b"" until it was passed."""
    complete: bool = False
    """Whether every entry passed by, so that absence means something."""


@dataclass(slots=True)
class Pass:
    """One pass over the log's files."""

    report: Report
    source: Source
    size: int
    watch: Watch
    entries: int = 0
    tree: RunningTree = field(default_factory=RunningTree)
    upper: list[list[bytes]] = field(default_factory=list)
    """For level 1, 2 …: the hashes of the tile that is not full yet."""

    def run(self) -> bool:
        """Read everything; return False when an unreadable stretch ended the pass early."""
        self._note_root()
        for index in range(-(-self.size // WIDTH)):
            hashes = self._hashes(index, min(WIDTH, self.size - index * WIDTH))
            if hashes is None:
                return False
            self._grow(hashes)
        for level, unfinished in enumerate(self.upper, start=1):
            self._compare_partial(str(level), self.size // WIDTH ** (level + 1), b"".join(unfinished), HASH)
        return True

    def _hashes(self, index: int, width: int) -> list[bytes] | None:
        """Return the leaf hashes of one bundle, from its entries, or from its tile when the bundle cannot be used."""
        bundle = self._read(Place(ENTRIES, index, width))
        tile = self._read(Place("0", index, width))
        entries = None if bundle is None else self._entries(Place(ENTRIES, index, width), bundle)
        hashes = None if entries is None else [hash_leaf(entry) for entry in entries]
        if hashes is None and tile is None:
            self.report.fault("tree.incomplete", f"The tree cannot be computed past entry {index * WIDTH - 1}.")
            return None
        computed = b"".join(hashes or split(tile or b""))
        if tile is not None:
            self._compare_hashes(Place("0", index, width), computed, tile)
        if width < WIDTH:
            self._compare_partial(ENTRIES, index, bundle or b"", ENTRY)
            self._compare_partial("0", index, computed, HASH)
        return split(computed)

    def _read(self, place: Place) -> bytes | None:
        data = read_place(self.source, place)
        if isinstance(data, Unusable):
            self.report.fault(data.code, data.sentence)
            return None
        return data

    def _entries(self, place: Place, bundle: bytes) -> list[bytes] | None:
        """Return a bundle's commitments, noting where watched ones are, or None when one is not 32 bytes long."""
        start = place.index * WIDTH
        entries: list[bytes] = []
        for at in range(0, len(bundle), ENTRY):
            if bundle[at : at + 2] != _LENGTH:
                self.report.fault(
                    "entry.length", f"{place.path()}: entry {start + at // ENTRY} is not {HASH} bytes long."
                )
                return None
            entries.append(bundle[at + 2 : at + ENTRY])
        self.entries += len(entries)
        for number, entry in enumerate(entries, start):
            if entry in self.watch.commitments:
                self.watch.commitments[entry].append(number)
        return entries

    def _compare_hashes(self, place: Place, computed: bytes, tile: bytes) -> None:
        for at, (ours, theirs) in enumerate(zip(split(computed), split(tile), strict=True)):
            if ours != theirs:
                what = f"entry {place.index * WIDTH + at}" if place.level == "0" else "the tile below it"
                self.report.fault("tile.content", f"{place.path()}: hash {at} is not that of {what}.")
                return

    def _compare_partial(self, level: str, index: int, data: bytes, each: int) -> None:
        """Compare an unfinished tile's partial files with its present content, the widest only for upper levels."""
        widths = partial_widths(level, len(data) // each)
        for place in (Place(level, index, width) for width in widths):
            if level in {ENTRIES, "0"} and place.width * each == len(data):
                continue
            found = self._read(place)
            if found is not None and found != data[: place.length()]:
                self.report.fault("tile.content", f"{place.path()} is not the beginning of the tile as it is now.")

    def _grow(self, hashes: list[bytes]) -> None:
        """Append one bundle's leaf hashes to the tree and compare the tiles that became full with it."""
        subtree = tree_hash(hashes) if len(hashes) == WIDTH else None
        inside = range(self.tree.size + 1, self.tree.size + len(hashes))
        if subtree is not None and not any(size in inside for size in self.watch.roots):
            self.tree.push(8, subtree)
            self._note_root()
        else:
            for leaf in hashes:
                self.tree.push(0, leaf)
                self._note_root()
        if subtree is not None:
            self._climb(subtree)

    def _note_root(self) -> None:
        if self.tree.size in self.watch.roots:
            self.watch.roots[self.tree.size] = self.tree.root()

    def _climb(self, subtree: bytes) -> None:
        """Append a full tile's hash to the level above, and so on while tiles become full."""
        for level in count(1):
            if level > len(self.upper):
                self.upper.append([])
            self.upper[level - 1].append(subtree)
            if len(self.upper[level - 1]) < WIDTH:
                return
            place = Place(str(level), self.tree.size // WIDTH ** (level + 1) - 1, WIDTH)
            tile = self._read(place)
            if tile is not None:
                self._compare_hashes(place, b"".join(self.upper[level - 1]), tile)
            subtree = tree_hash(self.upper[level - 1])
            self.upper[level - 1] = []


def split(tile: bytes) -> list[bytes]:
    """Return the hashes that a tile joins."""
    return [tile[at : at + HASH] for at in range(0, len(tile), HASH)]


def check_content(report: Report, source: Source, head: Head, watch: Watch) -> int:
    """Compute the tree again from its entries and compare every file with it; return how many entries were read."""
    since = report.found
    reading = Pass(report, source, head.size, watch)
    complete = reading.run()
    watch.complete = reading.entries == head.size
    report.checked("tiles", f"{reading.entries} entries of {HASH} bytes, and every tile computed again.", since=since)
    since = report.found
    if not complete:
        report.fault("tree.root", "The checkpoint's root could not be compared: the tree is incomplete.")
    elif reading.tree.root() != head.root:
        report.fault(
            "tree.root",
            f"checkpoint states root {head.root.hex()}, but its {head.size} entries have {reading.tree.root().hex()}.",
        )
    report.checked("root", f"The root of all {head.size} entries is the one that the checkpoint states.", since=since)
    return reading.entries
