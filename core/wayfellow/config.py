"""Read the configuration: one TOML file, with environment variables over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_KEYS = {"database_url", "data_dir", "organisation", "secret_key", "base_url", "strict", "plugins", "plugin"}


@dataclass(frozen=True, slots=True)
class Config:
    """Hold what an operator decides.

    ``data_dir`` holds uploads, backups and the embedded database. ``disabled_plugins`` are installed but not loaded.
    ``plugin_priority`` puts plugins before (negative) or after others of the same hook; the rest goes by name.
    ``plugin_settings`` holds a table of values per plugin. ``strict`` raises plugins' errors instead of isolating them.
    """

    data_dir: Path
    database_url: str
    organisation: str = "Our organisation"
    secret_key: str | None = None
    base_url: str | None = None
    strict: bool = False
    disabled_plugins: frozenset[str] = frozenset()
    plugin_priority: Mapping[str, int] = field(default_factory=dict)
    plugin_settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    path: Path | None = None


def default_config(data_dir: Path) -> Config:
    """Return the configuration of a folder: an embedded SQLite file in it, every installed plugin on."""
    data_dir = data_dir.resolve()
    return Config(data_dir=data_dir, database_url=f"sqlite:///{data_dir / 'wayfellow.sqlite'}")
