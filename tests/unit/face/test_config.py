"""Settings choose a configuration by what the processor can do, and names say all that templates depend on."""

from __future__ import annotations

from dataclasses import fields

import pytest

from countenance.errors import ConfigurationError
from countenance.face import FULL_FP32, SHIPPED, PipelineConfig, choose_config
from countenance.face.config import SHIPPED_BF16, SHIPPED_FP32
from countenance.face.engine import Precision, cpu_has_bf16


def test_shipped_takes_what_the_processor_has() -> None:
    """int8 with bf16 where the processor multiplies both natively, else the same in fp32."""
    assert choose_config("shipped") is (SHIPPED if cpu_has_bf16() else SHIPPED_FP32)


@pytest.mark.parametrize("config", [FULL_FP32, SHIPPED, SHIPPED_BF16, SHIPPED_FP32], ids=lambda config: config.name)
def test_every_configuration_has_a_name(config: PipelineConfig) -> None:
    """A setting that names a configuration gives that one."""
    assert choose_config(config.name) is config


def test_the_shipped_three_differ_in_precision_only() -> None:
    """The fp32 variant is what the bf16 one would be without rounding, and that what the int8 one would be."""
    narrow, one, other = SHIPPED.describe(), SHIPPED_BF16.describe(), SHIPPED_FP32.describe()
    assert {name for name in one if one[name] != other[name]} == {"precision"}
    assert narrow == {**one, "narrow": True}
    assert SHIPPED.precision is SHIPPED_BF16.precision is Precision.BF16
    assert FULL_FP32.precision is SHIPPED_FP32.precision is Precision.F32


def test_an_unknown_configuration_is_refused() -> None:
    """The remedy lists those that there are."""
    with pytest.raises(ConfigurationError) as error:
        choose_config("fastest")
    assert error.value.code == "config.pipeline"
    assert "'shipped'" in error.value.remedy
    assert "full-fp32" in error.value.remedy


def test_a_description_holds_every_field_but_the_label() -> None:
    """What the templates' name hashes has all that templates depend on; ``narrow`` only where it is so."""
    assert set(SHIPPED.describe()) == {field.name for field in fields(PipelineConfig)} - {"name"}
    assert set(SHIPPED.describe()) - set(FULL_FP32.describe()) == {"narrow"}
