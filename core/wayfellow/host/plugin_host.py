"""Hold the plugins of one deployment, and what they registered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from wayfellow.config import Config
from wayfellow.host.calls import SessionFactory, run
from wayfellow.host.contributions import check_blueprints
from wayfellow.host.discovery import find_candidates, given_candidates, in_order
from wayfellow.host.facade import Facade
from wayfellow.host.loading import Loading
from wayfellow.host.settings import read_values
from wayfellow.types import JSON, Setting

if TYPE_CHECKING:
    import click


class PluginHost(Facade, Loading):
    """Hold the plugins of one deployment; nothing else touches pluggy.

    Its attributes hold what the loaded plugins registered, core's own things excluded; its methods are the hooks.
    """

    @classmethod
    def load(
        cls,
        config: Config,
        *,
        plugins: Sequence[tuple[str, object]] | None = None,
        session_factory: SessionFactory | None = None,
    ) -> PluginHost:
        """Load the plugins that are installed, or those that are given as (name, module or object).

        ``session_factory`` gives the transactions in which facts are told. Raises WayfellowError for a setting that
        the operator got wrong, and, where the configuration is strict, PluginRefused for a plugin that can't be loaded.
        """
        host = cls(config, session_factory)
        candidates = find_candidates() if plugins is None else given_candidates(plugins)
        host._load(in_order(candidates, config))
        return host

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process as the loaded plugins, loaded again there, without database and secrets."""
        config = replace(self._config, database_url="", secret_key=None, mail=None, oidc=None)
        return _loaded_again, (config, [(name, _portable(plugin)) for name, plugin in self._manager.list_name_plugin()])

    def settings(self, plugin: str) -> Mapping[str, JSON]:
        """Return the values of a plugin's settings, the defaults included; empty when it isn't loaded."""
        return self._brought[plugin].values if plugin in self._brought else {}

    def described_settings(self, plugin: str) -> tuple[Setting, ...]:
        """Return what may be set for a plugin; empty when it isn't loaded."""
        return self._brought[plugin].settings if plugin in self._brought else ()

    def adopt(self, config: Config) -> None:
        """Let other values of plugins' settings count from now on. Raises WayfellowError for one that is wrong."""
        self._config = config
        for name, brought in list(self._brought.items()):
            self._brought[name] = replace(brought, values=read_values(name, brought.settings, config))

    def all_settings(self) -> dict[str, JSON]:
        """Return the values of all settings, each key prefixed with its plugin's name: ``tfidf.min_df``."""
        return {f"{name}.{key}": value for name, c in self._brought.items() for key, value in c.values.items()}

    def blueprints(self) -> list[tuple[str, Any]]:
        """Return new blueprints as (plugin, blueprint); a plugin that fails is unloaded."""
        return self._on_demand("register_blueprints", check_blueprints)

    def commands(self, plugin: str) -> list[click.Command]:
        """Return the commands of a plugin; when it fails it is unloaded and there are none."""
        return [command for _, command in self._on_demand("register_commands", lambda _, found: found, plugin)]

    def _on_demand(
        self, hook: str, check: Callable[[str, list[Any]], list[Any]], only: str | None = None
    ) -> list[tuple[str, Any]]:
        answers: list[tuple[str, Any]] = []
        for implementation in self._implementations(hook):
            name = implementation.plugin_name
            if only in (None, name):
                with self._unloading(name):
                    answers += [(name, item) for item in check(name, list(run(implementation, {})))]
        return answers


@dataclass(frozen=True, slots=True)
class _Module:
    """Stand for a module, which can't be sent but is installed at the other end too."""

    name: str


def _portable(plugin: object) -> object:
    return _Module(plugin.__name__) if isinstance(plugin, ModuleType) else plugin


def _loaded_again(config: Config, plugins: Sequence[tuple[str, object]]) -> PluginHost:
    found = [(name, import_module(plugin.name) if isinstance(plugin, _Module) else plugin) for name, plugin in plugins]
    return PluginHost.load(config, plugins=found)
