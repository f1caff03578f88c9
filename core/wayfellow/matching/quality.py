"""Say how good an assignment is."""

from __future__ import annotations

import numpy as np

from wayfellow.matching.bound import ceiling, upper_bound
from wayfellow.matching.candidates import MICRO, Candidates, Ints
from wayfellow.matching.result import Quality
from wayfellow.types import MatchProblem


def measure(problem: MatchProblem, candidates: Candidates, chosen: Ints) -> Quality:
    """Return the figures of the chosen candidates (k,)."""
    scores = candidates.micro[chosen]
    total, bound = int(scores.sum()), upper_bound(problem, candidates, chosen)
    worst, tenth, median = _percentiles(scores)
    return Quality(
        people=len(problem.mentees),
        mentors=len(problem.mentors),
        places=int(problem.capacity.astype(np.int64).sum()),
        matched=len(chosen),
        total=total / MICRO,
        upper_bound=bound / MICRO,
        percent=100.0 if bound == 0 else 100.0 * total / bound,
        ceiling=ceiling(candidates, len(chosen)) / MICRO,
        worst=worst,
        median=median,
        tenth=tenth,
    )


def _percentiles(scores: Ints) -> tuple[float | None, float | None, float | None]:
    if not len(scores):
        return None, None, None
    worst, tenth, median = np.percentile(scores / MICRO, [0, 10, 50])
    return round(float(worst), 6), round(float(tenth), 6), round(float(median), 6)
