"""Gather what a run can say about the pairs that it did not make."""

from __future__ import annotations

import numpy as np

from wayfellow.matching.barred import Barred, list_barred
from wayfellow.matching.candidates import MICRO, Candidates, Ints
from wayfellow.matching.explain import pairs_to_explain
from wayfellow.matching.reasons import BarredMentor, Obstacle, WhyNot
from wayfellow.matching.relaxations import list_relaxations
from wayfellow.matching.result import Reasons
from wayfellow.matching.scoring import Scoring
from wayfellow.matching.settings import Mode
from wayfellow.matching.whynot import BETTER, better_ones, mentor_ranks, why_not
from wayfellow.types import Assignment


def find_reasons(
    scoring: Scoring, candidates: Candidates, assignment: Assignment, chosen: Ints, *, floor: int = 0
) -> Reasons:
    """Return why not others, how mentors rank their mentees, and what would help those without a mentor.

    ``candidates`` are those that the pairs were chosen from, ``chosen`` (k,) where the pairs stand among them, and
    ``floor`` (millionths) the lowest score that was insisted on.
    """
    problem, alternatives = scoring.problem, scoring.settings.alternatives
    by_plugin = scoring.settings.mode == Mode.PAIRS and any(
        info.is_loaded and "assign_matches" in info.hooks for info in scoring.host.plugins
    )
    is_plain = not by_plugin and _is_plain(scoring)
    better = better_ones(candidates, chosen, alternatives)
    shown = pairs_to_explain(candidates, chosen, alternatives)
    ranks = mentor_ranks(candidates, shown)
    pairs = zip(candidates.mentee[shown].tolist(), candidates.mentor[shown].tolist(), strict=True)
    barred = list_barred(scoring, candidates, chosen)
    return Reasons(
        why_not=why_not(problem, candidates, assignment, better, by_plugin=by_plugin, is_plain=is_plain, floor=floor),
        barred=_first_barred(barred, max(alternatives, BETTER)),
        mentor_ranks=dict(zip(pairs, ranks, strict=True)),
        relaxations=list_relaxations(problem, candidates, assignment, barred) if is_plain else (),
    )


def _is_plain(scoring: Scoring) -> bool:
    """Tell whether places alone bound the choice, which is what exchanges and relaxations are reckoned by."""
    problem, settings = scoring.problem, scoring.settings
    if settings.quotas or settings.mode != Mode.PAIRS:
        return False
    return bool((problem.wanted == 1).all()) and not problem.minimum.any()


def _first_barred(barred: Barred, limit: int) -> dict[int, tuple[BarredMentor, ...]]:
    """Return the first forbidden mentors of each mentee who scored higher than the one they got."""
    first = np.searchsorted(barred.mentee, barred.mentee)
    found: dict[int, list[BarredMentor]] = {}
    for place in np.flatnonzero(np.arange(len(barred)) - first < limit).tolist():
        excluded, rules = barred.of(place)
        why_not = WhyNot(Obstacle.EXCLUDED if excluded else Obstacle.RULE, rules=rules)
        one = BarredMentor(int(barred.mentor[place]), float(barred.micro[place] / MICRO), why_not)
        found.setdefault(int(barred.mentee[place]), []).append(one)
    return {mentee: tuple(mentors) for mentee, mentors in found.items()}
