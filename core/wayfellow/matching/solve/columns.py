"""Choose among millions of pairs by solving few of them, with a proof that the others change nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wayfellow.matching.solve.arcs import Arcs
from wayfellow.matching.solve.flow import best_flow
from wayfellow.matching.solve.prices import Prices, prices

if TYPE_CHECKING:
    from wayfellow.matching.candidates import Ints

#: Fewer arcs are solved at once as soon.
MANY = 2_000_000
#: So many arcs for each mentee, the first and then those that come nearest to being chosen, are solved at a time.
NEAR = 4
#: Steps through mentees' arcs, prime so that those of one number spread over all places.
_STRIDE = 7919
#: Where fewer than this part of the mentees would rather have another, only what is around them is chosen anew: so
#: many steps from mentee to mentee.
_LOCAL, _STEPS = 0.01, 3
Bools = NDArray[np.bool_]


def is_for_columns(arcs: Arcs) -> bool:
    """Tell whether :func:`best_of_many` may choose, and is the quicker way."""
    return len(arcs) > MANY and arcs.is_even and not arcs.minimum.any()


def best_of_many(arcs: Arcs, most: Bools, known: Prices | None = None) -> Bools:
    """Return what ``best_flow(arcs, people_first=True)`` does, up to ties.

    Nobody wants several mentors, and there is no minimum. ``most`` is a choice of as many pairs as possible; where
    ``known`` prices are those of a choice that it nearly is, only what is around the difference is chosen anew. At the
    prices of the best choice among some arcs, each other arc that nobody would rather have changes nothing; those that
    somebody would rather have, and the nearest of the others, come in until there is none.
    Source: column generation (Ford and Fulkerson 1958).
    """
    use = most | arcs.first(NEAR) | _one_more(arcs)
    chosen, price = (most, known) if known else _among(arcs, use)
    before = -1
    while price.settled:
        asking, idle = price.unmet(arcs, chosen)
        if not (len(asking) or idle.any()):
            return chosen
        total = int(arcs.gain[chosen].sum())
        near = chosen | nearest(arcs, price.preference(arcs, chosen))
        if total > before and len(asking) < _LOCAL * len(arcs.wanted):
            chosen, price = _around(arcs, near, chosen, asking, idle)
        else:
            # Arcs are let go only where the total has risen, so that no set of arcs comes twice.
            use = near | (use if total == before else False)
            chosen, price = _among(arcs, use)
        before = total
    return best_flow(arcs, people_first=True)


def _one_more(arcs: Arcs) -> Bools:
    """Return an arc of each mentee as if drawn by lot, so that no mentor is cut off from the others."""
    count = np.bincount(arcs.mentee, minlength=len(arcs.wanted))
    some = np.flatnonzero(count)
    marked = np.zeros(len(arcs), dtype=bool)
    marked[(np.cumsum(count) - count)[some] + some * _STRIDE % count[some]] = True
    return marked


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


def _around(arcs: Arcs, near: Bools, chosen: Bools, asking: Ints, asked: Bools) -> tuple[Bools, Prices]:
    """Choose anew for those who would rather have another, and whoever may have to move for them; price the whole."""
    places = np.flatnonzero(near)
    mentee, mentor, is_held = arcs.mentee[places], arcs.mentor[places], chosen[places]
    has_none = np.bincount(mentee[is_held], minlength=len(arcs.wanted)) == 0
    gives_way = is_held | has_none[mentee]
    inside = np.zeros(len(arcs.wanted), dtype=bool)
    inside[asking] = True
    inside[mentee[asked[mentor]]] = True
    for _ in range(_STEPS):
        asked = asked.copy()
        asked[mentor[inside[mentee]]] = True
        inside[mentee[gives_way & asked[mentor]]] = True
    use = near & inside[arcs.mentee]
    kept = chosen & ~inside[arcs.mentee]
    room = arcs.room - np.bincount(arcs.mentor[kept], minlength=len(arcs.room))
    kept[use] = best_flow(
        replace(arcs.only(use), room=room, wanted=np.where(inside, arcs.wanted, 0)), people_first=True
    )
    return kept, prices(arcs.only(near), kept[near])
