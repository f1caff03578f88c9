"""Solve, and look further for those whom the candidates left without a mentor."""

from __future__ import annotations

from wayfellow.matching.candidates import Candidates
from wayfellow.matching.gather import Progress, gather, ranked, united
from wayfellow.matching.scoring import Scoring
from wayfellow.matching.solve import Solution, choose_most, finish, improve
from wayfellow.matching.widening import Step, next_step


def choose(scoring: Scoring, candidates: Candidates, k: int, progress: Progress) -> tuple[Solution, Candidates]:
    """Return the pairs, and the candidates they were chosen from.

    While a pair that was cut off could help somebody who is left out (see :func:`next_step`), the mentees or the
    mentors concerned are scored again and the whole is solved anew. In the end as many people are matched as if every
    positive score had been kept.
    """
    problem, settings = scoring.problem, scoring.settings
    progress("assign", 0, 1)
    choice = choose_most(problem, candidates, settings)
    # In groups a mentor with room may lead none: looking further for them would end only with every pair.
    while not settings.group_size and (step := next_step(problem, candidates, choice.assignment, k)):
        k = step.width
        candidates = united(candidates, _again(scoring, step, progress))
        choice = choose_most(problem, candidates, settings)
    solution = finish(problem, improve(problem, choice), settings)
    chosen = solution.assignment
    candidates = ranked(scoring, candidates, candidates.find(chosen.mentee, chosen.mentor))
    progress("assign", 1, 1)
    return solution, candidates


def _again(scoring: Scoring, step: Step, progress: Progress) -> Candidates:
    return gather(scoring, step.width, progress, step.rows, step.whole)
