"""Lift the lowest score given as far as nobody loses a mentor over it, and as far as it costs next to nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wayfellow.matching.settings import FLOOR_PRICE
from wayfellow.matching.solve.arcs import Arcs
from wayfellow.matching.solve.augment import Pool, within
from wayfellow.matching.solve.columns import best_of_many, is_for_columns
from wayfellow.matching.solve.flow import best_flow
from wayfellow.matching.solve.largest import FEW, most_pairs
from wayfellow.matching.solve.prices import prices

if TYPE_CHECKING:
    from wayfellow.matching.candidates import Ints

Chosen = NDArray[np.bool_]
#: So near, in millionths of a score, a floor is found that its price holds down. Of many pairs each try takes long,
#: so any floor is found just so near, and so much of the price is near enough.
_CLOSE, _NEARLY, _MANY = 1_000, 0.6, 200_000
#: A choice is enlarged pair by pair where at least this part of it stays, else begun afresh.
_MOSTLY = 0.99
#: A floor of last time is near when it is so much of the one that would be taken afresh.
_NEAR = 0.8


def lift_floor(arcs: Arcs, best: Chosen, total: int) -> Chosen:
    """Return the best choice whose lowest score is as high as can be, given the best choice without a floor.

    As many people are matched, pairs made and minimum places filled as without. The highest lowest score is found by
    enlarging what a level leaves of a choice; where the scores then add up to less than :data:`FLOOR_PRICE` allows of
    ``total``, the sum of the best choice without bonus, a lower one is taken. Where pairs are together now, their own
    lowest score is taken when it is near, since each change of the floor moves people.
    Source: bottleneck assignment by thresholds (Garfinkel 1971).
    """
    if not best.any():
        return best
    levels, price = _Levels(arcs, best), _Price(arcs, best, total)
    fresh = _lift_afresh(price, levels)
    together = arcs.gain > arcs.score
    if not together.any():
        return fresh
    level = int(arcs.score[together].min())
    if level < _NEAR * int(arcs.score[fresh].min()) or not levels.hold(level):
        return fresh
    steady = price.above(level, levels.most)
    return steady if price.of(steady) <= price.limit else fresh


def _lift_afresh(price: _Price, levels: _Levels) -> Chosen:
    score, best = price.arcs.score, price.best
    low, top = int(score[best].min()), int(score.max())
    # First to a thousandth: where the price decides, more of it would be for nothing.
    coarse = _highest(np.arange(low + _CLOSE, top + 1, _CLOSE), levels.hold) or low
    chosen = price.above(coarse, levels.most) if coarse > low else best
    if not price.is_low(chosen):
        return _dearest_affordable(price, levels, low, coarse, chosen)
    if len(price.arcs) > _MANY:
        return chosen
    exact = _highest(np.unique(score[(score > coarse) & (score < coarse + _CLOSE)]), levels.hold)
    lifted = chosen if exact is None else price.above(exact, levels.most)
    return lifted if price.is_low(lifted) else chosen


class _Levels:
    """Tell at which levels as much can be chosen as without one; ``most`` is a choice at the highest that held."""

    def __init__(self, arcs: Arcs, best: Chosen) -> None:
        self.arcs, self.most, self.level = arcs, best, int(arcs.score[best].min())
        self.tests, self.pool, self.few = _tests(arcs, best), Pool(arcs), arcs.first(FEW)

    def hold(self, level: int) -> bool:
        """Tell whether a level holds."""
        found = [self._chosen(level, *test) for test in self.tests]
        if any(chosen.sum() < reached for chosen, (_, _, reached) in zip(found, self.tests, strict=True)):
            return False
        if level > self.level:
            self.level, self.most = level, found[0]
        return True

    def _chosen(self, level: int, wanted: Ints, room: Ints, enough: int) -> Chosen:
        """Return a choice of enough pairs at or above a level, or of as many as there can be."""
        usable = self.arcs.score >= level
        start = within(self.arcs, self.most & usable, wanted, room)
        if start.sum() < _MOSTLY * enough:
            few, start = self.few & usable, np.zeros_like(start)
            start[few] = most_pairs(self.arcs.only(few), wanted, room)
        return self.pool.enlarge(start, usable, wanted, room, enough)


class _Price:
    """Tell what floors cost, in millionths of score, and what may be paid: a little less at first than in re-runs."""

    def __init__(self, arcs: Arcs, best: Chosen, total: int) -> None:
        self.arcs, self.best, self.total = arcs, best, total
        self.limit = int(FLOOR_PRICE * total)
        self.budget = self.limit * 3 // 4
        self.known = prices(arcs, best) if is_for_columns(arcs) else None

    def of(self, chosen: Chosen) -> int:
        return self.total - int(self.arcs.score[chosen].sum())

    def is_low(self, chosen: Chosen) -> bool:
        return self.of(chosen) <= self.budget

    def above(self, level: int, most: Chosen) -> Chosen:
        """Return the best choice of arcs that score as much as the level or more, given one of as many pairs."""
        use = self.arcs.score >= level
        arcs, chosen = self.arcs.only(use), np.zeros(len(self.arcs), dtype=bool)
        if self.known is None:
            chosen[use] = best_flow(arcs, people_first=True)
        else:
            chosen[use] = best_of_many(arcs, most[use], self.known)
        return chosen


def _dearest_affordable(price: _Price, levels: _Levels, low: int, high: int, chosen: Chosen) -> Chosen:
    """Return the choice above the highest level whose price is low enough, below ``high``, which is too dear.

    A price grows about as the square of how far the floor is lifted, so that few flows come near.
    """
    base = low
    found = price.best
    while high - low > _CLOSE:
        tried, paid = (high, price.of(chosen)) if not price.is_low(chosen) else (low, max(1, price.of(chosen)))
        guess = base + (tried - base) * math.sqrt(price.budget / paid)
        level = int(np.clip(guess, low + (high - low) // 8 + 1, high - (high - low) // 8 - 1))
        chosen = price.above(level, levels.most)
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
