"""Find the smallest changes that would give more people a mentor."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from wayfellow.matching.barred import EXCLUSION, Barred
from wayfellow.matching.candidates import Candidates, Ints
from wayfellow.matching.reasons import NAMED, Relaxation, Way
from wayfellow.matching.solve import places_left
from wayfellow.types import Assignment, MatchProblem

#: A mentor may stand for a person's best one when the score is at least this part of the best.
NEARLY = 0.8


def list_relaxations(
    problem: MatchProblem, candidates: Candidates, assignment: Assignment, barred: Barred
) -> tuple[Relaxation, ...]:
    """Return what would give people without a mentor one: more places first, then exclusions, then plugins' rules.

    Each holds by itself, and so do all more places together. Nobody who has a mentor would lose theirs.
    """
    alone = np.setdiff1d(np.arange(len(problem.mentees)), assignment.mentee)
    if not len(alone):
        return ()
    return (
        *_more_places(candidates, alone),
        *_without_exclusions(problem, candidates, assignment, barred),
        *_without_rules(problem, candidates, assignment, barred),
    )


def _more_places(candidates: Candidates, alone: Ints) -> list[Relaxation]:
    """Return the mentors to ask for more places: as few as can be found who are nearly the best for everybody.

    One place each is the least, and enough: these people have no mentor because all of theirs are full. The mentors
    are found by covering: time and again the one who suits most of those that are left.
    Source: Chvatal, A greedy heuristic for the set-covering problem (1979).
    """
    suits: dict[int, set[int]] = {}
    for mentee in alone.tolist():
        row = slice(candidates.indptr[mentee], candidates.indptr[mentee + 1])
        micro = candidates.micro[row]
        for mentor in candidates.mentor[row][(micro > 0) & (micro >= NEARLY * micro.max(initial=0))].tolist():
            suits.setdefault(mentor, set()).add(mentee)
    found = []
    for mentor, mentees in _cover(suits):
        found.append(Relaxation(Way.PLACES, len(mentees), tuple(sorted(mentees)[:NAMED]), mentor, len(mentees)))
    return found


def _cover(suits: Mapping[int, set[int]]) -> Iterable[tuple[int, set[int]]]:
    """Yield mentors, each with those for whom no mentor before stood, the most at a time.

    A mentor's number only ever falls, so one that is still right when it comes up is the highest of all.
    """
    heap = [(-len(mentees), mentor) for mentor, mentees in suits.items()]
    heapify(heap)
    covered: set[int] = set()
    while heap:
        count, mentor = heappop(heap)
        mentees = suits[mentor] - covered
        if mentees and len(mentees) == -count:
            yield mentor, mentees
            covered |= mentees
        elif mentees:
            heappush(heap, (-len(mentees), mentor))


def _without_exclusions(
    problem: MatchProblem, candidates: Candidates, assignment: Assignment, barred: Barred
) -> list[Relaxation]:
    """Return, mentor by mentor, which exclusions would have to be lifted; each lifted one matches one person more."""
    seats = _Seats(problem, candidates, assignment)
    found: dict[int, list[int]] = {}
    lifted = np.array([rule == EXCLUSION for rule in barred.rules], dtype=bool)
    for mentee, mentors in _wanted(barred, assignment, lifted).items():
        mentor = seats.take(mentee, mentors)
        if mentor is not None:
            found.setdefault(mentor, []).append(mentee)
    return [
        Relaxation(Way.EXCLUSION, len(mentees), tuple(mentees[:NAMED]), mentor)
        for mentor, mentees in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _without_rules(
    problem: MatchProblem, candidates: Candidates, assignment: Assignment, barred: Barred
) -> list[Relaxation]:
    """Return the rules, the most helpful first, that keep people from a mentor who would have a place for them.

    First each rule by itself, then all of a plugin's where they match more together than each alone.
    """
    found = []
    for plugin in sorted({rule.plugin for rule in barred.rules if rule != EXCLUSION}):
        own = np.array([rule.plugin == plugin for rule in barred.rules])
        labels = {place: barred.rules[place].label for place in np.flatnonzero(own).tolist()}
        helped = {
            label: _seated(problem, candidates, assignment, barred, np.arange(len(own)) == place)
            for place, label in labels.items()
            if label
        }
        every = _seated(problem, candidates, assignment, barred, own)
        if len(every) > max(map(len, helped.values()), default=0):
            helped[""] = every
        found += [
            Relaxation(Way.RULE, len(mentees), tuple(mentees[:NAMED]), plugin=plugin, rule=label)
            for label, mentees in helped.items()
            if mentees
        ]
    return sorted(found, key=lambda one: (not one.rule, -one.matched, one.plugin, one.rule))


def _seated(
    problem: MatchProblem, candidates: Candidates, assignment: Assignment, barred: Barred, lifted: NDArray[np.bool_]
) -> list[int]:
    """Return those without a mentor who would find a place if the things that ``lifted`` marks did not hold."""
    seats = _Seats(problem, candidates, assignment)
    wanted = _wanted(barred, assignment, lifted)
    return [mentee for mentee, mentors in wanted.items() if seats.take(mentee, mentors) is not None]


def _wanted(barred: Barred, assignment: Assignment, lifted: NDArray[np.bool_]) -> dict[int, list[int]]:
    """Return the mentors whom nothing but what is ``lifted`` keeps from each person without one, the best first."""
    places = np.flatnonzero(~barred.stands[:, ~lifted].any(axis=1) & ~np.isin(barred.mentee, assignment.mentee))
    found: dict[int, list[int]] = {}
    for mentee, mentor in zip(barred.mentee[places].tolist(), barred.mentor[places].tolist(), strict=True):
        found.setdefault(mentee, []).append(mentor)
    return found


class _Seats:
    """Hold who sits where, and let one person more sit down by an augmenting path, if there is one.

    Mentors that a search in vain has reached can never give a place again, so all searches together look at each
    candidate once. Source: Berge 1957; Kuhn 1955.
    """

    def __init__(self, problem: MatchProblem, candidates: Candidates, assignment: Assignment) -> None:
        self.candidates = candidates
        self.room = places_left(problem.capacity, np.stack([assignment.mentee, assignment.mentor], axis=1))
        fixed = set(problem.locked[:, 0].tolist())
        self.at: dict[int, set[int]] = {}
        for mentee, mentor in zip(assignment.mentee.tolist(), assignment.mentor.tolist(), strict=True):
            if mentee not in fixed:
                self.at.setdefault(mentor, set()).add(mentee)
        self.hopeless: set[int] = set()

    def take(self, mentee: int, mentors: list[int]) -> int | None:
        """Seat a person with one of these mentors, others moving up as need be; return with whom, None if none can."""
        came = {mentor: (mentee, -1) for mentor in mentors if mentor not in self.hopeless}
        queue = deque(came)
        while queue:
            mentor = queue.popleft()
            if self.room[mentor] > 0:
                return self._move_up(mentor, came)
            for sitting in sorted(self.at.get(mentor, ())):
                for other in self._open_to(sitting):
                    if other not in came and other not in self.hopeless:
                        came[other] = sitting, mentor
                        queue.append(other)
        self.hopeless |= came.keys()
        return None

    def _open_to(self, mentee: int) -> list[int]:
        row = slice(self.candidates.indptr[mentee], self.candidates.indptr[mentee + 1])
        mentors: list[int] = self.candidates.mentor[row][self.candidates.micro[row] > 0].tolist()
        return mentors

    def _move_up(self, mentor: int, came: Mapping[int, tuple[int, int]]) -> int:
        self.room[mentor] -= 1
        while True:
            mentee, before = came[mentor]
            self.at.setdefault(mentor, set()).add(mentee)
            if before < 0:
                return mentor
            self.at[before].discard(mentee)
            mentor = before
