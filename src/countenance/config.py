"""The environment, read once into frozen settings with units. What belongs to one site stands in its ``site.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from countenance.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, default as text, and help. ``docs/settings.md`` lists exactly these."""

    name: str
    default: str
    help: str


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "COUNTENANCE_CACHE", "~/.cache/countenance", "Folder for the folded weights; checked by hash at each start."
    ),
    Setting(
        "COUNTENANCE_WEIGHTS", "", "Manifest (JSON) of an operator's own recognition ONNX; empty = the packaged one."
    ),
    Setting(
        "COUNTENANCE_PIPELINE",
        "shipped",
        "'shipped' (as fast as this processor can), 'shipped-fp32' (the same on every processor) or 'full-fp32'.",
    ),
    Setting("COUNTENANCE_WORKERS", "2", "Inference processes, one core each (1 to 64)."),
    Setting(
        "COUNTENANCE_TIMEOUT_S",
        "10",
        "Seconds an inference process may take for one request, eight photographs at most, before it is replaced.",
    ),
    Setting("COUNTENANCE_PKCS11_PIN", "", "PIN of the token that holds keys, where site.toml names no file with it."),
    Setting("COUNTENANCE_PORTRAITS_TOKEN", "", "Bearer token for the HTTP service that has portraits."),
    Setting(
        "COUNTENANCE_PORTRAITS_CA",
        "",
        "PEM file of the CA certificates that alone are believed of that service; empty = this machine's.",
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says about this machine, not about a site."""

    cache: Path
    weights_manifest: Path | None
    pipeline: str
    workers: int
    timeout_s: float
    pkcs11_pin: str = field(default="", repr=False)
    portraits_token: str = field(default="", repr=False)
    portraits_ca: str = ""


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings that ``environ`` states, defaults filled in.

    Raises:
        ConfigurationError: ``config.invalid``, naming the variable and what it may be.
    """
    values = {setting.name: environ.get(setting.name, setting.default) for setting in SETTINGS}
    pipeline = values["COUNTENANCE_PIPELINE"]
    if pipeline not in {"shipped", "shipped-fp32", "full-fp32"}:
        raise _invalid("COUNTENANCE_PIPELINE", pipeline, "'shipped', 'shipped-fp32' or 'full-fp32'")
    manifest = values["COUNTENANCE_WEIGHTS"]
    return Settings(
        cache=Path(values["COUNTENANCE_CACHE"]).expanduser(),
        weights_manifest=Path(manifest).expanduser() if manifest else None,
        pipeline=pipeline,
        workers=int(_number(values, "COUNTENANCE_WORKERS", 1, 64)),
        timeout_s=_number(values, "COUNTENANCE_TIMEOUT_S", 0.1, 600),
        pkcs11_pin=values["COUNTENANCE_PKCS11_PIN"],
        portraits_token=values["COUNTENANCE_PORTRAITS_TOKEN"],
        portraits_ca=values["COUNTENANCE_PORTRAITS_CA"],
    )


def _number(values: Mapping[str, str], name: str, low: float, high: float) -> float:
    try:
        number = float(values[name])
    except ValueError:
        number = float("nan")
    if not low <= number <= high:
        raise _invalid(name, values[name], f"a number from {low:g} to {high:g}")
    return number


def _invalid(name: str, value: str, allowed: str) -> ConfigurationError:
    return ConfigurationError(
        "config.invalid", f"{name} is {value!r}.", remedy=f"Set {name} to {allowed}, or leave it out."
    )
