"""Load the plugins of one deployment, and hold what they registered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from wayfellow.config import Config
from wayfellow.host.calls import CONTAINED, SessionFactory, _run
from wayfellow.host.contributions import gather
from wayfellow.host.discovery import Candidate, find_candidates, given_candidates, in_order
from wayfellow.host.errors import PluginRefused, describe
from wayfellow.host.facade import Facade
from wayfellow.host.implementations import check_implementation, find_implementations
from wayfellow.host.records import Contributions, Health, PluginInfo
from wayfellow.types import JSON, Channel, Format, GoalKind, Job, Kpi, Migrations, Permission, ProfileField

if TYPE_CHECKING:
    import click

    from wayfellow.db import Base

log = logging.getLogger("wayfellow.plugins")


class PluginHost(Facade):
    """Hold the plugins of one deployment; nothing else touches pluggy."""

    def __init__(self, config: Config, session_factory: SessionFactory | None = None) -> None:
        super().__init__(config.strict, session_factory)
        self._config = config
        self._brought: dict[str, Contributions] = {}
        self._refresh()

    @classmethod
    def load(
        cls,
        config: Config,
        *,
        plugins: Sequence[tuple[str, object]] | None = None,
        session_factory: SessionFactory | None = None,
    ) -> PluginHost:
        """Load the plugins that are installed, or those that are given as (name, module or object)."""
        host = cls(config, session_factory)
        candidates = find_candidates() if plugins is None else given_candidates(plugins)
        host._load(in_order(candidates, config))
        return host

    def settings(self, plugin: str) -> Mapping[str, JSON]:
        """Return the values of a plugin's settings, the defaults included; empty when it isn't loaded."""
        return self._brought[plugin].values if plugin in self._brought else {}

    def blueprints(self) -> list[tuple[str, Any]]:
        """Return new blueprints with their plugin's name; a plugin that fails is unloaded."""
        return self._on_demand("register_blueprints", self._check_blueprints)

    def commands(self, plugin: str) -> list[click.Command]:
        """Return the commands of a plugin; when it fails it is unloaded and there are none."""
        return [command for _, command in self._on_demand("register_commands", lambda name, found: found, plugin)]

    # Loading

    def _load(self, candidates: Sequence[Candidate]) -> None:
        imported: dict[str, object] = {}
        for candidate in candidates:
            self._import(candidate, imported)
        loaded = [name for name in imported if self._declare_hooks(name, imported[name])]
        loaded = [name for name in loaded if self._check_hooks(name, imported[name])]
        for name in reversed(loaded):  # pluggy calls the last registered first
            with self._unloading(name):
                self._manager.register(imported[name], name)
        for name in loaded:
            self._gather(name)
        self._refresh()

    def _import(self, candidate: Candidate, imported: dict[str, object]) -> None:
        name = candidate.name
        if name in self._infos:
            log.error("plugin left out", extra={"plugin": name, "reason": f"{candidate.origin} brings that name too"})
            return
        info = PluginInfo(name, candidate.version, candidate.origin)
        self._infos[name] = info
        if name in self._config.disabled_plugins:
            self._infos[name] = replace(info, health=Health.DISABLED, error="switched off in the configuration")
            return
        with self._unloading(name):
            imported[name] = candidate.load()

    def _declare_hooks(self, name: str, plugin: object) -> bool:
        with self._unloading(name):
            implementation = find_implementations(self._manager, plugin).get("register_hookspecs")
            if implementation is not None:
                check_implementation("register_hookspecs", implementation, self._specs())
                for module in _run(implementation, {"host": self}):
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
            self._brought[name] = gather(
                name, lambda hook: self._ask_one(name, hook), self._config, self._brought.values()
            )

    def _ask_one(self, name: str, hook: str) -> Any:
        for implementation in self._implementations(hook):
            if implementation.plugin_name == name:
                return _run(implementation, {"host": self})
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
                raise
            self._unload(name, describe(error))
            log.error("plugin unloaded", extra={"plugin": name, "reason": describe(error)}, exc_info=error)

    def _unload(self, name: str, reason: str) -> None:
        if self._manager.has_plugin(name):
            self._manager.unregister(name=name)
        self._brought.pop(name, None)
        self._infos[name] = replace(self._infos[name], health=Health.UNLOADED, error=reason)
        self._refresh()

    def _on_demand(
        self, hook: str, check: Callable[[str, list[Any]], list[Any]], only: str | None = None
    ) -> list[tuple[str, Any]]:
        answers: list[tuple[str, Any]] = []
        for implementation in self._implementations(hook):
            name = implementation.plugin_name
            if only in (None, name):
                with self._unloading(name):
                    answers += [(name, item) for item in check(name, list(_run(implementation, {})))]
        return answers

    @staticmethod
    def _check_blueprints(plugin: str, blueprints: list[Any]) -> list[Any]:
        for blueprint in blueprints:
            if blueprint.name != plugin and not blueprint.name.startswith(f"{plugin}_"):
                raise PluginRefused(
                    f"its blueprint {blueprint.name!r} must be named {plugin!r} or start with '{plugin}_'"
                )
        return blueprints

    def _refresh(self) -> None:
        """Put together what the loaded plugins registered; called whenever the set of them changes."""
        brought = list(self._brought.items())
        each = [contributions for _, contributions in brought]
        self.permissions: Mapping[str, Permission] = {p.name: p for c in each for p in c.permissions}
        self.profile_fields: tuple[ProfileField, ...] = tuple(chain.from_iterable(c.profile_fields for c in each))
        self.goal_kinds: tuple[GoalKind, ...] = tuple(chain.from_iterable(c.goal_kinds for c in each))
        self.models: tuple[type[Base], ...] = tuple(chain.from_iterable(c.models for c in each))
        self.migrations: Mapping[str, Migrations] = {name: c.migrations for name, c in brought if c.migrations}
        self.jobs: tuple[Job, ...] = tuple(chain.from_iterable(c.jobs for c in each))
        self.channels: tuple[Channel, ...] = tuple(chain.from_iterable(c.channels for c in each))
        self.formats: tuple[Format, ...] = tuple(chain.from_iterable(c.formats for c in each))
        self.kpis: tuple[Kpi, ...] = tuple(chain.from_iterable(c.kpis for c in each))
