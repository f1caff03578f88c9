"""Solve, and look further for those whom the candidates left without a mentor."""

from __future__ import annotations

import numpy as np

from wayfellow.matching.candidates import Candidates
from wayfellow.matching.gather import Progress, gather, ranked, united
from wayfellow.matching.scoring import Scoring
from wayfellow.matching.settings import MatchSettings, Mode
from wayfellow.matching.solve import Choice, Solution, choose_most, finish, improve
from wayfellow.matching.widening import Step, next_step
from wayfellow.types import MatchProblem

#: Beyond so many pairs nobody is looked further for among peers, whose choice would take minutes.
MOST_PEER_PAIRS = 400_000


def choose(scoring: Scoring, candidates: Candidates, k: int, progress: Progress) -> tuple[Solution, Candidates]:
    """Return the pairs, and the candidates they were chosen from.

    While a pair that was cut off could help somebody who is left out (see :func:`next_step`), the mentees or the
    mentors concerned are scored again and the whole is solved anew. In the end as many people are matched as if every
    positive score had been kept.
    """
    problem, settings = scoring.problem, scoring.settings
    progress("assign", 0, 1)
    choice = choose_most(problem, candidates, settings)
    while step := _step(problem, candidates, choice, k, settings):
        k = step.width
        candidates = united(candidates, _again(scoring, step, progress))
        choice = choose_most(problem, candidates, settings)
    if settings.mode == Mode.PEERS:
        candidates = _turned_round(scoring, candidates, choice, k, progress)
    solution = finish(problem, improve(problem, choice), settings)
    chosen = solution.assignment
    candidates = ranked(scoring, candidates, candidates.find(chosen.mentee, chosen.mentor))
    progress("assign", 1, 1)
    return solution, candidates


def _step(
    problem: MatchProblem, candidates: Candidates, choice: Choice, k: int, settings: MatchSettings
) -> Step | None:
    if settings.group_size:
        # A mentor with room may lead none: looking further for them would end only with every pair.
        return None
    if settings.mode == Mode.PEERS:
        left = np.setdiff1d(np.flatnonzero(candidates.allowed), choice.assignment.mentee)
        if len(left) < 2 or len(candidates.mentor) > MOST_PEER_PAIRS:
            return None
    return next_step(problem, candidates, choice.assignment, k)


def _turned_round(scoring: Scoring, candidates: Candidates, choice: Choice, k: int, progress: Progress) -> Candidates:
    """Return the candidates with every chosen pair in both directions; the rank may lie beyond those kept."""
    pairs = np.stack([choice.assignment.mentee, choice.assignment.mentor], axis=1)
    missing = pairs[candidates.find(pairs[:, 0], pairs[:, 1]) < 0]
    if not len(missing):
        return candidates
    return united(candidates, gather(scoring, k, progress, np.unique(missing[:, 0]), also=missing))


def _again(scoring: Scoring, step: Step, progress: Progress) -> Candidates:
    return gather(scoring, step.width, progress, step.rows, step.whole)
