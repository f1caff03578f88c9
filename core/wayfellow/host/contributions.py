"""Gather what a plugin registers at start-up, and refuse what would clash or lie outside its own name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wayfellow.host.answers import check_all
from wayfellow.host.errors import PluginRefused
from wayfellow.host.records import Contributions
from wayfellow.tabular.columns import CORE_COLUMNS, PROFILE_FIELDS
from wayfellow.types import (
    Channel,
    CriterionKind,
    DemoPart,
    Format,
    GoalKind,
    Job,
    Kpi,
    MessageKind,
    Migrations,
    Permission,
    ProfileField,
    Setting,
)

#: What core brings itself, so that a plugin can't.
CORE_KEYS: Mapping[str, frozenset[str]] = {
    "format": frozenset({"csv", "xlsx"}),
    "channel": frozenset({"email"}),
    "profile field": frozenset([field.key for field in PROFILE_FIELDS] + [column.key for column in CORE_COLUMNS]),
}

_KINDS: Mapping[str, type] = {
    "settings": Setting,
    "models": type,
    "profile_fields": ProfileField,
    "goal_kinds": GoalKind,
    "criteria": CriterionKind,
    "permissions": Permission,
    "jobs": Job,
    "channels": Channel,
    "message_kinds": MessageKind,
    "formats": Format,
    "kpis": Kpi,
    "demo_parts": DemoPart,
}

#: How each kind of thing is named, and how that name must go on after the plugin's.
_NAMES: Mapping[str, tuple[str | None, Callable[[Contributions], list[str]]]] = {
    "setting": (None, lambda c: [setting.key for setting in c.settings]),
    "table": ("_", lambda c: [model.__tablename__ for model in c.models]),
    "permission": (".", lambda c: [permission.name for permission in c.permissions]),
    "job": (".", lambda c: [job.kind for job in c.jobs]),
    "key figure": (".", lambda c: [kpi.key for kpi in c.kpis]),
    "profile field": (None, lambda c: [field.key for field in c.profile_fields]),
    "goal kind": (None, lambda c: [kind.key for kind in c.goal_kinds]),
    "kind of criteria": (None, lambda c: [kind.key for kind in c.criteria]),
    "message kind": (".", lambda c: [kind.key for kind in c.message_kinds]),
    "channel": (None, lambda c: [channel.key for channel in c.channels]),
    "format": (None, lambda c: [file_format.suffix for file_format in c.formats]),
}


def gather(name: str, ask: Callable[[str], Any], earlier: Iterable[Contributions]) -> Contributions:
    """Ask a plugin for all that it registers at start-up.

    ``ask`` calls one hook of the plugin, None where it has none; ``earlier`` holds what others brought. Raises
    PluginRefused or BadAnswer for what breaks a rule.
    """
    brought: dict[str, Any] = {
        what: tuple(check_all(ask(f"register_{what}") or (), kind)) for what, kind in _KINDS.items()
    }
    mine = Contributions(**brought, migrations=_migrations(ask("register_migrations")))
    others = list(earlier)
    for what, (separator, keys) in _NAMES.items():
        _check_prefix(name, what, separator, keys(mine))
        # Settings live below their plugin's name, so only its own can clash.
        clashing = set() if what == "setting" else {key for other in others for key in keys(other)}
        _check_unique(what, keys(mine), clashing | CORE_KEYS.get(what, frozenset()))
    return mine


def check_blueprints(plugin: str, blueprints: list[Any]) -> list[Any]:
    """Return blueprints whose names lie below the plugin's; raise PluginRefused for others."""
    for blueprint in blueprints:
        if blueprint.name != plugin and not blueprint.name.startswith(f"{plugin}_"):
            raise PluginRefused(f"its blueprint {blueprint.name!r} must be named {plugin!r} or start with '{plugin}_'")
    return blueprints


def _migrations(answer: Any) -> Migrations | None:
    if answer is None:
        return None
    if not isinstance(answer, Migrations) or not answer.directory.is_dir():
        raise PluginRefused(f"register_migrations must name a folder that exists, not {answer!r}")
    return answer


def _check_prefix(name: str, what: str, separator: str | None, keys: list[str]) -> None:
    for key in keys:
        if separator is not None and not key.startswith(name + separator):
            raise PluginRefused(f"its {what} {key!r} must have a name that starts with {name + separator!r}")


def _check_unique(what: str, keys: list[str], taken: set[str]) -> None:
    for position, key in enumerate(keys):
        if key in taken or key in keys[:position]:
            raise PluginRefused(f"it brings the {what} {key!r}, which exists already")
