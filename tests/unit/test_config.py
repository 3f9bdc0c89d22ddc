"""The environment is read once, with units and bounds; a wrong value starts nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from countenance.config import SETTINGS, read_settings
from countenance.errors import ConfigurationError


def test_defaults_are_safe() -> None:
    """An empty environment gives the shipped pipeline and two inference processes."""
    settings = read_settings({})
    assert (settings.pipeline, settings.workers, settings.weights_manifest) == ("shipped", 2, None)


def test_values_are_read() -> None:
    """Every setting that the table names is taken from the environment."""
    settings = read_settings(
        {
            "COUNTENANCE_CACHE": "/srv/c",
            "COUNTENANCE_WEIGHTS": "/srv/m.json",
            "COUNTENANCE_PIPELINE": "full-fp32",
            "COUNTENANCE_WORKERS": "3",
            "COUNTENANCE_TIMEOUT_S": "2.5",
        }
    )
    assert settings.cache == Path("/srv/c")
    assert settings.weights_manifest == Path("/srv/m.json")
    assert (settings.pipeline, settings.workers, settings.timeout_s) == ("full-fp32", 3, 2.5)


@pytest.mark.parametrize(
    "name,value",
    [
        ("COUNTENANCE_PIPELINE", "fast"),
        ("COUNTENANCE_WORKERS", "0"),
        ("COUNTENANCE_WORKERS", "many"),
        ("COUNTENANCE_TIMEOUT_S", "nan"),
    ],
)
def test_wrong_values_are_refused_by_name(name: str, value: str) -> None:
    """A value out of bounds is refused with the variable's name and what it may be."""
    with pytest.raises(ConfigurationError) as caught:
        read_settings({name: value})
    assert caught.value.code == "config.invalid"
    assert name in caught.value.diagnostics()


def test_every_setting_is_documented() -> None:
    """The page of settings names each one with its default."""
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text()
    for setting in SETTINGS:
        assert f"`{setting.name}`" in page
        assert setting.help in page
