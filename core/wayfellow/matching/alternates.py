"""Find who else could be a person's mentor once the pairs are made: allowed, not theirs already, and with a place."""

from __future__ import annotations

import numpy as np

from wayfellow.matching.candidates import Candidates, Ints
from wayfellow.matching.solve import in_pairs, places_left
from wayfellow.types import Assignment, MatchProblem


def list_alternates(
    problem: MatchProblem, candidates: Candidates, assignment: Assignment, limit: int, *, in_groups: bool = False
) -> Ints:
    """Return where the first ``limit`` alternates of each mentee stand among the candidates, best first.

    Whoever is no candidate is not looked at. ``in_groups`` leaves out mentors who lead no group, since one person does
    not make one.
    """
    pairs = np.stack([assignment.mentee, assignment.mentor], axis=1)
    has_room = places_left(problem.capacity, pairs) > 0
    if in_groups:
        has_room &= np.bincount(assignment.mentor, minlength=len(problem.mentors)) > 0
    mentee = candidates.mentee
    places = np.flatnonzero(has_room[candidates.mentor] & (candidates.micro > 0))
    places = places[~in_pairs(mentee[places], candidates.mentor[places], pairs)]
    first = np.searchsorted(mentee[places], mentee[places])
    found: Ints = places[np.arange(len(places)) - first < limit]
    return found
