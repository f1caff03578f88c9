"""Bring a set of criteria into a run: its settings, its kinds, and the scorers' weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wayfellow.errors import InvalidInput
from wayfellow.matching.criteria.sets import CriteriaSet
from wayfellow.matching.settings import MatchSettings
from wayfellow.types import JSON, MatchProblem

if TYPE_CHECKING:
    from wayfellow.host import PluginHost

#: The name of the plugin that judges, and of its settings in a problem.
PLUGIN = "criteria"


def apply_criteria(problem: MatchProblem, chosen: CriteriaSet, host: PluginHost, now: datetime) -> MatchProblem:
    """Return the problem with what a set asks for; one that changes nothing leaves it as it is.

    ``now`` stands for the moment that a set leaves open. Only its day counts, so that the same day gives the same run.
    Raises InvalidInput when the plugin that judges is switched off, since a rule that is not asked is broken unseen.
    """
    if not chosen.effective:
        return problem
    if not any(info.name == PLUGIN and info.is_loaded for info in host.plugins):
        raise InvalidInput(
            "There are criteria, and the plugin criteria, which judges by them, is switched off or can't be loaded. "
            "Switch it on again, or remove the criteria."
        )
    own: Mapping[str, JSON] = replace(chosen, criteria=chosen.effective, at=_moment(chosen, host, now)).as_json()
    return replace(problem, settings={**problem.settings, PLUGIN: own}, kinds=host.criterion_kinds)


def weigh(settings: MatchSettings, chosen: CriteriaSet, host: PluginHost) -> MatchSettings:
    """Return settings in which the criteria weigh what they say together, and every other scorer ``text_weight``.

    Weights that the settings hold already are multiplied, so that they still say how other scorers share theirs.
    """
    if not chosen.weight:
        return settings
    scorers = [info.name for info in host.plugins if info.is_loaded and "score_matches" in info.hooks]
    given = {name: chosen.weight if name == PLUGIN else chosen.text_weight for name in scorers}
    return replace(settings, weights={name: weight * settings.weight(name) for name, weight in given.items()})


def _moment(chosen: CriteriaSet, host: PluginHost, now: datetime) -> datetime | None:
    if not any(host.criterion_kinds[one.kind].timed for one in chosen.effective):
        return None
    return chosen.at or now.astimezone(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
