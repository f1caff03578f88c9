"""Choose pairs by a flow of minimum cost: exact, and a second for a million pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wayfellow.errors import WayfellowError
from wayfellow.matching.solve.arcs import Arcs
from wayfellow.matching.solve.quotas import Group

if TYPE_CHECKING:
    from wayfellow.matching.candidates import Ints


def best_flow(arcs: Arcs, people_first: bool, groups: Sequence[Group] = ()) -> NDArray[np.bool_]:
    """Return which arcs the best choice takes. Ties go by position.

    In this order: the most people that quotas ask for are matched, and places of ``minimum`` filled; with
    ``people_first`` as many people as possible have a mentor, and as many pairs as possible are made; the sum of gains
    is the highest. The first ones never compete: what one side can cover and what the other can, one largest choice
    covers together (Mendelsohn and Dulmage 1958).
    ``groups`` with quotas must not overlap, and each pair must add a person.
    Source: maximum flow of minimum cost, each mentee as many units as mentors wanted, each mentor as many as places
    (OR-tools, cost scaling).
    """
    # Imported here because loading the solver costs more than the rest of a start-up.
    from ortools.graph.python import min_cost_flow

    if not len(arcs):
        return np.zeros(0, dtype=bool)
    flow: Any = min_cost_flow.SimpleMinCostFlow()
    sink = len(arcs.wanted) + len(arcs.room)
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        arcs.mentee, arcs.mentor + len(arcs.wanted), np.ones_like(arcs.mentee), -arcs.gain
    )
    _offer_places(flow, arcs, sink)
    if groups:
        own = _send_groups(flow, arcs, sink, groups, people_first)
    else:
        own = _send_mentees(flow, arcs, sink, people_first)
    if people_first:
        status = flow.solve_max_flow_with_min_cost()
    else:
        # A way past the mentors for what people bring in themselves, since nobody is matched for the number's sake.
        everyone = np.arange(len(own))
        _add(flow, everyone, np.full_like(everyone, sink), own, 0)
        status = flow.solve()
    if status != flow.OPTIMAL:
        raise WayfellowError(f"The solver could not choose pairs (it says {status}); this is a fault of Wayfellow.")
    chosen: NDArray[np.bool_] = np.asarray(flow.flows(pairs)) > 0
    return chosen


def _offer_places(flow: Any, arcs: Arcs, sink: int) -> None:
    """Lead mentors' places to the sink; those that a minimum asks for are worth more than all scores together."""
    node = np.arange(len(arcs.wanted), sink)
    must = np.minimum(arcs.minimum, arcs.room)
    _add(flow, node, np.full_like(node, sink), arcs.room - must, 0)
    asked = must > 0
    if asked.any():
        _add(flow, node[asked], np.full(int(asked.sum()), sink), must[asked], -_more_than_all(arcs))


def _send_mentees(flow: Any, arcs: Arcs, sink: int, people_first: bool) -> Ints:
    """Supply a unit for each mentor wanted, and return those that mentees bring in themselves.

    Where some get several mentors, everyone's first comes in apart and is worth more than all scores.
    """
    mentee, supply = np.arange(len(arcs.wanted)), arcs.wanted
    if people_first and not arcs.is_even:
        alone = np.flatnonzero(arcs.alone)
        first = sink + 1 + np.arange(len(alone))
        _add(flow, first, alone, np.ones_like(alone), -_more_than_all(arcs))
        flow.set_nodes_supplies(first, np.ones_like(first))
        supply = supply - arcs.alone
    flow.set_nodes_supplies(mentee, supply)
    flow.set_node_supply(sink, -int(arcs.wanted.sum()))
    return supply


def _send_groups(flow: Any, arcs: Arcs, sink: int, groups: Sequence[Group], people_first: bool) -> Ints:
    """Supply as many units to each group as its quota allows, those that it asks for worth more than all scores.

    Returns the units that the other mentees bring in themselves.
    Each group has three nodes: what it must have, what it may have besides, and the hub that leads both to its people.
    """
    supply = arcs.wanted.copy()
    must = sink + 1 + np.arange(len(groups))
    may, hub, end = must + len(groups), must + 2 * len(groups), np.full(len(groups), sink)
    least = np.array([group.least for group in groups], np.int64)
    more = np.array([group.most for group in groups], np.int64) - least
    _add(flow, must, hub, least, -_more_than_all(arcs))
    _add(flow, may, hub, more, 0)
    if not people_first:
        # Likewise past the people: one who came in by the hub must be matched to count.
        _add(flow, must, end, least, 0)
        _add(flow, may, end, more, 0)
    for node, group in zip(hub.tolist(), groups, strict=True):
        supply[group.members] = 0
        _add(flow, np.full(len(group.members), node), group.members, np.ones_like(group.members), 0)
    for nodes, units in ((must, least), (may, more), (np.arange(len(supply)), supply)):
        flow.set_nodes_supplies(nodes, units)
    flow.set_node_supply(sink, -int(supply.sum() + least.sum() + more.sum()))
    return supply


def _more_than_all(arcs: Arcs) -> int:
    """Return a sum of gains that no choice reaches."""
    best = np.zeros(len(arcs.wanted), dtype=np.int64)
    np.maximum.at(best, arcs.mentee, arcs.gain)
    return int((best * arcs.wanted).sum()) + 1


def _add(flow: Any, tail: Ints, head: Ints, capacity: Ints, cost: int) -> None:
    flow.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, np.full(len(tail), cost, np.int64))
