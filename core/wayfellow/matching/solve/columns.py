"""Choose among millions of pairs by solving few of them, with a proof that the others change nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wayfellow.matching.solve.arcs import Arcs
from wayfellow.matching.solve.flow import best_flow
from wayfellow.matching.solve.prices import Prices, prices

#: Fewer arcs are solved at once as soon.
MANY = 2_000_000
#: So many arcs for each mentee, the first and then those that come nearest to being chosen, are solved at a time.
NEAR = 4
Bools = NDArray[np.bool_]


def is_for_columns(arcs: Arcs) -> bool:
    """Tell whether :func:`best_of_many` may choose, and is the quicker way."""
    return len(arcs) > MANY and arcs.is_even and not arcs.minimum.any()


def best_of_many(arcs: Arcs, most: Bools, start: Bools | None = None) -> Bools:
    """Return what ``best_flow(arcs, people_first=True)`` does, up to ties.

    Nobody wants several mentors, and there is no minimum. ``most`` is a choice of as many pairs as possible; with it
    those that ``start`` marks are solved first, or the first of each mentee. At the prices of the best choice among
    some arcs, each other arc that nobody would rather have changes nothing; those that somebody would join, and the
    nearest of the others, until there is none.
    Source: column generation (Ford and Fulkerson 1958).
    """
    use, before = most | (arcs.first(NEAR) if start is None else start), -1
    while True:
        chosen, price = _among(arcs, use)
        if not price.settled:
            return best_flow(arcs, people_first=True)
        preference = price.preference(arcs, chosen)
        if not (preference > 0).any():
            return chosen
        total = int(arcs.gain[chosen].sum())
        # Arcs are let go only where the total has risen, so that no set of arcs comes twice.
        use = chosen | nearest(arcs, preference) | (use if total == before else False)
        before = total


def nearest(arcs: Arcs, preference: NDArray[np.int64]) -> Bools:
    """Return the arcs that somebody would rather have, and the nearest to that: :data:`NEAR` for each mentee."""
    beyond = max(0, len(arcs) - NEAR * len(arcs.wanted))
    near: Bools = preference >= min(1, int(np.partition(preference, beyond)[beyond]))
    return near


def _among(arcs: Arcs, use: Bools) -> tuple[Bools, Prices]:
    some = arcs.only(use)
    best = best_flow(some, people_first=True)
    chosen = np.zeros(len(arcs), dtype=bool)
    chosen[use] = best
    return chosen, prices(some, best)
