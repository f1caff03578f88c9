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
        barred=_better_barred(candidates, chosen, barred, max(alternatives, BETTER)),
        mentor_ranks=dict(zip(pairs, ranks, strict=True)),
        relaxations=list_relaxations(problem, candidates, assignment, barred) if is_plain else (),
    )


def _is_plain(scoring: Scoring) -> bool:
    """Tell whether places alone bound the choice, which is what exchanges and relaxations are reckoned by."""
    problem, settings = scoring.problem, scoring.settings
    if settings.quotas or settings.mode != Mode.PAIRS:
        return False
    return bool((problem.wanted == 1).all()) and not problem.minimum.any()


def _better_barred(
    candidates: Candidates, chosen: Ints, barred: Barred, limit: int
) -> dict[int, tuple[BarredMentor, ...]]:
    """Return the first forbidden mentors of each mentee who scored higher than the one they got."""
    got = np.zeros(len(candidates), np.int64)
    got[candidates.mentee[chosen]] = candidates.micro[chosen]
    found: dict[int, tuple[BarredMentor, ...]] = {}
    rows = zip(barred.mentee.tolist(), barred.mentor.tolist(), barred.micro.tolist(), barred.source, strict=True)
    for mentee, mentor, micro, source in rows:
        have = found.get(mentee, ())
        if micro > got[mentee] and len(have) < limit:
            found[mentee] = (*have, BarredMentor(mentor, micro / MICRO, _forbidden(source)))
    return found


def _forbidden(source: str) -> WhyNot:
    if source == Obstacle.EXCLUDED:
        return WhyNot(Obstacle.EXCLUDED)
    return WhyNot(Obstacle.RULE, plugin=source)
