"""Choose groups: each mentor leads so many mentees at once or none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, diags_array, hstack, vstack

from wayfellow.errors import InvalidInput
from wayfellow.matching.solve.arcs import Arcs
from wayfellow.matching.solve.flow import best_flow
from wayfellow.types import MatchProblem
from wayfellow.wording import plural

if TYPE_CHECKING:
    from wayfellow.matching.candidates import Ints

#: Up to so many pairs the choice is exact, unless it takes more than so many steps of the search.
EXACT_PAIRS, EXACT_NODES = 1_000, 2_000
#: The part of the groups that are too small which is given up at once, so that large pools take few rounds.
GIVEN_UP_AT_ONCE = 0.25
Bools = NDArray[np.bool_]


def with_group_size(problem: MatchProblem, least: int, most: int) -> MatchProblem:
    """Return the problem in which nobody offers more than ``most`` places, and nobody fewer than ``least`` but above 0.

    Raises InvalidInput for several mentors wanted, a minimum of its own, and kept pairs beyond the group.
    """
    if (problem.wanted > 1).any():
        raise InvalidInput("In groups everybody has one mentor; leave out several mentors for each mentee.")
    if problem.minimum.any():
        raise InvalidInput("The group size says how many mentees a mentor has at least; leave out the fewest mentees.")
    capacity = np.minimum(problem.capacity, most).astype(np.int16)
    capacity[capacity < least] = 0
    kept = np.bincount(problem.locked[:, 1], minlength=len(capacity))
    for j in np.flatnonzero(kept > capacity)[:1].tolist():
        have = plural(int(kept[j]), "mentee", "mentees")
        places = plural(int(problem.capacity[j]), "place", "places")
        raise InvalidInput(
            f"{problem.mentors.keys[j]} is to keep {have} and has {places}, which makes no group of {least} to {most}; "
            "change the group size, the capacity, or the pairs to keep."
        )
    return replace(problem, capacity=capacity)


def best_groups(problem: MatchProblem, arcs: Arcs, people_first: bool, least: int) -> Bools:
    """Return which arcs a choice takes in which each mentor has none or, with locked ones, at least ``least`` mentees.

    Of small pools the best choice (HiGHS): as many people as possible with ``people_first``, then the highest sum of
    gains. Of others a good one: the smallest of the groups that are too small are given up, and the rest solved again.
    Raises InvalidInput when no group comes together around a locked pair.
    """
    kept = np.bincount(problem.locked[:, 1], minlength=len(arcs.room))
    need = np.maximum(least - kept, 0)
    chosen = _exact(arcs, people_first, need, kept > 0) if 0 < len(arcs) <= EXACT_PAIRS else None
    if chosen is None:
        chosen = _by_giving_up(arcs, people_first, need, kept > 0)
    load = _load(arcs, chosen)
    for j in np.flatnonzero((kept > 0) & (load < need))[:1].tolist():
        raise InvalidInput(
            f"{problem.mentors.keys[j]} is to keep a mentee, and no group of at least {least} comes together around "
            "them; remove the pair or lower the group size."
        )
    return chosen


def _exact(arcs: Arcs, people_first: bool, need: Ints, must: Bools) -> Bools | None:
    """Return the best choice; None when the search takes too long or, because of ``must``, there is none."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    a, m = len(arcs), len(arcs.room)
    rules = [LinearConstraint(*_rules(arcs, need))]
    bounds = Bounds(np.concatenate([np.zeros(a), must]), np.ones(a + m))
    whole = np.ones(a + m, dtype=np.int64)
    options: Any = {"mip_rel_gap": 0, "node_limit": EXACT_NODES}
    found: Any = None
    for value in (np.ones(a), arcs.gain) if people_first else (arcs.gain,):
        cost = np.concatenate([-value.astype(float), np.zeros(m)])
        found = milp(cost, integrality=whole, bounds=bounds, constraints=rules, options=options)
        if found.status != 0:
            return None
        rules.append(LinearConstraint(cost[None, :], ub=round(found.fun) + 0.5))
    chosen: Bools = found.x[:a] > 0.5
    return chosen


def _rules(arcs: Arcs, need: Ints) -> tuple[csr_array, Any, Any]:
    """Return least <= matrix <= most over arcs and mentors who lead: wants, and between need and room or none."""
    a, n, m = len(arcs), len(arcs.wanted), len(arcs.room)
    one, number = np.ones(a), np.arange(a)
    of_mentee = coo_array((one, (arcs.mentee, number)), shape=(n, a))
    of_mentor = coo_array((one, (arcs.mentor, number)), shape=(m, a))
    enough = hstack([of_mentor, diags_array(-need.astype(float))])
    within = hstack([-of_mentor, diags_array(arcs.room.astype(float))])
    matrix = csr_array(vstack([hstack([of_mentee, csr_array((n, m))]), enough, within]))
    most = np.concatenate([arcs.wanted, np.full(2 * m, np.inf)])
    return matrix, np.zeros(n + 2 * m), most


def _by_giving_up(arcs: Arcs, people_first: bool, need: Ints, must: Bools) -> Bools:
    arcs = replace(arcs, minimum=np.where(must, need, 0))
    leads = arcs.room >= need
    while True:
        chosen = _of_leaders(arcs, people_first, leads)
        load = _load(arcs, chosen)
        gain = np.bincount(arcs.mentor[chosen], weights=arcs.gain[chosen], minlength=len(need))
        small = np.flatnonzero((load > 0) & (load < need) & ~must)
        if not len(small):
            return chosen
        order = np.lexsort((small, gain[small], load[small]))
        leads[small[order[: int(np.ceil(GIVEN_UP_AT_ONCE * len(small)))]]] = False


def _of_leaders(arcs: Arcs, people_first: bool, leads: Bools) -> Bools:
    """Return which arcs the best choice among those of some mentors takes."""
    usable = leads[arcs.mentor]
    chosen = np.zeros(len(arcs), dtype=bool)
    chosen[np.flatnonzero(usable)[best_flow(arcs.only(usable), people_first)]] = True
    return chosen


def _load(arcs: Arcs, chosen: Bools) -> Ints:
    return np.bincount(arcs.mentor[chosen], minlength=len(arcs.room))
