"""Choose pairs within one pool: nobody is in two, and the whole is the best there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wayfellow.matching.solve.arcs import Arcs
from wayfellow.types import Assignment

if TYPE_CHECKING:
    from wayfellow.matching.candidates import Ints


def best_peers(arcs: Arcs, people_first: bool) -> NDArray[np.bool_]:
    """Return which arcs the best choice takes, in each direction that there is; ties go by position.

    With ``people_first`` as many people as possible are paired, then the sum of gains is the highest. A pair of which
    one direction is missing among the arcs counts like any other, with the gain of the direction that is there.
    Source: maximum-weight matching in general graphs, Edmonds' blossoms after Galil, Efficient algorithms for finding
    maximum matching in graphs (1986), as rustworkx has it.
    """
    # Imported here because only peers need it.
    import rustworkx

    pairs, gain = _edges(arcs)
    graph: rustworkx.PyGraph[int, int] = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(len(arcs.wanted)))
    graph.add_edges_from([(a, b, worth) for (a, b), worth in zip(pairs.tolist(), gain.tolist(), strict=True)])
    found = rustworkx.max_weight_matching(graph, max_cardinality=people_first, weight_fn=int)
    partner = np.full(len(arcs.wanted), -1, np.int64)
    for a, b in found:
        partner[a], partner[b] = b, a
    chosen: NDArray[np.bool_] = partner[arcs.mentee] == arcs.mentor
    return chosen


def both_ways(assignment: Assignment) -> Assignment:
    """Return an assignment within one pool with each pair in both directions, sorted, each once."""
    there = np.stack([assignment.mentee, assignment.mentor], axis=1)
    pairs = np.unique(np.concatenate([there, there[:, ::-1]]), axis=0)
    return Assignment(mentee=pairs[:, 0].copy(), mentor=pairs[:, 1].copy())


def _edges(arcs: Arcs) -> tuple[Ints, Ints]:
    """Return each pair (k, 2) once, the lower position first, sorted, and its gain."""
    both = np.sort(np.stack([arcs.mentee, arcs.mentor], axis=1), axis=1)
    pairs, first = np.unique(both, axis=0, return_index=True)
    return pairs, arcs.gain[first]
