"""A site with a lane and a gate, for tests of what happens there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from countenance.bootstrap import Service
from fakes.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a new site with a lane and a gate."""
    return World.at(tmp_path / "site")


@pytest.fixture
def service(world: World) -> Iterator[Service]:
    """Return the site, opened."""
    with world.open() as service:
        yield service
