"""Availability: how many hours a week both people are free, on one clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wayfellow.matching.criteria.kinds.moments import moment, offset
from wayfellow.matching.criteria.kinds.verdicts import NOT_SAID, counted, verdict
from wayfellow.tabular.availability import QUARTERS_A_DAY, read_availability
from wayfellow.types import Criterion, CriterionKind, CriterionParameter, MatchProblem, Pool, Verdict
from wayfellow.words import later

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FIELD = "availability"
_WEEK = 7 * QUARTERS_A_DAY


def judge(problem: MatchProblem, criterion: Criterion) -> Verdict:
    """Score by the common hours a week, 1 from ``hours`` on; fewer than ``hours`` break a hard rule."""
    import numpy as np

    ours, theirs = problem.once("criteria.weeks", lambda: _sides(problem))
    block = ours[problem.rows].astype(np.float32)
    both = block @ theirs / 4
    known = (block.sum(axis=1)[:, None] > 0) & (theirs.sum(axis=0)[None, :] > 0)
    hours = criterion.parameters["hours"]
    return verdict(known, np.minimum(both / hours, 1), both < hours)


def say(problem: MatchProblem, criterion: Criterion, mentee: int, mentor: int) -> str:
    """Say how many hours a week both are free."""
    ours, theirs = week(problem, problem.mentees, mentee), week(problem, problem.mentors, mentor)
    if not (ours and theirs):
        return NOT_SAID + " of free times"
    both = len(ours & theirs) / 4
    return f"Both free for {counted(both, 'hour')} a week" if both else "Never free at the same time"


def week(problem: MatchProblem, pool: Pool, row: int) -> set[int]:
    """Return the quarters of a week in UTC, from 0 for Monday 00:00, in which a person is free.

    A person whose zone is not known is taken to go by UTC.
    """
    text = pool.fields[FIELD][row] if FIELD in pool.fields else ""
    ahead = round((offset(pool, row, moment(problem)) or 0) * 4) if text else 0
    spans = read_availability(text)
    return {(day * QUARTERS_A_DAY + quarter - ahead) % _WEEK for day, *span in spans for quarter in range(*span)}


def _sides(problem: MatchProblem) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """Return the weeks of the mentees, (mentees, quarters), and of the mentors, (quarters, mentors)."""
    import numpy as np

    return _weeks(problem, problem.mentees), np.ascontiguousarray(_weeks(problem, problem.mentors).T, np.float32)


def _weeks(problem: MatchProblem, pool: Pool) -> NDArray[np.bool_]:
    import numpy as np

    free = np.zeros((len(pool), _WEEK), dtype=bool)
    for row in range(len(pool)):
        free[row, sorted(week(problem, pool, row))] = True
    return free


AVAILABILITY = CriterionKind(
    key="availability",
    label=later("Hours free together"),
    judge=judge,
    say=say,
    help=later("How many hours a week both are free, with summer time as it is when the run is asked for."),
    parameters=(CriterionParameter("hours", later("Enough hours a week"), 2, 0.25, 40),),
    timed=True,
)
