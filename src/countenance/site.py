"""A site is one folder: its settings, charters, keys, database and public log; and the lock that one process holds.

::

    site.toml          which site this is, where it serves, how often its log is published
    charters/          what it may do
    keys/              wrapping and signing keys; back these up apart from db/
    operating-points/  thresholds with their evidence that this site signed; likewise policies/ and notices/
    db/                everything stored, sealed
    log/               what outsiders audit
    site.lock          held while a process works on the site; the kernel lets go when the process ends, however it ends
    run.json           where it is served, while it is served
"""

from __future__ import annotations

import difflib
import fcntl
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from countenance.errors import ConfigurationError, SiteError

LAYOUT = 1
_FOLDERS = ("charters", "keys", "db", "log")
_LATER_FOLDERS = ("operating-points",)  # made with a new site and missed in none: sites of 0.1.0 have none
_SETTINGS_FILE = "site.toml"
_UNUSABLE_IN_PATH = "?#\n"  # a database address would end there


class SiteProfile(StrEnum):
    """Whether a site decides about people or is being tried out."""

    TRIAL = "trial"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class SiteSetting:
    """One line of ``site.toml``: what it may hold, what ``create`` writes, and the help beside it."""

    kind: type[str | int]
    default: str | int
    help: str
    allowed: str
    holds: Callable[[Any], object]
    """Says whether a value of this kind is allowed."""


SITE_SETTINGS: Mapping[str, SiteSetting] = {
    "site_id": SiteSetting(
        str, "", "names the site in messages", "1 to 63 letters, digits, dots, dashes or underscores",
        re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}").fullmatch,
    ),
    "profile": SiteSetting(
        str, "trial", "trial, or production once its operating point is measured", "trial or production",
        frozenset(SiteProfile).__contains__,
    ),
    "log_origin": SiteSetting(
        str, "", "names the log in every tree head; never change it", "a URL without scheme, as border.example/lane-7",
        re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}").fullmatch,
    ),
    "host": SiteSetting(
        str, "127.0.0.1", "address the service listens on", "an address or host name",
        re.compile(r"[A-Za-z0-9._:-]{1,253}").fullmatch,
    ),
    "port": SiteSetting(int, 8433, "TCP port the service listens on", "1 to 65535", range(1, 65_536).__contains__),
    "inference_workers": SiteSetting(
        int, 0, "processes, one core each; 0: as COUNTENANCE_WORKERS says", "0 to 64", range(65).__contains__,
    ),
    "batch_seconds": SiteSetting(int, 300, "time between log batches", "1 to 86400", range(1, 86_401).__contains__),
    "include_within_seconds": SiteSetting(
        int, 600, "deadline in receipts; at least batch_seconds", "1 to 604800", range(1, 604_801).__contains__,
    ),
}  # fmt: skip
"""Every setting of a site, in the order of the file. All are there, none is unknown, or the site does not open."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site folder, opened: its settings as they stand in ``site.toml`` (meanings in ``SITE_SETTINGS``)."""

    path: Path
    """Absolute."""
    site_id: str
    profile: SiteProfile
    log_origin: str
    host: str
    port: int
    inference_workers: int
    batch_seconds: int
    include_within_seconds: int

    @property
    def charters(self) -> Path:
        """Folder of charters, one YAML file each."""
        return self.path / "charters"

    @property
    def keys(self) -> Path:
        """Folder of wrapping and signing keys, and ``log.pub``."""
        return self.path / "keys"

    @property
    def operating_points(self) -> Path:
        """Folder of the operating points that this site signed, each with its signature; may not be there."""
        return self.path / "operating-points"

    @property
    def log(self) -> Path:
        """Folder that outsiders audit; holds nothing else."""
        return self.path / "log"

    @property
    def db_url(self) -> str:
        """Address of the database for ``storage.open_database``."""
        return f"sqlite:///{self.path / 'db' / 'countenance.db'}"

    @property
    def run_info(self) -> Path:
        """File in which a service says where it listens, for the CLI; there only while it is served."""
        return self.path / "run.json"

    @classmethod
    def create(cls, path: Path, **settings: str | int) -> Site:
        """Make a new site in a folder that is empty or not there; folders 0700, ``site.toml`` last.

        ``settings`` replace the defaults of ``SITE_SETTINGS``. ``site_id`` is the folder's name by default, and
        ``log_origin`` is ``countenance.local/`` and the site id.

        Raises:
            SiteError: ``site.not_empty``, ``site.bad_path`` or ``site.unwritable``.
            ConfigurationError: ``config.unknown_key`` or ``config.invalid``: nothing was made.
        """
        folder = _usable(path)
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", folder.name).strip("-._")[:63] or "site"
        defaults = {key: setting.default for key, setting in SITE_SETTINGS.items()}
        chosen = {**defaults, "site_id": name, **settings}
        chosen["log_origin"] = chosen["log_origin"] or f"countenance.local/{chosen['site_id']}"
        site = cls(path=folder, **_checked(chosen))
        _make(folder, chosen)
        return site

    @classmethod
    def open(cls, path: Path) -> Site:
        """Return the site in this folder.

        Raises:
            SiteError: ``site.missing``, ``site.incomplete``, ``site.other_layout`` or ``site.bad_path``.
            ConfigurationError: ``config.unreadable``, ``config.unknown_key``, ``config.missing`` or ``config.invalid``.
        """
        folder = _usable(path)
        settings = _read(folder / _SETTINGS_FILE)
        if settings.pop("layout", None) != LAYOUT:
            raise SiteError(
                "site.other_layout", f"The site {folder.name} has another layout than {LAYOUT}.",
                remedy="Open it with the version of countenance that made it.",
            )  # fmt: skip
        site = cls(path=folder, **_checked(settings))
        for name in _FOLDERS:
            if not (folder / name).is_dir():
                raise SiteError(
                    "site.incomplete", f"The site {folder.name} has no folder {name}/.",
                    remedy=f"Restore {name}/ from the site's backup; do not make an empty one.",
                )  # fmt: skip
        return site


