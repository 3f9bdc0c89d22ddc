"""What ``site.toml`` may say: every setting with its default and help; read, checked, written."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from countenance.errors import ConfigurationError, SiteError


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
    later: bool = False
    """Came after 0.1.0: a site that does not state it has the default."""


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
    "key_holder": SiteSetting(
        str, "file", "who holds the keys that wrap: files in keys/, or a PKCS#11 token", "file or pkcs11",
        frozenset({"file", "pkcs11"}).__contains__, later=True,
    ),
    "pkcs11_module": SiteSetting(
        str, "", "the token's library, an absolute path", "an absolute path of letters, digits and . _ + - /",
        re.compile(r"(/[A-Za-z0-9._+/-]{1,4094})?").fullmatch, later=True,
    ),
    "pkcs11_token": SiteSetting(
        str, "", "the token's label", "a token's label: up to 32 letters, digits, spaces and . _ -",
        re.compile(r"[A-Za-z0-9 ._-]{0,32}").fullmatch, later=True,
    ),
    "pkcs11_pin_file": SiteSetting(
        str, "", "its PIN in a file of mode 0600; empty: as COUNTENANCE_PKCS11_PIN says",
        "an absolute path of letters, digits and . _ + - /, or empty",
        re.compile(r"(/[A-Za-z0-9._+/-]{1,4094})?").fullmatch, later=True,
    ),
    "portraits": SiteSetting(
        str, "", "where references of travel documents are asked for; empty: nowhere",
        "an absolute path or an https:// address of letters, digits and . _ + - / :, or empty",
        re.compile(r"((/|https://[A-Za-z0-9])[A-Za-z0-9._+:/-]{1,4094})?").fullmatch, later=True,
    ),
    "csca_store": SiteSetting(
        str, "", "folder of CSCA certificates that chips are checked against; empty: no chip is believed",
        "an absolute path of letters, digits and . _ + - /, or empty",
        re.compile(r"(/[A-Za-z0-9._+/-]{1,4094})?").fullmatch, later=True,
    ),
}  # fmt: skip
"""Every setting of a site, in the order of the file: none unknown, only later ones missing, or it does not open."""


def read_settings_file(path: Path) -> dict[str, object]:
    """Return what the file says, unchecked.

    Raises:
        SiteError: ``site.missing``.
        ConfigurationError: ``config.unreadable``.
    """
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


def checked(settings: Mapping[str, object]) -> dict[str, Any]:
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
        if name not in settings and not setting.later:
            raise ConfigurationError(
                "config.missing",
                f"site.toml has no setting {name!r}.",
                remedy=f"Add a line for it: {setting.help}; {setting.allowed}.",
            )
        value = settings.get(name, setting.default)
        if isinstance(value, bool) or not isinstance(value, setting.kind) or not setting.holds(value):
            raise _invalid(name, value, setting.allowed)
    later = {name: setting.default for name, setting in SITE_SETTINGS.items() if setting.later}
    found: dict[str, Any] = {**later, **settings, "profile": SiteProfile(str(settings["profile"]))}
    if found["include_within_seconds"] < found["batch_seconds"]:
        raise _invalid("include_within_seconds", found["include_within_seconds"], "at least batch_seconds")
    for name in ("pkcs11_module", "pkcs11_token"):
        if found["key_holder"] == "pkcs11" and not found[name]:
            raise _invalid(name, "", f"{SITE_SETTINGS[name].allowed}, as key_holder is 'pkcs11'")
    return found


def _invalid(name: str, value: object, allowed: str) -> ConfigurationError:
    return ConfigurationError(
        "config.invalid", f"{name} is {value!r}.", remedy=f"Set {name} in site.toml to {allowed}."
    )


def as_toml(settings: Mapping[str, str | int], layout: int) -> str:
    """Return the file; no setting that passed its check holds a character that TOML text must escape."""
    lines = ["# One countenance site; read once, at start.", f"layout = {layout}"]
    for name, setting in SITE_SETTINGS.items():
        value = settings[name]
        text = str(value) if isinstance(value, int) else f'"{value}"'
        lines.append(f"{name} = {text}  # {setting.help}")
    return "\n".join(lines) + "\n"
