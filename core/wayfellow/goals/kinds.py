"""Name the kinds of goals that every deployment has; plugins add more."""

from __future__ import annotations

from wayfellow.host import PluginHost
from wayfellow.types import GoalKind
from wayfellow.words import later

GOAL_KINDS: tuple[GoalKind, ...] = (
    GoalKind("growth", later("Grow in what I do")),
    GoalKind("new_role", later("Move towards another role")),
    GoalKind("leading", later("Lead for the first time")),
    GoalKind("skill", later("Learn a skill")),
)


def all_kinds(host: PluginHost) -> tuple[GoalKind, ...]:
    """Return the kinds of goals to choose from, core's first."""
    return (*GOAL_KINDS, *host.goal_kinds)
