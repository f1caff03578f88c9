"""Seniority: how many levels the mentor stands above the mentee, or below."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wayfellow.matching.criteria.kinds.verdicts import NOT_SAID, counted, verdict
from wayfellow.types import Criterion, CriterionKind, CriterionParameter, MatchProblem, Pool, Verdict
from wayfellow.words import later

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FIELD = "seniority"
ABOVE, BELOW = "mentor_above", "mentor_below"


def judge(problem: MatchProblem, criterion: Criterion) -> Verdict:
    """Score 1 within ``least`` to ``most`` levels, 1 / (1 + d) for d levels outside, which break a hard rule."""
    import numpy as np

    ours, theirs = problem.once("criteria.levels", lambda: (_levels(problem.mentees), _levels(problem.mentors)))
    gap = theirs[None, :] - ours[problem.rows, None]
    if criterion.direction == BELOW:
        gap = -gap
    outside = np.maximum(np.maximum(criterion.parameters["least"] - gap, gap - criterion.parameters["most"]), 0)
    return verdict(~np.isnan(gap), 1 / (1 + outside), outside > 0)


def say(problem: MatchProblem, criterion: Criterion, mentee: int, mentor: int) -> str:
    """Say where the mentor stands."""
    gap = _level(problem.mentors, mentor) - _level(problem.mentees, mentee)
    if math.isnan(gap):
        return NOT_SAID + " of seniority"
    if gap == 0:
        return "Mentor at the same level"
    return f"Mentor {counted(abs(gap), 'level')} {'above' if gap > 0 else 'below'}"


def _levels(pool: Pool) -> NDArray[np.float64]:
    import numpy as np

    return np.array([_level(pool, row) for row in range(len(pool))], dtype=np.float64)


def _level(pool: Pool, row: int) -> float:
    try:
        level = float(pool.fields[FIELD][row]) if FIELD in pool.fields else math.nan
    except ValueError:
        return math.nan
    return level if math.isfinite(level) else math.nan


SENIORITY = CriterionKind(
    key="seniority",
    label=later("Levels of seniority between them"),
    judge=judge,
    say=say,
    help=later("How many levels the mentor stands above the mentee, or below where the younger teach the older."),
    directions=((ABOVE, later("Mentor above")), (BELOW, later("Mentor below"))),
    parameters=(
        CriterionParameter("least", later("At least so many levels"), 1, 0, 100),
        CriterionParameter("most", later("At most so many levels"), 3, 0, 100),
    ),
)
