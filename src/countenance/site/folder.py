"""A site as a folder: made once, opened whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from countenance.errors import SiteError
from countenance.site.settings import SITE_SETTINGS, SiteProfile, as_toml, checked, read_settings_file

LAYOUT = 1
_FOLDERS = ("charters", "keys", "db", "log")
_LATER_FOLDERS = ("operating-points",)  # made with a new site and missed in none: sites of 0.1.0 have none
_SETTINGS_FILE = "site.toml"
_UNUSABLE_IN_PATH = "?#\n"  # a database address would end there


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
    key_holder: str
    pkcs11_module: str
    pkcs11_token: str
    pkcs11_pin_file: str
    portraits: str
    csca_store: str

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
        site = cls(path=folder, **checked(chosen))
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
        settings = read_settings_file(folder / _SETTINGS_FILE)
        if settings.pop("layout", None) != LAYOUT:
            raise SiteError(
                "site.other_layout", f"The site {folder.name} has another layout than {LAYOUT}.",
                remedy="Open it with the version of countenance that made it.",
            )  # fmt: skip
        site = cls(path=folder, **checked(settings))
        for name in _FOLDERS:
            if not (folder / name).is_dir():
                raise SiteError(
                    "site.incomplete", f"The site {folder.name} has no folder {name}/.",
                    remedy=f"Restore {name}/ from the site's backup; do not make an empty one.",
                )  # fmt: skip
        return site


def _usable(path: Path) -> Path:
    folder = path.absolute()
    if any(character in str(folder) for character in _UNUSABLE_IN_PATH):
        raise SiteError(
            "site.bad_path", "The site's path holds a question mark, a number sign or a line break.",
            remedy="Move the site to a folder whose path has none of them.",
        )  # fmt: skip
    return folder


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
        (folder / _SETTINGS_FILE).write_text(as_toml(settings, LAYOUT), encoding="utf-8")
    except OSError as error:
        raise SiteError(
            "site.unwritable", f"The site {folder.name} cannot be made ({error.strerror}).",
            remedy="Name a folder that you may write to, on a disk with space.",
        ) from error  # fmt: skip