class SiteLock:
    """The right to work on a site: one process at a time. A context manager.

    The kernel holds it for this process's open file, so it ends with the process, also after kill -9. Programs started
    by exec do not inherit it; a process forked without exec would keep it alive, so start helpers by spawn.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._handle = -1

    def __enter__(self) -> Self:
        """Take the lock at once.

        Raises:
            SiteError: ``site.locked``, naming the process that has it.
        """
        handle = os.open(self._site.path / "site.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(handle)
            raise SiteError(
                "site.locked",
                f"The site {self._site.site_id} is in use by another process (pid {holder}).",
                remedy="While it is served, commands go to it over HTTP; to work on it here, stop that process first.",
            ) from error
        os.truncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        self._handle = handle
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the lock back."""
        os.close(self._handle)


def _usable(path: Path) -> Path:
    folder = path.absolute()
    if any(character in str(folder) for character in _UNUSABLE_IN_PATH):
        raise SiteError(
            "site.bad_path", "The site's path holds a question mark, a number sign or a line break.",
            remedy="Move the site to a folder whose path has none of them.",
        )  # fmt: skip
    return folder


def _read(path: Path) -> dict[str, object]:
    try:
        return dict(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise SiteError(
            "site.missing", f"There is no site in {path.parent.name}: it holds no {path.name}.",
            remedy="Name the site's folder, or make a site with: countenance init",
        ) from error  # fmt: skip
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(
            "config.unreadable", f"{path.name} cannot be read: {error}",
            remedy="Correct the file; its lines look like: port = 8433",
        ) from error  # fmt: skip


def _checked(settings: Mapping[str, object]) -> dict[str, Any]:
    """Return the settings for :class:`Site`: every one there, none unknown, each as it may be."""
    for name in settings:
        if name not in SITE_SETTINGS:
            near = difflib.get_close_matches(name, SITE_SETTINGS, n=1, cutoff=0.0)[0]
            raise ConfigurationError(
                "config.unknown_key",
                f"site.toml has a setting {name!r} that countenance does not know.",
                remedy=f"Did you mean {near!r}? Correct it or take the line out.",
            )
    for name, setting in SITE_SETTINGS.items():
        if name not in settings:
            raise ConfigurationError(
                "config.missing",
                f"site.toml has no setting {name!r}.",
                remedy=f"Add a line for it: {setting.help}; {setting.allowed}.",
            )
        value = settings[name]
        if isinstance(value, bool) or not isinstance(value, setting.kind) or not setting.holds(value):
            raise _invalid(name, value, setting.allowed)
    checked: dict[str, Any] = {**settings, "profile": SiteProfile(str(settings["profile"]))}
    if checked["include_within_seconds"] < checked["batch_seconds"]:
        raise _invalid("include_within_seconds", checked["include_within_seconds"], "at least batch_seconds")
    return checked


def _invalid(name: str, value: object, allowed: str) -> ConfigurationError:
    return ConfigurationError(
        "config.invalid", f"{name} is {value!r}.", remedy=f"Set {name} in site.toml to {allowed}."
    )


def _make(folder: Path, settings: Mapping[str, str | int]) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise SiteError(
                "site.not_empty", f"The folder {folder.name} is not empty.",
                remedy="Name an empty or a new folder; a site is never made over something else.",
            )  # fmt: skip
        folder.chmod(0o700)
        for name in (*_FOLDERS, *_LATER_FOLDERS):
            (folder / name).mkdir(mode=0o700)
        (folder / _SETTINGS_FILE).touch(mode=0o600, exist_ok=False)
        (folder / _SETTINGS_FILE).write_text(_toml(settings), encoding="utf-8")
    except OSError as error:
        raise SiteError(
            "site.unwritable", f"The site {folder.name} cannot be made ({error.strerror}).",
            remedy="Name a folder that you may write to, on a disk with space.",
        ) from error  # fmt: skip


def _toml(settings: Mapping[str, str | int]) -> str:
    """Return the file; no setting that passed its check holds a character that TOML text must escape."""
    lines = ["# One countenance site; read once, at start.", f"layout = {LAYOUT}"]
    for name, setting in SITE_SETTINGS.items():
        value = settings[name]
        text = str(value) if isinstance(value, int) else f'"{value}"'
        lines.append(f"{name} = {text}  # {setting.help}")
    return "\n".join(lines) + "\n"
