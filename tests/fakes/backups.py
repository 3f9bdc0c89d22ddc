"""A site with people in it, its backup, and what an operator would do to bring it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from countenance.audit import audit
from countenance.bootstrap.backing_up import BackedUp, back_up
from countenance.bootstrap.keeping import create_backup_identity
from countenance.bootstrap.restoring import Asked, Restored, restore
from countenance.terms import Enrolment
from fakes.extractor import face
from fakes.world import ADMINISTRATOR, World

PEOPLE = ("ann", "bob", "eve")


@dataclass
class Kept:
    """A site, the folder of its backups, and the identity that opens them."""

    world: World
    folder: Path
    recipient: str = field(init=False)

    def __post_init__(self) -> None:
        """Make the identity, and let three people be enrolled for a flight."""
        self.recipient = create_backup_identity(self.identity)
        with self.world.open() as service:
            service.staging.open_gallery("flight", "gate-1", ADMINISTRATOR)
            rows = [Enrolment(name, name, 30, 5, face(name)) for name in PEOPLE]
            assert not any(verdict.reason for verdict in service.staging.enrol("flight", rows, ADMINISTRATOR))

    @property
    def identity(self) -> Path:
        """The file with the secret."""
        return self.folder.with_name("identity")

    @property
    def file(self) -> Path:
        """The backup."""
        return self.folder / "site.age"

    @property
    def erased(self) -> Path:
        """The site's list of early erasures, which is there once something was erased early."""
        path = self.world.path / "erased.jsonl"
        path.touch()
        return path

    def back_up(self, progress: Callable[..., None] = lambda *_: None) -> BackedUp:
        """Make a backup."""
        return back_up(self.world.path, self.folder, self.recipient, progress)

    def restore(self, name: str = "new", progress: Callable[..., None] = lambda *_: None, **asked: Any) -> Restored:
        """Restore with the newest list and log, or as asked, into a folder of this name."""
        told = {"backup": self.file, "identity": self.identity, "erased": self.erased, "log": self.world.path / "log"}
        clock = self.world.clock
        return restore(
            Asked(**{**told, **asked}), self.there(name), progress=progress, clock=clock,
            source=lambda: int(clock.instant),
        )  # fmt: skip

    def there(self, name: str = "new") -> Path:
        """Return where a site is restored."""
        return self.world.path.parent / name

    def restored(self, name: str = "new") -> World:
        """Return the restored site."""
        return World(self.there(name), self.world.created, self.world.clock, self.world.extractor)


def faults(world: World, **more: Any) -> tuple[Any, ...]:
    """Audit a site's log with the key that outsiders have; return the faults."""
    key = (world.path / "keys" / "log.pub").read_text()
    given: dict[str, Any] = {"bodies": None, "receipts": (), **more}
    return tuple(audit(world.path / "log", key, now_ms=int(world.clock.instant), **given).faults)
