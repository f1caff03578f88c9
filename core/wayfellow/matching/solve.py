"""Choose the pairs: most people first, then the best total, by minimum-cost flow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wayfellow.errors import WayfellowError
from wayfellow.types import Assignment

if TYPE_CHECKING:
    from wayfellow.matching.candidates import Candidates, Ints


def solve(candidates: Candidates, capacity: NDArray[np.int16], locked: Ints) -> Assignment:
    """Return the pairs with most people, and among those the highest total score, sorted by mentee.

    ``capacity`` (n_mentors,); ``locked`` (k, 2) pairs are chosen first and take their places. Only candidates with a
    score above 0 are considered, so a forbidden pair cannot be chosen: it has no arc. Ties go by position.
    Source: maximum flow of minimum cost, each mentee one unit, each mentor as many as places (OR-tools, cost scaling);
    it is exact, and needs no reward that could overflow.
    """
    room = places_left(capacity, locked)
    free = np.ones(len(candidates), dtype=bool)
    free[locked[:, 0]] = False
    mentee, mentor = candidates.mentee, candidates.mentor
    use = (candidates.micro > 0) & free[mentee] & (room[mentor] > 0)
    mentee, mentor = mentee[use], mentor[use]
    chosen = _flow(mentee, mentor, candidates.micro[use], len(candidates), room)
    pairs = np.concatenate([np.stack([mentee[chosen], mentor[chosen]], axis=1), locked])
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    return Assignment(mentee=pairs[:, 0].copy(), mentor=pairs[:, 1].copy())


def places_left(capacity: NDArray[np.int16], taken: Ints) -> Ints:
    """Return each mentor's places (int64) that the pairs in ``taken`` (k, 2) leave."""
    return capacity.astype(np.int64) - np.bincount(taken[:, 1], minlength=len(capacity))


def _flow(mentee: Ints, mentor: Ints, gain: Ints, n: int, room: Ints) -> NDArray[np.bool_]:
    """Return which arcs carry flow. Nodes: mentees, then mentors, then the sink."""
    # Imported here because loading the solver costs more than the rest of a start-up.
    from ortools.graph.python import min_cost_flow

    if not len(mentee):
        return np.zeros(0, dtype=bool)
    flow: Any = min_cost_flow.SimpleMinCostFlow()
    sink = n + len(room)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(mentee, mentor + n, np.ones_like(mentee), -gain)
    flow.add_arcs_with_capacity_and_unit_cost(
        np.arange(n, sink), np.full(len(room), sink), room, np.zeros(len(room), np.int64)
    )
    flow.set_nodes_supplies(np.arange(n), np.ones(n, np.int64))
    flow.set_node_supply(sink, -n)
    status = flow.solve_max_flow_with_min_cost()
    if status != flow.OPTIMAL:
        raise WayfellowError(f"The solver could not choose pairs (it says {status}); this is a fault of Wayfellow.")
    chosen: NDArray[np.bool_] = np.asarray(flow.flows(arcs)) > 0
    return chosen
