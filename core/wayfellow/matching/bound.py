"""Prove how far an assignment is from the best one: bounds that no assignment can exceed."""

from __future__ import annotations

import numpy as np

from wayfellow.matching.candidates import Candidates, Ints
from wayfellow.matching.solve.arcs import Arcs, free_arcs, in_pairs
from wayfellow.matching.solve.prices import NEVER, prices
from wayfellow.types import MatchProblem


def upper_bound(problem: MatchProblem, candidates: Candidates, chosen: Ints, best: Ints) -> int:
    """Return, in millionths, a total that no other choice of as many pairs as ``chosen`` can exceed, locked pairs kept.

    Prices v >= 0 of mentors' places bound it: sum of v times places, plus the k largest of what is left to mentees, the
    highest (score - v) of each, as many as they want mentors. Mentors cut off a row count with the lowest price among
    those whom some row lacks, and the score of the last whom nobody cut off can outrank. The prices come from ``best``,
    the best choice that constraints do not bend (see :func:`prices`); when the choice is as good, bound and total are
    equal, and that is the proof. Other prices loosen the bound but never break it.
    Source: weak duality of linear programming, Kuhn and Munkres' potentials for assignments.
    """
    arcs, is_free = free_arcs(problem, candidates)
    is_locked = in_pairs(candidates.mentee[chosen], candidates.mentor[chosen], problem.locked)
    locked_total, count = int(candidates.micro[chosen[is_locked]].sum()), int((~is_locked).sum())
    if not count:
        return locked_total
    moving = np.zeros(len(is_free), dtype=bool)
    moving[best] = True
    price = prices(arcs, moving[is_free]).places
    worth = _worth(candidates, arcs, price)
    return locked_total + int(np.sort(worth)[::-1][:count].sum()) + int((price * arcs.room)[arcs.room > 0].sum())


def ceiling(problem: MatchProblem, candidates: Candidates, k: int) -> int:
    """Return, in millionths, what k pairs could reach if no mentor were ever full: each mentee's highest scores."""
    position = np.arange(len(candidates.mentor)) - candidates.indptr[:-1][candidates.mentee]
    best = candidates.micro[position < problem.wanted[candidates.mentee]]
    return int(np.sort(best)[::-1][:k].sum())


def _worth(candidates: Candidates, arcs: Arcs, price: Ints) -> Ints:
    """Return what each mentee who has a candidate would keep at these prices at best, once for each mentor wanted."""
    worth = np.full((len(candidates), max(1, int(arcs.wanted.max(initial=1)))), NEVER)
    value = arcs.gain - price[arcs.mentor]
    if worth.shape[1] == 1:
        np.maximum.at(worth[:, 0], arcs.mentee, value)
    else:
        order = np.lexsort((-value, arcs.mentee))
        place = np.arange(len(order)) - np.searchsorted(arcs.mentee[order], arcs.mentee[order])
        kept = place < worth.shape[1]
        worth[arcs.mentee[order][kept], place[kept]] = value[order][kept]
    last, cut, missed = _last_in_order(candidates), ~candidates.complete, (arcs.room > 0) & ~candidates.seen
    if missed.any():
        worth[cut] = np.maximum(worth[cut], (last[cut] - price[missed].min())[:, None])
    worth[np.arange(worth.shape[1]) >= arcs.wanted[:, None]] = NEVER
    return worth[worth > NEVER]


def _last_in_order(candidates: Candidates) -> Ints:
    """Return the lowest score (n,) down to which a row misses nobody; who was added out of turn doesn't count."""
    certain = candidates.in_order
    last = np.full(len(candidates), np.iinfo(np.int64).max)
    np.minimum.at(last, candidates.mentee[certain], candidates.micro[certain])
    return last
