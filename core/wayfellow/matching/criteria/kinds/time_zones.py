"""Time zones: how many hours apart the two people's clocks are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wayfellow.matching.criteria.kinds.moments import moment, offset
from wayfellow.matching.criteria.kinds.verdicts import counted, verdict
from wayfellow.types import Criterion, CriterionKind, CriterionParameter, MatchProblem, Pool, Verdict
from wayfellow.words import later

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def judge(problem: MatchProblem, criterion: Criterion) -> Verdict:
    """Score 1 for the same time of day, down to 0 for ``most`` hours apart; more break a hard rule."""
    import numpy as np

    ours, theirs = problem.once(
        "criteria.offsets", lambda: [_offsets(problem, pool) for pool in (problem.mentees, problem.mentors)]
    )
    apart = np.abs(ours[problem.rows, None] - theirs[None, :])
    apart = np.minimum(apart, 24 - apart)
    most = criterion.parameters["most"]
    scores = 1 - np.minimum(apart, most) / most if most else apart == 0
    return verdict(~np.isnan(apart), scores, apart > most)


def say(problem: MatchProblem, criterion: Criterion, mentee: int, mentor: int) -> str:
    """Say how many hours apart the two are."""
    at = moment(problem)
    ours, theirs = offset(problem.mentees, mentee, at), offset(problem.mentors, mentor, at)
    if ours is None or theirs is None:
        return "A time zone is not known"
    apart = abs(ours - theirs)
    apart = min(apart, 24 - apart)
    return f"{counted(apart, 'hour')} apart" if apart else "The same time of day"


def _offsets(problem: MatchProblem, pool: Pool) -> NDArray[np.float64]:
    import numpy as np

    at = moment(problem)
    return np.array([offset(pool, row, at) for row in range(len(pool))], dtype=np.float64)


TIME_ZONE = CriterionKind(
    key="time_zone",
    label=later("Hours between time zones"),
    judge=judge,
    say=say,
    help=later(
        "How many hours apart the two people's clocks are, with summer time as it is when the run is asked for."
    ),
    parameters=(CriterionParameter("most", later("At most so many hours"), 6, 0, 12),),
    timed=True,
)
