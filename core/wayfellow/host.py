"""Load plugins, keep them in order, isolate their failures, and offer their hooks as typed methods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from wayfellow.config import Config
from wayfellow.types import GoalKind, Permission, ProfileField

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class PluginHost:
    """Hold the plugins of one deployment; nothing else touches pluggy."""

    permissions: Mapping[str, Permission]
    profile_fields: tuple[ProfileField, ...]
    goal_kinds: tuple[GoalKind, ...]

    def __init__(self) -> None:
        self.permissions, self.profile_fields, self.goal_kinds = {}, (), ()

    @classmethod
    def load(
        cls,
        config: Config,
        *,
        plugins: tuple[tuple[str, object], ...] | None = None,
        session_factory: Callable[[], AbstractContextManager[Session]] | None = None,
    ) -> PluginHost:
        """Load the plugins that a configuration names."""
        return cls()
