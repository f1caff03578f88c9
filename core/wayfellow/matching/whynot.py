"""Say why mentees did not get the mentors who scored higher, and how mentors rank them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wayfellow.matching.candidates import MICRO, Candidates, Ints
from wayfellow.matching.exchange import forced_costs
from wayfellow.matching.reasons import Obstacle, WhyNot
from wayfellow.types import Assignment, MatchProblem

#: For so many of the weakest pairs, so many better mentors are looked into whatever else is asked for.
WEAKEST, BETTER = 10, 3
#: Of the mentors who scored higher so many are kept for each mentee, and so many whom rules forbid.
MANY, MANY_BARRED = 50, 20
Pair = tuple[int, int]


def better_ones(candidates: Candidates, chosen: Ints, limit: int, *, at_most: int = 0) -> Ints:
    """Return where the first candidates stand that scored higher than what each mentee got, ``at_most`` of each.

    The first ``limit`` of everyone come first, of the weakest pairs a few in any case; among equals those of mentees
    without a mentor, then those of the weakest pairs.
    """
    got = candidates.lowest(chosen)
    weakest = np.zeros(len(candidates), bool)
    weakest[candidates.mentee[chosen[np.argsort(candidates.micro[chosen], kind="stable")[:WEAKEST]]]] = True
    mentee = candidates.mentee
    position = np.arange(len(mentee)) - candidates.indptr[:-1][mentee]
    first = position < np.where(weakest[mentee], max(limit, BETTER), limit)
    found = np.flatnonzero((first | (position < at_most)) & (candidates.micro > got[mentee]))
    found = found[~np.isin(found, chosen)]
    return found[np.lexsort((got[mentee[found]], ~first[found]))]


def why_not(
    problem: MatchProblem,
    candidates: Candidates,
    assignment: Assignment,
    places: Ints,
    *,
    by_plugin: bool = False,
    is_plain: bool = True,
    floor: int = 0,
) -> dict[Pair, WhyNot]:
    """Return why none of the candidates at ``places`` (k,) was chosen, by (mentee, mentor).

    ``by_plugin`` says that a plugin chose the pairs; where it did, or where more than places bound the choice, which
    ``is_plain`` denies, nobody can tell what another choice would have cost.
    """
    lowest, has_room = _lowest(problem, candidates, assignment)
    people, cost = (np.full(len(places), -1, np.int64),) * 2
    if is_plain and not by_plugin:
        people, cost = forced_costs(problem, candidates, assignment, places, floor)
    mentee, mentor = candidates.mentee[places], candidates.mentor[places]
    locked = np.isin(mentee, problem.locked[:, 0])
    otherwise = Obstacle.PLUGIN_CHOSE if by_plugin else Obstacle.OTHERS
    found = {}
    for row, (i, j) in enumerate(zip(mentee.tolist(), mentor.tolist(), strict=True)):
        full = Obstacle.NO_PLACES if not problem.capacity[j] else None if has_room[j] else Obstacle.FULL
        known = people[row] >= 0
        found[i, j] = WhyNot(
            Obstacle.LOCKED if locked[row] else full or otherwise,
            lowest=float(lowest[j] / MICRO) if lowest[j] >= 0 else None,
            cost=float(cost[row] / MICRO) if known else None,
            people=int(people[row]) if known else 0,
        )
    return found


def mentor_ranks(candidates: Candidates, places: Ints) -> list[int]:
    """Return each mentee's rank for the mentor, from 1, among all whose candidate the mentor is; equals share it."""
    # By mentor, the highest score first.
    key = candidates.mentor << 32 | (2**32 - 1 - candidates.micro)
    ordered, own = np.sort(key), key[places]
    first_of_mentor = np.searchsorted(ordered, own >> 32 << 32)
    ranks: list[int] = (np.searchsorted(ordered, own) - first_of_mentor + 1).tolist()
    return ranks


def _lowest(problem: MatchProblem, candidates: Candidates, assignment: Assignment) -> tuple[Ints, NDArray[np.bool_]]:
    """Return the lowest score in millionths that each mentor's mentees have, -1 without any, and who has room."""
    high = np.iinfo(np.int64).max
    lowest = np.full(len(problem.mentors), high)
    micro = candidates.micro[candidates.find(assignment.mentee, assignment.mentor)]
    np.minimum.at(lowest, assignment.mentor, micro)
    taken = np.bincount(assignment.mentor, minlength=len(problem.mentors))
    return np.where(lowest == high, -1, lowest), taken < problem.capacity
