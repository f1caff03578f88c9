"""Choose the pairs of a whole problem: the best choice first; the floor once nobody is looked for any more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wayfellow.matching.settings import Mode
from wayfellow.matching.solve.arcs import Arcs, as_assignment, in_pairs, open_arcs, people_first, places_left
from wayfellow.matching.solve.columns import best_of_many, is_for_columns
from wayfellow.matching.solve.floor import lift_floor
from wayfellow.matching.solve.flow import best_flow
from wayfellow.matching.solve.groups import best_groups
from wayfellow.matching.solve.integer import best_integer
from wayfellow.matching.solve.largest import largest_choice
from wayfellow.matching.solve.peers import best_peers, both_ways
from wayfellow.matching.solve.quotas import are_apart, members_of, open_groups
from wayfellow.types import Assignment, MatchProblem

if TYPE_CHECKING:
    from wayfellow.matching.candidates import Candidates
    from wayfellow.matching.settings import MatchSettings

__all__ = [
    "Choice",
    "Solution",
    "choose_best",
    "choose_most",
    "finish",
    "improve",
    "in_pairs",
    "members_of",
    "places_left",
]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """Hold a choice before the floor: which of the arcs it takes, and its pairs, sorted by mentee and mentor.

    ``is_best`` says that no other is better; else it is one of as many pairs as the best. ``is_bound`` by quotas, the
    size of groups or one pool, so that no floor can be sought.
    """

    arcs: Arcs
    chosen: NDArray[np.bool_]
    assignment: Assignment
    is_best: bool = True
    is_bound: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Hold the chosen pairs, and what it takes to judge them.

    ``best`` is the choice with the highest total where neither floor nor bonus nor minimum is asked for: to prove how
    far another is from it. ``floor`` (millionths, None when none was asked) is the lowest score given to a pair that
    was not locked; lifting it there gave up ``price`` (millionths) of the total.
    """

    assignment: Assignment
    best: Assignment
    floor: int | None = None
    price: int = 0


def choose_most(problem: MatchProblem, candidates: Candidates, settings: MatchSettings) -> Choice:
    """Return a choice of as many pairs as the best one, in large pools; of others, the best one.

    Locked pairs are chosen first and take their places; only candidates with a score above 0 are considered besides.
    Raises InvalidInput for a quota that counts nobody, or fewer than are locked, and as :func:`best_groups` does.
    """
    arcs, groups = open_arcs(problem, candidates, settings), open_groups(problem, settings)
    first, is_best = people_first(settings), True
    if settings.mode == Mode.PEERS:
        chosen = best_peers(arcs, first)
        return Choice(arcs, chosen, both_ways(as_assignment(arcs, chosen, problem.locked)), is_bound=True)
    if settings.group_size:
        chosen = best_groups(problem, arcs, first, settings.group_size[0])
    elif groups and not (arcs.is_even and are_apart(groups, len(candidates))):
        chosen = best_integer(arcs, first, groups)
    elif first and not groups and is_for_columns(arcs):
        chosen, is_best = largest_choice(arcs), False
    else:
        chosen = best_flow(arcs, first, groups)
    is_bound = bool(groups or settings.group_size)
    return Choice(arcs, chosen, as_assignment(arcs, chosen, problem.locked), is_best, is_bound)


def improve(problem: MatchProblem, choice: Choice) -> Choice:
    """Return the best choice of as many pairs."""
    if choice.is_best:
        return choice
    chosen = best_of_many(choice.arcs, choice.chosen)
    return Choice(choice.arcs, chosen, as_assignment(choice.arcs, chosen, problem.locked))


def choose_best(problem: MatchProblem, candidates: Candidates, settings: MatchSettings) -> Choice:
    """Return the best choice; see :func:`best_flow` for what is best, and :func:`choose_most` for the rest."""
    return improve(problem, choose_most(problem, candidates, settings))


def finish(problem: MatchProblem, choice: Choice, settings: MatchSettings) -> Solution:
    """Return the choice with the floor that the settings ask for (see :func:`lift_floor`), and what proves it.

    Where the highest total alone counts there is no floor, since it would be at odds with that, nor with quotas,
    groups or peers, nor where lots decide.
    """
    arcs, first = choice.arcs, people_first(settings)
    if choice.is_bound:
        return Solution(choice.assignment, as_assignment(arcs, best_flow(arcs.plain(), first), problem.locked))
    is_biased = not np.array_equal(arcs.gain, arcs.score)
    unbiased = _best(arcs.unbiased(), first, choice.chosen) if is_biased else choice.chosen
    plain = _best(arcs.plain(), first, choice.chosen) if arcs.minimum.any() else unbiased
    best = as_assignment(arcs, plain, problem.locked)
    if not (settings.floor and first and settings.mode == Mode.PAIRS):
        return Solution(choice.assignment, best)
    chosen = lift_floor(arcs, choice.chosen, int(arcs.score[unbiased].sum()))
    return Solution(
        assignment=as_assignment(arcs, chosen, problem.locked),
        best=best,
        floor=int(arcs.score[chosen].min()) if chosen.any() else None,
        price=max(0, int(arcs.score[choice.chosen].sum() - arcs.score[chosen].sum())),
    )


def _best(arcs: Arcs, first: bool, most: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the best choice, given one of as many pairs."""
    if first and is_for_columns(arcs):
        return best_of_many(arcs, most)
    return best_flow(arcs, first)
