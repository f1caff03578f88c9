"""Say why somebody of one pool has nobody: the one cause that bound."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wayfellow.matching.candidates import Candidates
from wayfellow.matching.causes import Cause
from wayfellow.matching.result import UnmatchedMentee
from wayfellow.matching.settings import Objective
from wayfellow.types import Assignment, MatchProblem

_ODD = "The number of people who can be paired is odd, so one of them is left over."
_PAIRED = "Everybody who has something in common with this person is in a pair, and parting one would pair nobody more."
_LOWER = "Pairing this person would make the total lower."


def list_unmatched_peers(
    problem: MatchProblem, candidates: Candidates, assignment: Assignment, scorers: Sequence[str], objective: str
) -> tuple[UnmatchedMentee, ...]:
    """Return everybody who is in no pair, by position, with the cause that bound and a sentence for people."""
    alone = np.setdiff1d(np.arange(len(problem.mentees)), assignment.mentee)
    able = int((candidates.allowed > 0).sum())
    # Of an odd number one is always left over; where more are, it is not the number that binds.
    is_odd = able % 2 == 1 and int((candidates.allowed[alone] > 0).sum()) == 1
    by_total = objective == Objective.BEST_TOTAL

    def why(person: int) -> tuple[Cause, str]:
        if candidates.positive[person] == 0:
            return _without_scores(problem, person, scorers)
        if candidates.allowed[person] == 0:
            return Cause.ALL_FORBIDDEN, "Everybody who has something in common with this person is ruled out for them."
        if is_odd:
            return Cause.ODD_ONE_OUT, _ODD
        return Cause.ALL_PAIRED, _LOWER if by_total else _PAIRED

    return tuple(UnmatchedMentee(person, *why(person)) for person in alone.tolist())


def _without_scores(problem: MatchProblem, person: int, scorers: Sequence[str]) -> tuple[Cause, str]:
    if len(problem.mentees) == 1:
        return Cause.NO_MENTORS, "There is nobody else in the pool."
    pools = problem.mentees, problem.mentors
    if not any(pool.fields[name][person].strip() for pool in pools for name in pool.text_fields):
        return Cause.EMPTY_PROFILE, "Nothing is written in this person's profile to match with."
    if not scorers:
        return Cause.NO_SCORER, "No plugin gave scores for this run; install or enable one that scores matches."
    return Cause.NOTHING_SHARED, "Nobody has anything in common with what this person wrote."
