"""Reporting line: nobody is paired with a manager of theirs, or with somebody who reports to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wayfellow.types import Criterion, CriterionKind, CriterionParameter, MatchProblem, Verdict
from wayfellow.words import later

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FIELD = "manager"
Managers = dict[str, str]


def judge(problem: MatchProblem, criterion: Criterion) -> Verdict:
    """Score 0 where one reports to the other within ``levels``, else 1; what scores 0 breaks a hard rule."""
    import numpy as np

    levels = int(criterion.parameters["levels"])
    start, _, _ = problem.rows.indices(len(problem.mentees))
    lines = problem.once(f"criteria.lines.{levels}", lambda: _lines(problem, levels))
    inside = lines[(lines[:, 0] >= start) & (lines[:, 0] < start + problem.shape[0])]
    broken = np.zeros(problem.shape, dtype=bool)
    broken[inside[:, 0] - start, inside[:, 1]] = True
    return Verdict((~broken).astype(np.float32), broken)


def say(problem: MatchProblem, criterion: Criterion, mentee: int, mentor: int) -> str:
    """Say whether one reports to the other."""
    up, levels = problem.once("criteria.managers", lambda: _managers(problem)), int(criterion.parameters["levels"])
    one, other = problem.mentees.keys[mentee], problem.mentors.keys[mentor]
    if other in _above(one, up, levels):
        return "The mentee reports to the mentor"
    return "The mentor reports to the mentee" if one in _above(other, up, levels) else "Neither reports to the other"


def _lines(problem: MatchProblem, levels: int) -> NDArray[np.int64]:
    """Return the pairs (k, 2) of positions of which one is above the other."""
    import numpy as np

    up = problem.once("criteria.managers", lambda: _managers(problem))
    mentee_at = {key: row for row, key in enumerate(problem.mentees.keys)}
    mentor_at = {key: row for row, key in enumerate(problem.mentors.keys)}
    found = [
        (i, mentor_at[boss]) for one, i in mentee_at.items() for boss in _above(one, up, levels) & mentor_at.keys()
    ]
    found += [
        (mentee_at[boss], j) for one, j in mentor_at.items() for boss in _above(one, up, levels) & mentee_at.keys()
    ]
    return np.array(sorted(set(found)), dtype=np.int64).reshape(-1, 2)


def _managers(problem: MatchProblem) -> Managers:
    """Return who reports to whom, by keys, as far as the two pools say."""
    return {
        key: boss.strip()
        for pool in (problem.mentors, problem.mentees)
        for key, boss in zip(pool.keys, pool.fields.get(FIELD, [""] * len(pool)), strict=True)
        if boss.strip() and boss.strip() != key
    }


def _above(key: str, up: Managers, levels: int) -> set[str]:
    """Return the managers of a person, so many levels up; circles end where they close."""
    found: set[str] = set()
    while len(found) < levels and key in up and up[key] not in found:
        key = up[key]
        found.add(key)
    return found


REPORTING_LINE = CriterionKind(
    key="reporting_line",
    label=later("Outside the reporting line"),
    judge=judge,
    say=say,
    help=later("Nobody is paired with their manager, their manager's manager and so on, or with somebody below them."),
    parameters=(CriterionParameter("levels", later("So many levels up"), 20, 1, 20),),
)
