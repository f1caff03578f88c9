"""Find a choice of as many pairs as possible, whatever they score: much sooner than the best one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wayfellow.matching.solve.arcs import Arcs
from wayfellow.matching.solve.augment import Pool

if TYPE_CHECKING:
    from wayfellow.matching.candidates import Ints

#: So many candidates of each mentee are nearly always enough.
FEW = 8


def largest_choice(arcs: Arcs) -> NDArray[np.bool_]:
    """Return which arcs a choice of as many pairs as possible takes: of few of each mentee, then enlarged."""
    thinkable = min(int(arcs.wanted[np.unique(arcs.mentee)].sum()), int(arcs.room[np.unique(arcs.mentor)].sum()))
    few = arcs.first(FEW)
    chosen = np.zeros(len(arcs), dtype=bool)
    chosen[few] = most_pairs(arcs.only(few), arcs.wanted, arcs.room)
    if chosen.sum() == thinkable or few.all():
        return chosen
    return Pool(arcs).enlarge(chosen, ~chosen, arcs.wanted, arcs.room, thinkable)


def most_pairs(arcs: Arcs, wanted: Ints, room: Ints) -> NDArray[np.bool_]:
    """Return which arcs a choice of as many pairs as possible takes.

    Each mentee is in ``wanted`` at most, each mentor in ``room``.

    Source: maximum flow (OR-tools, push-relabel).
    """
    from ortools.graph.python import max_flow

    n, m = len(wanted), len(room)
    flow: Any = max_flow.SimpleMaxFlow()
    pairs = flow.add_arcs_with_capacity(arcs.mentee, arcs.mentor + n, np.ones_like(arcs.mentee))
    flow.add_arcs_with_capacity(np.full(n, n + m), np.arange(n), wanted)
    flow.add_arcs_with_capacity(np.arange(n, n + m), np.full(m, n + m + 1), room)
    flow.solve(n + m, n + m + 1)
    chosen: NDArray[np.bool_] = np.asarray(flow.flows(pairs)) > 0
    return chosen
