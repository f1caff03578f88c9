"""Prove how far an assignment is from the best one: bounds that no assignment can exceed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wayfellow.matching.candidates import Candidates, Ints
from wayfellow.matching.solve import places_left
from wayfellow.types import MatchProblem

ROUNDS = 400
_NEVER = np.int64(-(2**40))


def upper_bound(problem: MatchProblem, candidates: Candidates, chosen: Ints) -> int:
    """Return, in millionths, a total that no other choice of as many people can exceed, locked pairs kept.

    Prices v >= 0 of mentors' places bound it: sum of v times places, plus the k largest of what is left to each mentee,
    max over mentors of (score - v). Mentors cut off the row count with the lowest price and the score of the last
    whom nobody cut off can outrank.
    The prices come from the assignment itself, as longest paths of exchanges; when it is the best, bound and total are
    equal, and that is the proof. Stopping early loosens the bound but never breaks it.
    Source: weak duality of linear programming, Kuhn and Munkres' potentials for assignments.
    """
    is_free = ~np.isin(candidates.mentee, problem.locked[:, 0])
    fixed = chosen[~is_free[chosen]]
    room = places_left(problem.capacity, np.stack([candidates.mentee[fixed], candidates.mentor[fixed]], axis=1))
    arcs = np.flatnonzero(is_free & (candidates.micro > 0) & (room[candidates.mentor] > 0))
    moving = chosen[is_free[chosen]]
    locked_total = int(candidates.micro[fixed].sum())
    if not len(moving):
        return locked_total
    price = _prices(candidates, arcs, moving, len(room))
    worth = _worth(candidates, arcs, price, price[room > 0].min())
    best = np.sort(worth)[::-1][: len(moving)]
    return locked_total + int(best.sum()) + int((price * room)[room > 0].sum())


def ceiling(candidates: Candidates, k: int) -> int:
    """Return, in millionths, what k people could reach if no mentor were ever full: the k highest best scores."""
    best = np.zeros(len(candidates), dtype=np.int64)
    np.maximum.at(best, candidates.mentee, candidates.micro)
    return int(np.sort(best)[::-1][:k].sum())


def _prices(candidates: Candidates, arcs: Ints, moving: Ints, mentors: int) -> Ints:
    """Return the least prices (mentors,) at which nobody would rather have another candidate than their own.

    Having no mentor counts as one more mentor with score 0, whose price may be below 0.
    """
    arcs = arcs[np.argsort(candidates.mentor[arcs], kind="stable")]
    mentee, gain = candidates.mentee[arcs], candidates.micro[arcs]
    sold, starts = np.unique(candidates.mentor[arcs], return_index=True)
    owner, own_gain, own = candidates.mentee[moving], candidates.micro[moving], candidates.mentor[moving]
    alone = np.ones(len(candidates), dtype=bool)
    alone[owner] = False
    price = np.zeros(mentors, dtype=np.int64)
    without = _NEVER
    for _ in range(ROUNDS):
        demand = np.full(len(candidates), without)
        demand[owner] = price[own] - own_gain
        raised = np.maximum(price[sold], np.maximum.reduceat(demand[mentee] + gain, starts))
        without_raised = np.maximum(without, demand[owner].max()) if alone.any() else without
        if without_raised == without and (raised == price[sold]).all():
            break
        price[sold], without = raised, without_raised
    return price


def _worth(candidates: Candidates, arcs: Ints, price: Ints, cheapest: np.int64) -> Ints:
    """Return what each mentee who has a candidate would keep at these prices at best."""
    worth = np.full(len(candidates), _NEVER)
    np.maximum.at(worth, candidates.mentee[arcs], candidates.micro[arcs] - price[candidates.mentor[arcs]])
    last = np.full(len(candidates), np.iinfo(np.int64).max)
    certain = candidates.in_order
    np.minimum.at(last, candidates.mentee[certain], candidates.micro[certain])
    cut: NDArray[np.bool_] = ~candidates.complete
    worth[cut] = np.maximum(worth[cut], last[cut] - cheapest)
    return worth[worth > _NEVER]
