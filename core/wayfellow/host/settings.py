"""Check the values that an operator gave a plugin against the settings that the plugin describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from wayfellow.config import Config
from wayfellow.errors import WayfellowError
from wayfellow.types import JSON, Setting


def read_values(name: str, settings: Sequence[Setting], config: Config) -> Mapping[str, JSON]:
    """Return a plugin's values by key, defaults where the operator set none.

    Raises WayfellowError for a key that the plugin doesn't know, a value of another type, or one not to choose from.
    """
    known = {setting.key: setting for setting in settings}
    values: dict[str, JSON] = {setting.key: setting.default for setting in settings}
    for key, value in config.plugin_settings.get(name, {}).items():
        place = f"{config.path or 'The configuration'}: [plugin.{name}] {key}"
        if key not in known:
            raise WayfellowError(f"{place} is not a setting of that plugin. {_way_out(key, known)}")
        check_value(place, known[key], value)
        values[key] = value
    return values


def _way_out(key: str, known: Mapping[str, Setting]) -> str:
    close = get_close_matches(key, known, n=1)
    if close:
        return f"Did you mean {close[0]}?"
    return f"It knows: {', '.join(known)}." if known else "It has no settings: remove the line."


def check_value(place: str, setting: Setting, value: Any) -> None:
    """Raise WayfellowError, which names the place, unless a value is what its setting wants."""
    if setting.options and value not in setting.options:
        raise WayfellowError(f"{place} is {value!r}. Choose one of: {', '.join(setting.options)}.")
    default = setting.default
    wanted = (int, float) if isinstance(default, float) else type(default)
    # A bool is an int to Python, but not to the person who wrote the file.
    if default is not None and (not isinstance(value, wanted) or isinstance(value, bool) != isinstance(default, bool)):
        said = "of the wrong kind" if setting.secret else repr(value)
        raise WayfellowError(f"{place} is {said}. Write a value like {default!r}.")
    if isinstance(value, int | float):
        if setting.least is not None and value < setting.least:
            raise WayfellowError(f"{place} is {value!r}. Write {setting.least} or more.")
        if setting.most is not None and value > setting.most:
            raise WayfellowError(f"{place} is {value!r}. Write {setting.most} or less.")
