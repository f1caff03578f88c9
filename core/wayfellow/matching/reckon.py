"""Gather what a run can say about the pairs that it did not make."""

from __future__ import annotations

import numpy as np

from wayfellow.matching.alternates import list_alternates
from wayfellow.matching.barred import Barred, list_barred
from wayfellow.matching.candidates import MICRO, Candidates, Ints
from wayfellow.matching.explain import pairs_to_explain
from wayfellow.matching.reasons import BarredMentor, Obstacle, Unpriced, WhyNot
from wayfellow.matching.relaxations import list_relaxations
from wayfellow.matching.result import Ranked, Reasons
from wayfellow.matching.scoring import Scoring
from wayfellow.matching.settings import Mode
from wayfellow.matching.whynot import BETTER, MANY, MANY_BARRED, better_ones, mentor_ranks, why_not
from wayfellow.types import Assignment
from wayfellow.uncollected import uncollected


@uncollected()
def find_reasons(
    scoring: Scoring, candidates: Candidates, assignment: Assignment, chosen: Ints, *, floor: int = 0
) -> Reasons:
    """Return why not others, how mentors rank their mentees, and what would help those without a mentor.

    ``candidates`` are those that the pairs were chosen from, ``chosen`` (k,) where the pairs stand among them, and
    ``floor`` (millionths) the lowest score that was insisted on.
    """
    problem, alternatives = scoring.problem, scoring.settings.alternatives
    unpriced = _unpriced(scoring)
    is_plain = unpriced is None
    better = better_ones(candidates, chosen, alternatives, at_most=MANY if alternatives else 0)
    spare = list_alternates(
        problem, candidates, assignment, scoring.settings.alternates, in_groups=scoring.settings.mode == Mode.GROUPS
    )
    shown = pairs_to_explain(candidates, np.union1d(chosen, spare), alternatives)
    ranks = mentor_ranks(candidates, shown)
    pairs = zip(candidates.mentee[shown].tolist(), candidates.mentor[shown].tolist(), strict=True)
    barred = list_barred(scoring, candidates, chosen)
    return Reasons(
        why_not=why_not(
            problem,
            candidates,
            assignment,
            better,
            by_plugin=unpriced is Unpriced.PLUGIN,
            is_plain=is_plain,
            floor=floor,
        ),
        better=_by_mentee(candidates, np.sort(better)),
        barred=_first_barred(barred, MANY_BARRED if alternatives else BETTER),
        alternates=_by_mentee(candidates, spare),
        mentor_ranks=dict(zip(pairs, ranks, strict=True)),
        relaxations=list_relaxations(problem, candidates, assignment, barred) if is_plain else (),
        unpriced=unpriced,
    )


def _unpriced(scoring: Scoring) -> Unpriced | None:
    """Return what else than places bound the choice, so that exchanges and relaxations are not reckoned."""
    problem, settings = scoring.problem, scoring.settings
    if settings.mode != Mode.PAIRS:
        return Unpriced.MODE
    if any(info.is_loaded and "assign_matches" in info.hooks for info in scoring.host.plugins):
        return Unpriced.PLUGIN
    if settings.quotas:
        return Unpriced.QUOTAS
    if (problem.wanted != 1).any():
        return Unpriced.SEVERAL
    return Unpriced.MINIMUM if problem.minimum.any() else None


def _by_mentee(candidates: Candidates, places: Ints) -> dict[int, tuple[Ranked, ...]]:
    found: dict[int, list[Ranked]] = {}
    columns = candidates.mentee[places], candidates.mentor[places], candidates.score[places], candidates.rank[places]
    for mentee, mentor, score, rank in zip(*(column.tolist() for column in columns), strict=True):
        found.setdefault(mentee, []).append((mentor, score, rank))
    return {mentee: tuple(ranked) for mentee, ranked in found.items()}


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
