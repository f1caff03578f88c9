"""Find out which pairs that were cut off could give somebody who is left out a mentor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack
from scipy.sparse.csgraph import breadth_first_order

from wayfellow.matching.candidates import Candidates, Ints
from wayfellow.matching.solve import in_pairs, places_left
from wayfellow.types import Assignment, MatchProblem

GROWTH = 8


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """Say what to score again: ``width`` candidates of the mentees in ``rows``, or all pairs of the mentors marked."""

    width: int
    rows: Ints | None = None
    whole: NDArray[np.bool_] | None = None


def next_step(problem: MatchProblem, candidates: Candidates, assignment: Assignment, k: int) -> Step | None:
    """Return what to look at that was cut off, None when nothing of it can help.

    One more mentee gets a mentor if and only if an alternating path leads from one who wants another to a mentor with
    room (Berge 1957). Its first pair that was cut off starts at a mentee reached from those left out; its last ends at
    a mentor from whom known pairs lead on to room. So it is enough to complete one of the two ends, whichever means
    fewer pairs: a mentor whom nobody ranks high, or who wrote nothing, must not make everybody's list long.
    """
    n = len(candidates)
    taken = np.stack([assignment.mentee, assignment.mentor], axis=1)
    alone = np.flatnonzero(np.bincount(assignment.mentee, minlength=n) < problem.wanted)
    with_room = np.flatnonzero(places_left(problem.capacity, taken) > 0)
    if not len(alone) or not len(with_room):
        return None
    graph = _graph(problem, candidates, taken)
    ahead = _reached(graph, alone)
    rows = ahead[ahead < n]
    rows = rows[~candidates.complete[rows]]
    behind = _reached(csr_array(graph.T), with_room + n)
    mentors = behind[behind >= n] - n
    mentors = mentors[~candidates.seen[mentors]]
    if not len(rows) or not len(mentors):
        return None
    return _cheaper(candidates, rows, mentors, k)


def _cheaper(candidates: Candidates, rows: Ints, mentors: Ints, k: int) -> Step:
    stored = np.bincount(candidates.mentor[candidates.micro > 0], minlength=len(candidates.sought))
    by_mentors = (candidates.sought - stored)[mentors].sum()
    by_rows = (np.minimum(candidates.allowed, k * GROWTH) - np.diff(candidates.indptr))[rows].sum()
    if by_rows < by_mentors:
        return Step(k * GROWTH, rows=rows)
    whole = np.zeros(len(candidates.sought), dtype=bool)
    whole[mentors] = True
    return Step(k, whole=whole)


def _graph(problem: MatchProblem, candidates: Candidates, taken: Ints) -> csr_array:
    """Return the steps of alternating paths: to a candidate who offers places, on to who holds one of them."""
    n, m = len(candidates), len(problem.mentors)
    movable = taken[~in_pairs(taken[:, 0], taken[:, 1], problem.locked)]
    usable = (candidates.micro > 0) & (problem.capacity[candidates.mentor] > 0)
    start = np.concatenate([candidates.mentee[usable], movable[:, 1] + n])
    end = np.concatenate([candidates.mentor[usable] + n, movable[:, 0]])
    return csr_array((np.ones(len(start), np.int8), (start, end)), shape=(n + m, n + m))


def _reached(graph: csr_array, sources: Ints) -> Ints:
    """Return the nodes that paths from any of the sources reach, sorted, the sources included."""
    size = graph.shape[0]
    starts = csr_array((np.ones(len(sources), np.int8), (np.zeros(len(sources), np.int64), sources)), shape=(1, size))
    empty = csr_array((size + 1, 1), dtype=np.int8)
    whole = hstack([vstack([graph, starts]), empty], format="csr")
    order = breadth_first_order(whole, size, directed=True, return_predecessors=False)
    return np.sort(order[order < size]).astype(np.int64)
