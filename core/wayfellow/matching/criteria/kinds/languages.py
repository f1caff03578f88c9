"""Languages: whether the two speak one in common."""

from __future__ import annotations

from wayfellow.matching.criteria.kinds.tags import count_common, tags
from wayfellow.matching.criteria.kinds.verdicts import NOT_SAID, verdict
from wayfellow.types import Criterion, CriterionKind, CriterionParameter, MatchProblem, Verdict
from wayfellow.words import later

FIELD = "languages"


def judge(problem: MatchProblem, criterion: Criterion) -> Verdict:
    """Score 1 from ``least`` languages in common on, less in proportion below; fewer break a hard rule."""
    import numpy as np

    found, least = count_common(problem, FIELD, FIELD), criterion.parameters["least"]
    return verdict(found.known, np.minimum(found.common / least, 1), found.common < least)


def say(problem: MatchProblem, criterion: Criterion, mentee: int, mentor: int) -> str:
    """Name the languages that both speak."""
    ours, theirs = tags(problem.mentees, FIELD, mentee), tags(problem.mentors, FIELD, mentor)
    if not (ours and theirs):
        return NOT_SAID + " of languages"
    both = [label for key, label in ours.items() if key in theirs]
    if not both:
        return "No language in common"
    return f"Both speak {both[0]}" if len(both) == 1 else f"Both speak {', '.join(both[:-1])} and {both[-1]}"


LANGUAGES = CriterionKind(
    key="languages",
    label=later("Languages in common"),
    judge=judge,
    say=say,
    help=later("Whether the two speak a language in common."),
    parameters=(CriterionParameter("least", later("At least so many"), 1, 1, 10),),
)
