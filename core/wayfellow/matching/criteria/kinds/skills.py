"""Skills: how many of the skills that the mentee wants to learn the mentor offers."""

from __future__ import annotations

from wayfellow.matching.criteria.kinds.tags import count_common, tags
from wayfellow.matching.criteria.kinds.verdicts import NOT_SAID, counted, verdict
from wayfellow.types import Criterion, CriterionKind, CriterionParameter, MatchProblem, Verdict
from wayfellow.words import later

WANTED, OFFERED = "skills_to_learn", "skills"


def judge(problem: MatchProblem, criterion: Criterion) -> Verdict:
    """Score by the part of the wanted skills that the mentor offers; fewer than ``least`` break a hard rule."""
    import numpy as np

    found = count_common(problem, WANTED, OFFERED)
    part = found.common / np.maximum(found.mentee, 1)
    return verdict(found.known, part, found.common < np.minimum(criterion.parameters["least"], found.mentee))


def say(problem: MatchProblem, criterion: Criterion, mentee: int, mentor: int) -> str:
    """Name the wanted skills that the mentor offers."""
    wanted, offered = tags(problem.mentees, WANTED, mentee), tags(problem.mentors, OFFERED, mentor)
    if not (wanted and offered):
        return NOT_SAID + " of skills"
    both = [label for key, label in wanted.items() if key in offered]
    named = f": {', '.join(both)}" if both else ""
    return f"Offers {len(both)} of {counted(len(wanted), 'wanted skill')}{named}"


SKILLS = CriterionKind(
    key="skills",
    label=later("Skills wanted and offered"),
    judge=judge,
    say=say,
    help=later("The part of the skills a mentee wants to learn that the mentor offers."),
    parameters=(CriterionParameter("least", later("At least so many"), 1, 1, 100),),
)
