"""Solve, and look further for those whom the candidates left without a mentor."""

from __future__ import annotations

from wayfellow.matching.candidates import Candidates
from wayfellow.matching.gather import Progress, gather, united
from wayfellow.matching.scoring import Scoring
from wayfellow.matching.solve import solve
from wayfellow.matching.widening import Step, next_step
from wayfellow.types import Assignment


def choose(scoring: Scoring, candidates: Candidates, k: int, progress: Progress) -> tuple[Assignment, Candidates]:
    """Return the pairs, and the candidates they were chosen from.

    While a pair that was cut off could help somebody who is left out (see :func:`next_step`), the mentees or the
    mentors concerned are scored again and the whole is solved anew. In the end as many people are matched as if every
    positive score had been kept.
    """
    problem = scoring.problem
    progress("assign", 0, 1)
    assignment = solve(candidates, problem.capacity, problem.locked)
    while step := next_step(problem, candidates, assignment, k):
        k = step.width
        candidates = united(candidates, _again(scoring, step, progress))
        assignment = solve(candidates, problem.capacity, problem.locked)
    progress("assign", 1, 1)
    return assignment, candidates


def _again(scoring: Scoring, step: Step, progress: Progress) -> Candidates:
    return gather(scoring, step.width, progress, step.rows, step.whole)
