"""Hold the ratings of chats, and bring them into a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from wayfellow.errors import InvalidInput
from wayfellow.matching.criteria.applying import PLUGIN as CRITERIA
from wayfellow.matching.settings import MatchSettings
from wayfellow.types import JSON, MatchProblem

if TYPE_CHECKING:
    from wayfellow.host import PluginHost

#: The name of the plugin that judges by ratings, and of its settings in a problem.
PLUGIN = "chemistry"
LOWEST, HIGHEST = 1, 5
NEUTRAL = (LOWEST + HIGHEST) / 2


@dataclass(frozen=True, slots=True)
class Chat:
    """Be a chat of a mentee and a mentor, by their keys, and how each rated it from 1 to 5 (None: not at all)."""

    mentee: str
    mentor: str
    mentee_rating: int | None = None
    mentor_rating: int | None = None

    @property
    def is_refused(self) -> bool:
        """Tell whether one of the two gave the lowest rating, which means never."""
        return LOWEST in (self.mentee_rating, self.mentor_rating)

    @property
    def shares(self) -> tuple[float, float]:
        """Return what the mentee's and the mentor's rating add to the score: each up to a half; none counts as 3."""
        one, other = (_part(rating) / 2 for rating in (self.mentee_rating, self.mentor_rating))
        return one, other


def apply_ratings(
    problem: MatchProblem,
    settings: MatchSettings,
    chats: Sequence[Chat],
    host: PluginHost,
    *,
    weight: float,
    beyond: bool,
    private: bool = False,
) -> tuple[MatchProblem, MatchSettings]:
    """Return a problem and settings in which ratings make up ``weight`` (0 to 1) of the score, the others the rest.

    Only who had a chat can be paired, unless ``beyond`` asks for others as well, to whom ratings give nothing. Where
    ratings are ``private``, reasons do not say who gave which.
    Raises InvalidInput when the plugin that judges by ratings is switched off.
    """
    if not any(info.name == PLUGIN and info.is_loaded for info in host.plugins):
        raise InvalidInput(
            "There are ratings, and the plugin chemistry, which judges by them, is switched off or can't be loaded. "
            "Switch it on again, or leave out the ratings."
        )
    rows: list[JSON] = [[one.mentee, one.mentor, one.mentee_rating, one.mentor_rating] for one in chats]
    own: Mapping[str, JSON] = {"chats": rows, "beyond": beyond, "private": private}
    problem = replace(problem, settings={**problem.settings, PLUGIN: own})
    return problem, replace(settings, weights=_weights(problem, settings, host, weight))


def chats_of(problem: MatchProblem) -> tuple[Sequence[Chat], bool] | None:
    """Return the chats that a problem's settings hold, and whether others may be paired; None without ratings."""
    own: Any = problem.settings.get(PLUGIN)
    return None if own is None else ([Chat(*row) for row in own["chats"]], bool(own["beyond"]))


def are_private(problem: MatchProblem) -> bool:
    """Tell whether reasons must not say who gave which rating."""
    own: Any = problem.settings.get(PLUGIN)
    return bool(own and own["private"])


def _weights(problem: MatchProblem, settings: MatchSettings, host: PluginHost, weight: float) -> Mapping[str, float]:
    """Return weights by scorer; criteria count only where there are some, since else they have no opinion."""
    scorers = [info.name for info in host.plugins if info.is_loaded and "score_matches" in info.hooks]
    silent = {PLUGIN} if CRITERIA in problem.settings else {PLUGIN, CRITERIA}
    others = {name: settings.weight(name) for name in scorers if name not in silent}
    total = sum(others.values()) or 1.0
    return {name: (1 - weight) * own for name, own in others.items()} | {PLUGIN: weight * total}


def _part(rating: int | None) -> float:
    return ((NEUTRAL if rating is None else rating) - LOWEST) / (HIGHEST - LOWEST)
