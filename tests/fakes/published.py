"""A published log without a site behind it: what an outsider holds, for tampering with."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from countenance.record import verifier_key
from countenance.record.note import tree_head
from countenance.record.projection import Projection
from countenance.record.tiles import GrowingTree
from fakes.keys import DeviceKey

ORIGIN = "checkpoint.example/log"
KEY = DeviceKey()
VKEY = verifier_key(ORIGIN, KEY.public_key)


def publish(folder: Path, leaves: Sequence[bytes], *, origin: str = ORIGIN, key: DeviceKey = KEY) -> None:
    """Write the log of these leaves into ``folder``; not durably, which would only take time."""
    tree, files = GrowingTree(), Projection(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        files.write([*tree.add(leaves), *tree.partial()])
        files.publish(tree_head(tree.size, tree.root(), origin, key).note)
