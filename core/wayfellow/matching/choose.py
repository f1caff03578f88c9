"""Solve, and look further for those whom the candidates left without a mentor."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from wayfellow.matching.candidates import Candidates, Ints
from wayfellow.matching.gather import Progress, gather, merged
from wayfellow.matching.scoring import Scoring
from wayfellow.matching.solve import places_left, solve
from wayfellow.types import Assignment, MatchProblem

GROWTH = 8


def choose(scoring: Scoring, candidates: Candidates, k: int, progress: Progress) -> tuple[Assignment, Candidates]:
    """Return the pairs, and the candidates they were chosen from.

    While somebody is left out, some mentor has room, and a row that could help was cut at k candidates, such rows are
    scored again ``GROWTH`` times as wide and the whole is solved anew. In the end as many people are matched as if
    every positive score had been kept: every mentee on an alternating path from someone left out has a complete row,
    so no path that would match one more is hidden (Berge 1957).
    """
    problem = scoring.problem
    progress("assign", 0, 1)
    assignment = solve(candidates, problem.capacity, problem.locked)
    rows = _worth_widening(problem, candidates, assignment)
    while len(rows):
        k *= GROWTH
        candidates = merged(candidates, gather(scoring, k, progress, rows), rows)
        assignment = solve(candidates, problem.capacity, problem.locked)
        rows = _worth_widening(problem, candidates, assignment)
    progress("assign", 1, 1)
    return assignment, candidates


def _worth_widening(problem: MatchProblem, candidates: Candidates, assignment: Assignment) -> Ints:
    """Return the cut rows of mentees whom an alternating path reaches from someone who is left out."""
    n = len(candidates)
    taken = np.stack([assignment.mentee, assignment.mentor], axis=1)
    alone = np.setdiff1d(np.arange(n), assignment.mentee)
    if not len(alone) or not (places_left(problem.capacity, taken) > 0).any():
        return np.zeros(0, np.int64)
    reached = _reached(problem, candidates, taken, alone)
    rows: Ints = reached[~candidates.complete[reached]]
    return rows


def _reached(problem: MatchProblem, candidates: Candidates, taken: Ints, alone: Ints) -> Ints:
    """Return the mentees reached from those alone: to a candidate that offers places, on to who holds one of them."""
    n, m = len(candidates), len(problem.mentors)
    movable = taken[~np.isin(taken[:, 0], problem.locked[:, 0])]
    usable = (candidates.micro > 0) & (problem.capacity[candidates.mentor] > 0)
    start = np.concatenate([candidates.mentee[usable], movable[:, 1] + n, np.full(len(alone), n + m)])
    end = np.concatenate([candidates.mentor[usable] + n, movable[:, 0], alone])
    graph = csr_array((np.ones(len(start), np.int8), (start, end)), shape=(n + m + 1, n + m + 1))
    order = breadth_first_order(graph, n + m, directed=True, return_predecessors=False)
    return np.sort(order[order < n]).astype(np.int64)
