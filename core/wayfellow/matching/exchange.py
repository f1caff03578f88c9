"""Say what it would cost all others to give one mentee another mentor: exchanges along shortest paths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from wayfellow.matching.candidates import Candidates, Ints
from wayfellow.matching.solve import places_left
from wayfellow.matching.solve.arcs import free_arcs
from wayfellow.matching.solve.prices import NEVER, find_ways
from wayfellow.types import Assignment, MatchProblem

#: So many steps along exchanges are taken at most, about two seconds; what lies beyond stays uncomputed.
WORK = 40_000_000
#: What one person without a mentor weighs, in millionths: more than any total can make up for.
PERSON = np.int64(2**40)


@dataclass(frozen=True, slots=True, eq=False)
class _Exchanges:
    """Hold which mentor may hand one mentee on to which, and what that costs (int64, millionths).

    Two more nodes stand behind the mentors: being without one, and an empty place. ``at`` (n_mentees,) is the node
    where each mentee is, ``own`` what they are worth there.
    """

    at: Ints
    own: Ints
    start: Ints
    end: Ints
    cost: Ints
    nodes: int


def forced_costs(
    problem: MatchProblem, candidates: Candidates, assignment: Assignment, wanted: Ints, floor: int = 0
) -> tuple[Ints, Ints]:
    """Return, for each of the candidates at ``wanted`` (k,), what forcing that pair would cost the best choice.

    The first array counts people, the second millionths of the total, which may be gained where people are lost. There
    are -1 people where it was not computed: the mentee is locked, the assignment is not the best one, or the work is
    too much; what comes first is done first.
    Only candidates of ``floor`` millionths or more take part. The best choice that holds a pair differs from the best
    of all by one exchange, the shortest path from the mentor back to where the mentee was.
    Source: residual networks with potentials, Ahuja, Magnanti and Orlin, Network Flows (1993), section 9.7.
    """
    people = np.full(len(wanted), -1, np.int64)
    cost = people.copy()
    if not len(wanted) or len(np.unique(assignment.mentee)) < len(assignment.mentee):
        return people, cost
    arcs = _exchanges(problem, candidates, assignment, floor)
    potential = _potentials(arcs, problem, candidates, floor)
    if potential is None:
        return people, cost
    room = places_left(problem.capacity, problem.locked)
    free = ~np.isin(candidates.mentee[wanted], problem.locked[:, 0]) & (room[candidates.mentor[wanted]] > 0)
    able = np.flatnonzero(free & (candidates.micro[wanted] >= max(floor, 1)))
    able = able[_affordable(candidates.mentor[wanted[able]], len(arcs.start))]
    mentee, mentor = candidates.mentee[wanted[able]], candidates.mentor[wanted[able]]
    back = _distances(arcs, potential, mentor, arcs.at[mentee])
    lost = arcs.own[mentee] - candidates.micro[wanted[able]] + back
    reached = back < np.iinfo(np.int64).max
    people[able[reached]] = np.rint(lost[reached] / PERSON)
    cost[able[reached]] = lost[reached] - people[able[reached]] * PERSON
    return people, cost


def _exchanges(problem: MatchProblem, candidates: Candidates, assignment: Assignment, floor: int) -> _Exchanges:
    n, m = len(candidates), len(problem.mentors)
    without, empty = m, m + 1
    at, own = np.full(n, without, np.int64), np.full(n, -PERSON)
    at[assignment.mentee] = assignment.mentor
    own[assignment.mentee] = candidates.micro[candidates.find(assignment.mentee, assignment.mentor)]
    moves = ~np.isin(np.arange(n), problem.locked[:, 0])
    room = places_left(problem.capacity, problem.locked)
    held = np.bincount(at[moves], minlength=m + 1)
    mentee = candidates.mentee
    use = moves[mentee] & (room[candidates.mentor] > 0) & (candidates.micro >= max(floor, 1))
    use &= at[mentee] != candidates.mentor
    mentee, mentor, micro = mentee[use], candidates.mentor[use], candidates.micro[use]
    leaving = np.flatnonzero(moves & (at < m))
    spare, letting = np.append(np.flatnonzero(held[:m] < room), without), np.flatnonzero(held > 0)
    start = np.concatenate([at[mentee], at[leaving], spare, np.full(len(letting), empty)])
    end = np.concatenate([mentor, np.full(len(leaving), without), np.full(len(spare), empty), letting])
    free = np.zeros(len(spare) + len(letting), np.int64)
    cost = np.concatenate([own[mentee] - micro, own[leaving] + PERSON, free])
    cheapest = np.lexsort((cost, end, start))
    key = start[cheapest] * (m + 2) + end[cheapest]
    kept = cheapest[np.concatenate([[True], key[1:] != key[:-1]])] if len(key) else cheapest
    return _Exchanges(at, own, start[kept], end[kept], cost[kept], m + 2)


def _potentials(arcs: _Exchanges, problem: MatchProblem, candidates: Candidates, floor: int) -> Ints | None:
    """Return potentials under which no exchange costs less than nothing; None where an exchange would still gain.

    Where a way leads from somebody without a mentor, nobody is worth a place; elsewhere an empty place costs nothing.
    """
    free, _ = free_arcs(problem, candidates)
    free = free.only(free.score >= floor)
    ways = find_ways(free, arcs.at[free.mentee] == free.mentor)
    potential = np.zeros(arcs.nodes, np.int64)
    reached = ways.from_without > NEVER
    potential[: len(reached)] = np.where(reached, -PERSON - ways.from_without, -ways.from_empty)
    raised = arcs.cost + potential[arcs.start] - potential[arcs.end]
    return potential if (raised >= 0).all() else None


def _affordable(mentors: Ints, arcs: int) -> NDArray[np.bool_]:
    """Tell which of the mentors, in this order, are among the first whose searches the work allows."""
    _, first, same = np.unique(mentors, return_index=True, return_inverse=True)
    turn = np.argsort(np.argsort(first))
    allowed: NDArray[np.bool_] = turn[same] < max(1, WORK // max(1, arcs))
    return allowed


def _distances(arcs: _Exchanges, potential: Ints, start: Ints, end: Ints) -> Ints:
    """Return the cost of the cheapest way from each start to its end, the largest number where there is none."""
    sources, row = np.unique(start, return_inverse=True)
    if not len(sources):
        return np.zeros(0, np.int64)
    raised = arcs.cost + potential[arcs.start] - potential[arcs.end]
    graph = csr_array((raised.astype(np.float64), (arcs.start, arcs.end)), shape=(arcs.nodes, arcs.nodes))
    found = dijkstra(graph, indices=sources)[row, end]
    exact = np.full(len(start), np.iinfo(np.int64).max)
    reached = np.isfinite(found)
    way = np.rint(found[reached]).astype(np.int64)
    exact[reached] = way - potential[start[reached]] + potential[end[reached]]
    return exact
