"""Prove how far an assignment is from the best one: bounds that no assignment can exceed."""

from __future__ import annotations

import numpy as np

from wayfellow.matching.candidates import Candidates, Ints
from wayfellow.matching.solve import in_pairs, places_left
from wayfellow.types import MatchProblem

ROUNDS = 400
_NEVER = np.int64(-(2**40))


def upper_bound(problem: MatchProblem, candidates: Candidates, chosen: Ints, best: Ints) -> int:
    """Return, in millionths, a total that no other choice of as many pairs as ``chosen`` can exceed, locked pairs kept.

    Prices v >= 0 of mentors' places bound it: sum of v times places, plus the k largest of what is left to mentees, the
    highest (score - v) of each, as many as they want mentors. Mentors cut off a row count with the lowest price and
    the score of the last whom nobody cut off can outrank. The prices come from ``best``, the best choice that
    constraints do not bend, as longest paths of exchanges; when the choice is as good, bound and total are equal, and
    that is the proof. Stopping early loosens the bound but never breaks it.
    Source: weak duality of linear programming, Kuhn and Munkres' potentials for assignments.
    """
    is_free = ~in_pairs(candidates.mentee, candidates.mentor, problem.locked)
    fixed = chosen[~is_free[chosen]]
    room = places_left(problem.capacity, np.stack([candidates.mentee[fixed], candidates.mentor[fixed]], axis=1))
    wanted = problem.wanted - np.bincount(candidates.mentee[fixed], minlength=len(candidates))
    usable = (candidates.micro > 0) & (room[candidates.mentor] > 0) & (wanted[candidates.mentee] > 0)
    arcs = np.flatnonzero(is_free & usable)
    count, moving = len(chosen) - len(fixed), best[is_free[best]]
    locked_total = int(candidates.micro[fixed].sum())
    if not count:
        return locked_total
    price = _prices(candidates, arcs, moving, wanted, len(room))
    worth = _worth(candidates, arcs, price, wanted, price[room > 0].min())
    return locked_total + int(np.sort(worth)[::-1][:count].sum()) + int((price * room)[room > 0].sum())


def ceiling(problem: MatchProblem, candidates: Candidates, k: int) -> int:
    """Return, in millionths, what k pairs could reach if no mentor were ever full: each mentee's highest scores."""
    position = np.arange(len(candidates.mentor)) - candidates.indptr[:-1][candidates.mentee]
    best = candidates.micro[position < problem.wanted[candidates.mentee]]
    return int(np.sort(best)[::-1][:k].sum())


def _prices(candidates: Candidates, arcs: Ints, moving: Ints, wanted: Ints, mentors: int) -> Ints:
    """Return the least prices (mentors,) at which nobody would rather have another candidate than one of their own.

    Having no mentor, or one fewer than wanted, counts as one more mentor with score 0, whose price may be below 0.
    """
    arcs = np.setdiff1d(arcs, moving)
    arcs = arcs[np.argsort(candidates.mentor[arcs], kind="stable")]
    mentee, gain = candidates.mentee[arcs], candidates.micro[arcs]
    sold, starts = np.unique(candidates.mentor[arcs], return_index=True)
    owner, own_gain, own = candidates.mentee[moving], candidates.micro[moving], candidates.mentor[moving]
    lacks = np.bincount(owner, minlength=len(candidates)) < wanted
    price = np.zeros(mentors, dtype=np.int64)
    without = _NEVER
    for _ in range(ROUNDS):
        demand = np.where(lacks, without, _NEVER)
        np.maximum.at(demand, owner, price[own] - own_gain)
        raised = (
            np.maximum(price[sold], np.maximum.reduceat(demand[mentee] + gain, starts)) if len(arcs) else price[sold]
        )
        without_raised = np.maximum(without, demand[owner].max()) if lacks.any() else without
        if without_raised == without and (raised == price[sold]).all():
            break
        price[sold], without = raised, without_raised
    return price


def _worth(candidates: Candidates, arcs: Ints, price: Ints, wanted: Ints, cheapest: np.int64) -> Ints:
    """Return what each mentee who has a candidate would keep at these prices at best, once for each mentor wanted."""
    worth = np.full((len(candidates), max(1, int(wanted.max(initial=1)))), _NEVER)
    mentee, value = candidates.mentee[arcs], candidates.micro[arcs] - price[candidates.mentor[arcs]]
    if worth.shape[1] == 1:
        np.maximum.at(worth[:, 0], mentee, value)
    else:
        order = np.lexsort((-value, mentee))
        place = np.arange(len(order)) - np.searchsorted(mentee[order], mentee[order])
        kept = place < worth.shape[1]
        worth[mentee[order][kept], place[kept]] = value[order][kept]
    last, cut = _last_in_order(candidates), ~candidates.complete
    worth[cut] = np.maximum(worth[cut], (last[cut] - cheapest)[:, None])
    worth[np.arange(worth.shape[1]) >= wanted[:, None]] = _NEVER
    return worth[worth > _NEVER]


def _last_in_order(candidates: Candidates) -> Ints:
    """Return the lowest score (n,) down to which a row misses nobody; who was added out of turn doesn't count."""
    certain = candidates.in_order
    last = np.full(len(candidates), np.iinfo(np.int64).max)
    np.minimum.at(last, candidates.mentee[certain], candidates.micro[certain])
    return last
