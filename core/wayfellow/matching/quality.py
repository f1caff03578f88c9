"""Say how good an assignment is."""

from __future__ import annotations

import numpy as np

from wayfellow.matching.bound import ceiling, upper_bound
from wayfellow.matching.candidates import MICRO, Candidates, Ints
from wayfellow.matching.result import Quality
from wayfellow.matching.settings import MatchSettings
from wayfellow.matching.solve import Solution, in_pairs, members_of
from wayfellow.types import Assignment, MatchProblem


def measure(problem: MatchProblem, candidates: Candidates, solution: Solution, chosen: Ints, best: Ints) -> Quality:
    """Return the figures of a solution whose pairs stand at ``chosen`` (k,) among the candidates, and its best ones."""
    scores = candidates.micro[chosen]
    total, bound = int(scores.sum()), upper_bound(problem, candidates, chosen, best)
    worst, tenth, median = _percentiles(scores)
    return Quality(
        people=len(problem.mentees),
        mentors=len(problem.mentors),
        places=int(problem.capacity.astype(np.int64).sum()),
        matched=len(np.unique(candidates.mentee[chosen])),
        pairs=len(chosen),
        total=total / MICRO,
        upper_bound=bound / MICRO,
        percent=100.0 if bound == 0 else 100.0 * total / bound,
        ceiling=ceiling(problem, candidates, len(chosen)) / MICRO,
        worst=worst,
        median=median,
        tenth=tenth,
        floor=None if solution.floor is None else solution.floor / MICRO,
        floor_price=solution.price / MICRO,
        short=_short(problem, solution.assignment),
        current=len(problem.current),
        moved=len(problem.current) - _kept(problem, solution.assignment),
    )


def count_quotas(problem: MatchProblem, settings: MatchSettings, assignment: Assignment) -> tuple[tuple[str, int], ...]:
    """Return each quota as it was asked for, and how many of its people are matched."""
    return tuple(
        (str(quota), int(np.isin(members_of(problem, quota), assignment.mentee).sum())) for quota in settings.quotas
    )


def _short(problem: MatchProblem, assignment: Assignment) -> tuple[str, ...]:
    """Return the keys of the mentors who got fewer mentees than they should."""
    taken = np.bincount(assignment.mentor, minlength=len(problem.mentors))
    return tuple(problem.mentors.keys[j] for j in np.flatnonzero(taken < problem.minimum))


def _kept(problem: MatchProblem, assignment: Assignment) -> int:
    pairs = np.stack([assignment.mentee, assignment.mentor], axis=1)
    return int(in_pairs(problem.current[:, 0], problem.current[:, 1], pairs).sum())


def _percentiles(scores: Ints) -> tuple[float | None, float | None, float | None]:
    if not len(scores):
        return None, None, None
    worst, tenth, median = np.percentile(scores / MICRO, [0, 10, 50])
    return round(float(worst), 6), round(float(tenth), 6), round(float(median), 6)
