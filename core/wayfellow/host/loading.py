"""Load plugins so that each stands or falls alone: import, declare hooks, check, register, gather."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wayfellow.config import Config
from wayfellow.host.calls import CONTAINED, Calls, SessionFactory, log, run
from wayfellow.host.contributions import gather
from wayfellow.host.discovery import Candidate, check_name, find_translations
from wayfellow.host.errors import PluginRefused, describe
from wayfellow.host.implementations import check_implementation, check_specs, find_implementations
from wayfellow.host.records import Contributions, Health, PluginInfo
from wayfellow.host.settings import read_values
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
)
from wayfellow.words import Catalogues

if TYPE_CHECKING:
    from wayfellow.db import Base


class Loading(Calls):
    """Hold what the plugins of one deployment are made of."""

    def __init__(self, config: Config, session_factory: SessionFactory | None = None) -> None:
        super().__init__(config.strict, session_factory)
        self._config = config
        self._brought: dict[str, Contributions] = {}
        self._translations: dict[str, Path | None] = {}
        self._refresh()

    def _load(self, candidates: Sequence[Candidate]) -> None:
        imported: dict[str, object] = {}
        for candidate in candidates:
            self._import(candidate, imported)
        loaded = [name for name in imported if self._declare_hooks(name, imported[name])]
        loaded = [name for name in loaded if self._check_hooks(name, imported[name])]
        for name in reversed(loaded):  # pluggy calls the last registered first
            with self._unloading(name):
                self._manager.register(imported[name], name)
        for implementation in self._implementations("assign_matches"):
            self._witness.watch(implementation)
        for name in loaded:
            self._gather(name)
        self._refresh()

    def _import(self, candidate: Candidate, imported: dict[str, object]) -> None:
        name = candidate.name
        info = PluginInfo(name, candidate.version, candidate.origin)
        if name in self._infos:
            reason = f"{self._infos[name].origin} brings a plugin of that name already: uninstall one of them"
            self._doubles.append(replace(info, health=Health.UNLOADED, error=reason))
            log.error("plugin unloaded", extra={"plugin": name, "origin": candidate.origin, "reason": reason})
            return
        self._infos[name] = info
        if name in self._config.disabled_plugins:
            self._infos[name] = replace(info, health=Health.DISABLED, error="switched off in the configuration")
            return
        with self._unloading(name):
            check_name(name)
            imported[name] = candidate.load()
            self._translations[name] = find_translations(imported[name])

    def _declare_hooks(self, name: str, plugin: object) -> bool:
        with self._unloading(name):
            implementation = find_implementations(self._manager, plugin).get("register_hookspecs")
            if implementation is not None:
                check_implementation("register_hookspecs", implementation, self._specs())
                for module in run(implementation, {"host": self}):
                    check_specs(self._manager, module, self._specs())
                    self._manager.add_hookspecs(module)
            return True
        return False

    def _check_hooks(self, name: str, plugin: object) -> bool:
        with self._unloading(name):
            found = find_implementations(self._manager, plugin)
            for hook, implementation in found.items():
                check_implementation(hook, implementation, self._specs())
            self._infos[name] = replace(self._infos[name], hooks=tuple(sorted(found)))
            return True
        return False

    def _gather(self, name: str) -> None:
        with self._unloading(name):
            self._brought[name] = gather(name, lambda hook: self._ask_one(name, hook), self._brought.values())
        if name in self._brought:
            # Outside: what an operator wrote wrongly is no fault of the plugin, and stops the start.
            values = read_values(name, self._brought[name].settings, self._config)
            self._brought[name] = replace(self._brought[name], values=values)

    def _ask_one(self, name: str, hook: str) -> Any:
        for implementation in self._implementations(hook):
            if implementation.plugin_name == name:
                return run(implementation, {})
        return None

    def _specs(self) -> dict[str, tuple[str, ...]]:
        callers = vars(self._manager.hook).items()
        return {name: tuple(caller.spec.argnames) for name, caller in callers if caller.spec is not None}

    @contextmanager
    def _unloading(self, name: str) -> Iterator[None]:
        """Unload one plugin when it fails, and say why; raise instead when the configuration is strict."""
        try:
            yield
        except CONTAINED as error:
            if self._strict:
                raise PluginRefused(f"The plugin {name!r} can't be loaded: {describe(error)}") from error
            self._unload(name, describe(error))
            log.error("plugin unloaded", extra={"plugin": name, "reason": describe(error)}, exc_info=error)

    def _unload(self, name: str, reason: str) -> None:
        if self._manager.has_plugin(name):
            self._manager.unregister(name=name)
        self._brought.pop(name, None)
        self._infos[name] = replace(self._infos[name], health=Health.UNLOADED, error=reason)
        self._refresh()

    def _refresh(self) -> None:
        """Put together what the loaded plugins registered; due whenever the set of them changes."""
        each = list(self._brought.values())
        self.words = Catalogues(folder for name in self._brought if (folder := self._translations[name]))
        self.permissions: Mapping[str, Permission] = {p.name: p for c in each for p in c.permissions}
        self.profile_fields: tuple[ProfileField, ...] = tuple(chain.from_iterable(c.profile_fields for c in each))
        self.goal_kinds: tuple[GoalKind, ...] = tuple(chain.from_iterable(c.goal_kinds for c in each))
        self.criterion_kinds: Mapping[str, CriterionKind] = {kind.key: kind for c in each for kind in c.criteria}
        self.models: tuple[type[Base], ...] = tuple(chain.from_iterable(c.models for c in each))
        self.migrations: Mapping[str, Migrations] = {
            name: c.migrations for name, c in self._brought.items() if c.migrations is not None
        }
        self.jobs: tuple[Job, ...] = tuple(chain.from_iterable(c.jobs for c in each))
        self.channels: tuple[Channel, ...] = tuple(chain.from_iterable(c.channels for c in each))
        self.message_kinds: tuple[MessageKind, ...] = tuple(chain.from_iterable(c.message_kinds for c in each))
        self.formats: tuple[Format, ...] = tuple(chain.from_iterable(c.formats for c in each))
        self.kpis: tuple[Kpi, ...] = tuple(chain.from_iterable(c.kpis for c in each))
        self.demo_parts: tuple[DemoPart, ...] = tuple(chain.from_iterable(c.demo_parts for c in each))
