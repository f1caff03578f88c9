"""Lift the lowest score given as far as nobody loses a mentor over it, and as far as it costs next to nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wayfellow.matching.settings import FLOOR_PRICE
from wayfellow.matching.solve.arcs import Arcs
from wayfellow.matching.solve.flow import best_flow

if TYPE_CHECKING:
    from wayfellow.matching.candidates import Ints

Chosen = NDArray[np.bool_]
#: So near, in millionths of a score, a floor is found that its price holds down. Of many pairs each try takes seconds,
#: so any floor is found just so near, and so much of the price is near enough.
_CLOSE, _NEARLY, _MANY = 1_000, 0.6, 200_000
#: A floor of last time is near when it is so much of the one that would be taken afresh.
_NEAR = 0.8


def lift_floor(arcs: Arcs, best: Chosen, total: int) -> Chosen:
    """Return the best choice whose lowest score is as high as can be, given the best choice without a floor.

    As many people are matched, pairs made and minimum places filled as without. The highest lowest score is found by
    maximum flows over the arcs at or above it; where the scores then add up to less than :data:`FLOOR_PRICE` allows of
    ``total``, the sum of the best choice without bonus, a lower one is taken. Where pairs are together now, their own
    lowest score is taken when it is near, since each change of the floor moves people.
    Source: bottleneck assignment by thresholds (Garfinkel 1971).
    """
    if not best.any():
        return best
    tests = _tests(arcs, best)

    def holds(level: int) -> bool:
        above = arcs.only(arcs.score >= level)
        return all(_most(above, *test) == reached for *test, reached in tests)

    price = _Price(arcs, best, total)
    fresh = _lift_afresh(price, holds)
    together = arcs.gain > arcs.score
    if not together.any():
        return fresh
    level = int(arcs.score[together].min())
    if level < _NEAR * int(arcs.score[fresh].min()) or not holds(level):
        return fresh
    steady = price.above(level)
    return steady if price.of(steady) <= price.limit else fresh


def _lift_afresh(price: _Price, holds: Callable[[int], bool]) -> Chosen:
    score, best = price.arcs.score, price.best
    low, top = int(score[best].min()), int(score.max())
    # First to a thousandth: where the price decides, more of it would be for nothing.
    coarse = _highest(np.arange(low + _CLOSE, top + 1, _CLOSE), holds) or low
    chosen = price.above(coarse) if coarse > low else best
    if not price.is_low(chosen):
        return _dearest_affordable(price, low, coarse, chosen)
    if len(price.arcs) > _MANY:
        return chosen
    exact = _highest(np.unique(score[(score > coarse) & (score < coarse + _CLOSE)]), holds)
    lifted = chosen if exact is None else price.above(exact)
    return lifted if price.is_low(lifted) else chosen


class _Price:
    """Tell what floors cost, in millionths of score, and what may be paid: a little less at first than in re-runs."""

    def __init__(self, arcs: Arcs, best: Chosen, total: int) -> None:
        self.arcs, self.best, self.total = arcs, best, total
        self.limit = int(FLOOR_PRICE * total)
        self.budget = self.limit * 3 // 4

    def of(self, chosen: Chosen) -> int:
        return self.total - int(self.arcs.score[chosen].sum())

    def is_low(self, chosen: Chosen) -> bool:
        return self.of(chosen) <= self.budget

    def above(self, level: int) -> Chosen:
        """Return the best choice of arcs that score as much as the level or more."""
        use = self.arcs.score >= level
        chosen = np.zeros(len(self.arcs), dtype=bool)
        chosen[np.flatnonzero(use)[best_flow(self.arcs.only(use), people_first=True)]] = True
        return chosen


def _dearest_affordable(price: _Price, low: int, high: int, chosen: Chosen) -> Chosen:
    """Return the choice above the highest level whose price is low enough, below ``high``, which is too dear.

    A price grows about as the square of how far the floor is lifted, so that few flows come near.
    """
    base = low
    found = price.best
    while high - low > _CLOSE:
        tried, paid = (high, price.of(chosen)) if not price.is_low(chosen) else (low, max(1, price.of(chosen)))
        guess = base + (tried - base) * math.sqrt(price.budget / paid)
        level = int(np.clip(guess, low + (high - low) // 8 + 1, high - (high - low) // 8 - 1))
        chosen = price.above(level)
        if not price.is_low(chosen):
            high = level
            continue
        # The choice may stand higher than it was asked to.
        found, low = chosen, max(level, int(price.arcs.score[chosen].min()))
        if len(price.arcs) > _MANY and price.of(chosen) >= _NEARLY * price.budget:
            break
    return found


def _highest(levels: Ints, holds: Callable[[int], bool]) -> int | None:
    """Return the highest level that holds, given that whatever is below one that holds does; None when none does."""
    at, step = -1, 1
    while at + step < len(levels) and holds(int(levels[at + step])):
        at, step = at + step, step * 4
    stop = min(at + step, len(levels))
    while stop - at > 1:
        middle = (at + stop) // 2
        at, stop = (middle, stop) if holds(int(levels[middle])) else (at, middle)
    return int(levels[at]) if at >= 0 else None


def _tests(arcs: Arcs, best: Chosen) -> list[tuple[Ints, Ints, int]]:
    """Return what must stay reachable, and how far: pairs, and where they are not the same, people and minima."""
    tests = [(arcs.wanted, arcs.room, int(best.sum()))]
    if not arcs.is_even:
        tests.append((arcs.alone.astype(np.int64), arcs.room, int(arcs.alone[np.unique(arcs.mentee[best])].sum())))
    if arcs.minimum.any():
        taken = np.bincount(arcs.mentor[best], minlength=len(arcs.room))
        tests.append((arcs.wanted, arcs.minimum, int(np.minimum(taken, arcs.minimum).sum())))
    return tests


def _most(arcs: Arcs, wanted: Ints, room: Ints) -> int:
    """Return how many pairs can be made at most."""
    from ortools.graph.python import max_flow

    n, m = len(wanted), len(room)
    flow: Any = max_flow.SimpleMaxFlow()
    flow.add_arcs_with_capacity(arcs.mentee, arcs.mentor + n, np.ones_like(arcs.mentee))
    flow.add_arcs_with_capacity(np.full(n, n + m), np.arange(n), wanted)
    flow.add_arcs_with_capacity(np.arange(n, n + m), np.full(m, n + m + 1), room)
    flow.solve(n + m, n + m + 1)
    return int(flow.optimal_flow())
