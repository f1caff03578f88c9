"""Plugins describe settings, and operators set them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from wayfellow.config import Config
from wayfellow.errors import WayfellowError
from wayfellow.host import PluginHost
from wayfellow.testing.plugins import make_plugin
from wayfellow.types import (
    Permission,
    Setting,
)

GOOD = make_plugin(register_permissions=[Permission("good.read", "read")])

Load = Callable[..., PluginHost]


SETTINGS = make_plugin(
    register_settings=lambda: [
        Setting("depth", "Depth", 3),
        Setting("weight", "Weight", 0.5),
        Setting("mode", "Mode", "fast", options=("fast", "slow")),
        Setting("stem", "Stem", True),
        Setting("extra", "Extra", None),
    ]
)


def test_settings_have_defaults_and_the_operator_sets_others(calm: Config, load: Load) -> None:
    chosen = replace(calm, plugin_settings={"deep": {"depth": 7, "weight": 1, "extra": [1]}, "absent": {"x": 1}})
    host = load(chosen, deep=SETTINGS)
    assert host.settings("deep") == {"depth": 7, "weight": 1, "mode": "fast", "stem": True, "extra": [1]}
    assert host.all_settings()["deep.depth"] == 7
    assert host.settings("absent") == {}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"depht": 1}, r"wayfellow.toml: \[plugin.deep\] depht is not a setting of that plugin. Did you mean depth\?"),
        ({"xyz": 1}, "It knows: depth, weight, mode, stem, extra"),
        ({"depth": "3"}, r"\[plugin.deep\] depth is '3'. Write a value like 3"),
        ({"depth": True}, "depth is True. Write a value like 3"),
        ({"stem": 1}, "stem is 1. Write a value like True"),
        ({"weight": "heavy"}, "Write a value like 0.5"),
        ({"mode": "medium"}, "mode is 'medium'. Choose one of: fast, slow"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_sentence(
    values: dict[str, Any], sentence: str, calm: Config, load: Load
) -> None:
    wrong = replace(calm, plugin_settings={"deep": values}, path=Path("wayfellow.toml"))
    with pytest.raises(WayfellowError, match=sentence):
        load(wrong, deep=SETTINGS)


def test_a_plugin_without_settings_says_so(calm: Config, load: Load) -> None:
    with pytest.raises(WayfellowError, match="It has no settings: remove the line"):
        load(replace(calm, plugin_settings={"good": {"x": 1}}), good=GOOD)
