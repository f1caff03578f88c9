"""Hold what the host knows about plugins, and what its methods answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from wayfellow.types import (
    JSON,
    Channel,
    CriterionKind,
    DemoPart,
    Format,
    GoalKind,
    Job,
    Kpi,
    MessageKind,
    Migrations,
    Panel,
    Permission,
    ProfileField,
    Setting,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from wayfellow.db import Base


#: Where a problem's memo holds the scorers that failed in this run, with the reason.
FAILED_SCORERS = "wayfellow.failed_scorers"


class Health(StrEnum):
    """Name how a plugin is: at work, failing in some call since the start, not loaded, or switched off."""

    OK = "ok"
    FAILING = "failing"
    UNLOADED = "unloaded"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """Describe an installed plugin; ``error`` says in a sentence what is wrong with it, "" when nothing is.

    ``origin`` is the distribution that brings it, or the file that it was loaded from.
    """

    name: str
    version: str = ""
    origin: str = ""
    hooks: tuple[str, ...] = ()
    health: Health = Health.OK
    error: str = ""

    @property
    def is_loaded(self) -> bool:
        """Tell whether its hooks are called."""
        return self.health in (Health.OK, Health.FAILING)


@dataclass(frozen=True, slots=True)
class Contributions:
    """Hold what one plugin registered at start-up."""

    settings: tuple[Setting, ...] = ()
    values: Mapping[str, JSON] = field(default_factory=dict)
    models: tuple[type[Base], ...] = ()
    migrations: Migrations | None = None
    profile_fields: tuple[ProfileField, ...] = ()
    goal_kinds: tuple[GoalKind, ...] = ()
    criteria: tuple[CriterionKind, ...] = ()
    permissions: tuple[Permission, ...] = ()
    jobs: tuple[Job, ...] = ()
    channels: tuple[Channel, ...] = ()
    message_kinds: tuple[MessageKind, ...] = ()
    formats: tuple[Format, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    demo_parts: tuple[DemoPart, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreAnswers:
    """Hold the scores of one block by plugin, and what went wrong with the scorers that failed.

    ``scores`` pairs a plugin's name with a float32 csr_array of shape ``problem.shape``, values in [0, 1];
    ``failures`` pairs it with a sentence.
    """

    scores: list[tuple[str, csr_array]] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PlacedPanel:
    """Hold a plugin's panel, or, where ``panel`` is None, the sentence that administrators see in its place."""

    plugin: str
    panel: Panel | None
    error: str = ""
