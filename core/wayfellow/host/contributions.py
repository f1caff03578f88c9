"""Gather what a plugin registers at start-up, and refuse what would clash or lie outside its own name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wayfellow.config import Config
from wayfellow.errors import WayfellowError
from wayfellow.host.errors import PluginRefused
from wayfellow.host.records import Contributions
from wayfellow.types import JSON, Setting

Ask = Callable[[str], Any]

#: What core brings itself: a plugin can't bring it again.
CORE_FORMATS = frozenset({"csv", "xlsx"})


def gather(name: str, ask: Ask, config: Config, earlier: Iterable[Contributions]) -> Contributions:
    """Ask a plugin for all that it registers at start-up.

    ``ask`` calls one hook of the plugin, None where it has none; ``earlier`` holds what others brought. Raises
    PluginRefused for what breaks a rule, WayfellowError for an operator's setting that does not exist.
    """
    settings = tuple(ask("register_settings") or ())
    mine = Contributions(
        settings=settings,
        values=_values(name, settings, config),
        models=tuple(ask("register_models") or ()),
        migrations=ask("register_migrations"),
        profile_fields=tuple(ask("register_profile_fields") or ()),
        goal_kinds=tuple(ask("register_goal_kinds") or ()),
        permissions=tuple(ask("register_permissions") or ()),
        jobs=tuple(ask("register_jobs") or ()),
        channels=tuple(ask("register_channels") or ()),
        formats=tuple(ask("register_formats") or ()),
        kpis=tuple(ask("register_kpis") or ()),
    )
    _check_names(name, mine)
    _check_unique(mine, list(earlier))
    return mine


def _values(name: str, settings: tuple[Setting, ...], config: Config) -> Mapping[str, JSON]:
    values = {setting.key: setting.default for setting in settings}
    for key, value in config.plugin_settings.get(name, {}).items():
        if key not in values:
            raise WayfellowError(f"The configuration sets {key!r} in [plugin.{name}], which that plugin doesn't know.")
        values[key] = value
    return values


def _check_names(name: str, mine: Contributions) -> None:
    named = [
        ("table", "_", [model.__tablename__ for model in mine.models]),
        ("permission", ".", [permission.name for permission in mine.permissions]),
        ("job", ".", [job.kind for job in mine.jobs]),
        ("key figure", ".", [kpi.key for kpi in mine.kpis]),
    ]
    for what, separator, names in named:
        for given in names:
            if not given.startswith(name + separator):
                raise PluginRefused(f"its {what} {given!r} must have a name that starts with {name + separator!r}")


def _check_unique(mine: Contributions, earlier: list[Contributions]) -> None:
    for what, keys in _KEYS.items():
        taken = {key for other in earlier for key in keys(other)} | (CORE_FORMATS if what == "format" else set())
        for key in keys(mine):
            if key in taken:
                raise PluginRefused(f"it brings the {what} {key!r}, which exists already")
            taken.add(key)


_KEYS: Mapping[str, Callable[[Contributions], list[str]]] = {
    "profile field": lambda c: [field.key for field in c.profile_fields],
    "goal kind": lambda c: [kind.key for kind in c.goal_kinds],
    "channel": lambda c: [channel.key for channel in c.channels],
    "format": lambda c: [file_format.suffix for file_format in c.formats],
    "permission": lambda c: [permission.name for permission in c.permissions],
    "job": lambda c: [job.kind for job in c.jobs],
    "key figure": lambda c: [kpi.key for kpi in c.kpis],
}
