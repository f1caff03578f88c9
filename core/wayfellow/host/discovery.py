"""Find plugins: by entry point, or as they are given."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from wayfellow.config import Config
from wayfellow.host.errors import PluginRefused

GROUP = "wayfellow.plugins"

#: A plugin's name becomes the name of a command and the beginning of tables' names, and these are core's.
RESERVED = frozenset(
    {"core", "demo", "doctor", "init", "match", "plugin", "serve", "upgrade", "wayfellow", "web", "worker"}
    | {
        "application",
        "audit",
        "block",
        "candidate",
        "chat",
        "consent",
        "cycle",
        "exclusion",
        "field",
        "goal",
        "hidden",
        "import",
        "job",
        "meeting",
        "message",
    }
    | {"membership", "mentorship", "notice", "person", "programme", "proposal", "role", "setting", "skill", "unmatched"}
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Name a plugin that could be loaded; ``load`` imports it and may raise anything."""

    name: str
    version: str
    origin: str
    load: Callable[[], object]


def find_candidates() -> list[Candidate]:
    """Return the plugins of all installed distributions, by the name of the distribution."""
    found = [_from_entry_point(point) for point in entry_points(group=GROUP)]
    return sorted(found, key=lambda candidate: (candidate.origin, candidate.name))


def given_candidates(plugins: Sequence[tuple[str, object]]) -> list[Candidate]:
    """Return plugins that are given as modules or objects."""
    return [_from_object(name, plugin) for name, plugin in plugins]


def check_name(name: str) -> None:
    """Refuse a plugin's name that can't serve as the name of tables and commands; raise PluginRefused."""
    if not re.fullmatch("[a-z][a-z0-9_]{0,30}", name):
        raise PluginRefused("its name must be lower-case letters, digits and underscores, at most 31, a letter first")
    if name in RESERVED:
        raise PluginRefused("Wayfellow uses that name itself: the plugin needs another one")


def find_translations(plugin: object) -> Path | None:
    """Return where a plugin's translations would lie: beside the module that the plugin is, or comes from."""
    module = plugin if isinstance(plugin, ModuleType) else sys.modules.get(type(plugin).__module__)
    file = getattr(module, "__file__", None)
    return Path(file).parent / "translations" if file else None


def in_order(candidates: Sequence[Candidate], config: Config) -> list[Candidate]:
    """Return candidates in the order of calls: by the operator's priority (0 where none is given), then by name."""
    return sorted(candidates, key=lambda candidate: (config.plugin_priority.get(candidate.name, 0), candidate.name))


def _from_entry_point(point: EntryPoint) -> Candidate:
    origin, version = (point.dist.name, point.dist.version) if point.dist else ("", "")
    return Candidate(point.name, version, origin, point.load)


def _from_object(name: str, plugin: object) -> Candidate:
    version = str(getattr(plugin, "__version__", ""))
    return Candidate(name, version, str(getattr(plugin, "__file__", "") or type(plugin).__name__), lambda: plugin)
