"""Say why a mentee has no mentor: the one cause that bound."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wayfellow.matching.candidates import Candidates
from wayfellow.matching.causes import Cause
from wayfellow.matching.result import UnmatchedMentee
from wayfellow.matching.settings import MatchSettings, Mode
from wayfellow.matching.solve import places_left
from wayfellow.matching.unmatched_peers import list_unmatched_peers
from wayfellow.types import Assignment, MatchProblem, Pool


def list_unmatched(
    problem: MatchProblem,
    candidates: Candidates,
    assignment: Assignment,
    scorers: Sequence[str],
    settings: MatchSettings,
) -> tuple[UnmatchedMentee, ...]:
    """Return each mentee without a mentor, by position, with the cause that bound and a sentence for people."""
    if settings.mode == Mode.PEERS:
        return list_unmatched_peers(problem, candidates, assignment, scorers, settings.objective)
    alone = np.setdiff1d(np.arange(len(problem.mentees)), assignment.mentee)
    if not len(alone):
        return ()
    shared = _shared_cause(problem, scorers)
    if shared:
        return tuple(UnmatchedMentee(int(i), *shared) for i in alone)
    own = _Causes(problem, candidates, assignment, settings)
    return tuple(UnmatchedMentee(int(i), *own.of(int(i))) for i in alone)


def _shared_cause(problem: MatchProblem, scorers: Sequence[str]) -> tuple[Cause, str] | None:
    """Return the cause that leaves everyone alone, if there is one."""
    if not len(problem.mentors):
        return Cause.NO_MENTORS, "There is no mentor in the pool."
    if _no_text(problem.mentees) or scorers:
        return None
    if _no_text(problem.mentors):
        return Cause.EMPTY_MENTORS, "No mentor has written anything to match with."
    return Cause.NO_SCORER, "No plugin gave scores for this run; install or enable one that scores matches."


class _Causes:
    """Hold what the causes of single mentees are judged by."""

    def __init__(
        self, problem: MatchProblem, candidates: Candidates, assignment: Assignment, settings: MatchSettings
    ) -> None:
        self.problem, self.candidates, self.has_quotas = problem, candidates, bool(settings.quotas)
        self.group_size = settings.group_size
        self.by_lot = settings.mode == Mode.LOTTERY
        self.no_places = not (problem.capacity > 0).any()
        self.mentors_empty = _no_text(problem.mentors)
        pairs = np.stack([assignment.mentee, assignment.mentor], axis=1)
        self.has_room = places_left(problem.capacity, pairs) > 0

    def of(self, mentee: int) -> tuple[Cause, str]:
        """Return the cause and the reason of one mentee."""
        positive = int(self.candidates.positive[mentee])
        allowed, offering = int(self.candidates.allowed[mentee]), int(self.candidates.open[mentee])
        if positive == 0:
            return self._without_scores(mentee)
        if allowed == 0:
            return Cause.ALL_FORBIDDEN, self._many(
                positive,
                "The only mentor{who} must not be paired with them.",
                "Each of the {n} mentors{who} must not be paired with them.",
            )
        if self.no_places:
            return Cause.NO_PLACES, "No mentor offers a place: every capacity is 0."
        if offering == 0:
            return Cause.NO_PLACES, self._many(
                allowed,
                "The only mentor{who} offers no place.",
                "None of the {n} mentors{who} offers a place.",
            )
        return self._with_scores(mentee, offering)

    def _without_scores(self, mentee: int) -> tuple[Cause, str]:
        if _is_empty(self.problem.mentees, mentee):
            return Cause.EMPTY_PROFILE, "Nothing is written in this person's profile to match with."
        if self.mentors_empty:
            return Cause.EMPTY_MENTORS, "No mentor has written anything to match with."
        return Cause.NOTHING_SHARED, "No mentor has anything in common with what this person wrote."

    def _with_scores(self, mentee: int, offering: int) -> tuple[Cause, str]:
        row = slice(self.candidates.indptr[mentee], self.candidates.indptr[mentee + 1])
        with_room = self.has_room[self.candidates.mentor[row]] & (self.candidates.micro[row] > 0)
        if with_room.any() and self.has_quotas:
            return Cause.LEFT_BY_QUOTA, "A quota left this person out, though a mentor has room."
        if with_room.any() and self.group_size:
            return Cause.LEFT_BY_GROUP_SIZE, (
                f"Fewer than {self.group_size[0]} people, the smallest group, could come together around a mentor who "
                "has room and something in common with this person."
            )
        if with_room.any():
            return (
                Cause.LEFT_BY_PLUGIN,
                "The plugin that chose the pairs left this person out, though a mentor has room.",
            )
        return Cause.ALL_FULL, self._many(
            offering,
            "The only mentor{who} is full.",
            "Each of the {n} mentors{who} is full.",
        )

    def _many(self, count: int, one: str, several: str) -> str:
        verb = "has" if count == 1 else "have"
        who = "" if self.by_lot else f" who {verb} something in common with this person"
        return (one if count == 1 else several).format(n=f"{count:,}", who=who)


def _is_empty(pool: Pool, row: int) -> bool:
    return not any(pool.fields[name][row].strip() for name in pool.text_fields)


def _no_text(pool: Pool) -> bool:
    return all(_is_empty(pool, row) for row in range(len(pool)))
