"""Solve, and look further for those whom the candidates left without a mentor."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from wayfellow.matching.candidates import Candidates, Ints
from wayfellow.matching.gather import Progress, gather, merged
from wayfellow.matching.scoring import Scoring
from wayfellow.matching.solve import Solution, choose_best, finish, in_pairs, places_left
from wayfellow.types import Assignment, MatchProblem

GROWTH = 8


def choose(scoring: Scoring, candidates: Candidates, k: int, progress: Progress) -> tuple[Solution, Candidates]:
    """Return the pairs, and the candidates they were chosen from.

    While somebody is left out, some mentor has room, and a row that could help was cut at k candidates, such rows are
    scored again ``GROWTH`` times as wide and the whole is solved anew. In the end as many people are matched as if
    every positive score had been kept: every mentee on an alternating path from someone left out has a complete row,
    so no path that would match one more is hidden (Berge 1957).
    """
    problem, settings = scoring.problem, scoring.settings
    progress("assign", 0, 1)
    choice = choose_best(problem, candidates, settings)
    rows = _worth_widening(problem, candidates, choice.assignment)
    while len(rows):
        k *= GROWTH
        candidates = merged(candidates, gather(scoring, k, progress, rows), rows)
        choice = choose_best(problem, candidates, settings)
        rows = _worth_widening(problem, candidates, choice.assignment)
    solution = finish(problem, choice, settings)
    progress("assign", 1, 1)
    return solution, candidates


def _worth_widening(problem: MatchProblem, candidates: Candidates, assignment: Assignment) -> Ints:
    """Return the cut rows of mentees whom an alternating path reaches from someone who still wants a mentor."""
    n = len(candidates)
    taken = np.stack([assignment.mentee, assignment.mentor], axis=1)
    alone = np.flatnonzero(np.bincount(assignment.mentee, minlength=n) < problem.wanted)
    if not len(alone) or not (places_left(problem.capacity, taken) > 0).any():
        return np.zeros(0, np.int64)
    reached = _reached(problem, candidates, taken, alone)
    rows: Ints = reached[~candidates.complete[reached]]
    return rows


def _reached(problem: MatchProblem, candidates: Candidates, taken: Ints, alone: Ints) -> Ints:
    """Return the mentees reached from those alone: to a candidate that offers places, on to who holds one of them."""
    n, m = len(candidates), len(problem.mentors)
    movable = taken[~in_pairs(taken[:, 0], taken[:, 1], problem.locked)]
    usable = (candidates.micro > 0) & (problem.capacity[candidates.mentor] > 0)
    start = np.concatenate([candidates.mentee[usable], movable[:, 1] + n, np.full(len(alone), n + m)])
    end = np.concatenate([candidates.mentor[usable] + n, movable[:, 0], alone])
    graph = csr_array((np.ones(len(start), np.int8), (start, end)), shape=(n + m + 1, n + m + 1))
    order = breadth_first_order(graph, n + m, directed=True, return_predecessors=False)
    return np.sort(order[order < n]).astype(np.int64)
