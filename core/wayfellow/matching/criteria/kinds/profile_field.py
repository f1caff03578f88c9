"""A field of the profile: whether the two say the same, or something else."""

from __future__ import annotations

from wayfellow.matching.criteria.kinds.tags import count_common, tags
from wayfellow.matching.criteria.kinds.verdicts import NOT_SAID, verdict
from wayfellow.types import Criterion, CriterionKind, MatchProblem, Verdict
from wayfellow.words import later

SAME, DIFFERENT = "same", "different"


def judge(problem: MatchProblem, criterion: Criterion) -> Verdict:
    """Score 1 where the two say the same, or where they don't, as ``direction`` asks; what else breaks a hard rule.

    Where a field lists several things, one in common is the same.
    """
    found = count_common(problem, criterion.field, criterion.field)
    wanted = (found.common > 0) == (criterion.direction == SAME)
    return verdict(found.known, wanted, ~wanted)


def say(problem: MatchProblem, criterion: Criterion, mentee: int, mentor: int) -> str:
    """Say whether the two say the same, and what."""
    field, label = criterion.field, criterion.field.replace("_", " ")
    ours, theirs = tags(problem.mentees, field, mentee), tags(problem.mentors, field, mentor)
    if not (ours and theirs):
        return f"{NOT_SAID} of {label}"
    both = [said for key, said in ours.items() if key in theirs]
    return f"Same {label}: {', '.join(both)}"[:200] if both else f"Different {label}"


PROFILE_FIELD = CriterionKind(
    key="field",
    label=later("A field of the profile"),
    judge=judge,
    say=say,
    help=later("Whether the two say the same in a field, such as department, organisation or location, or not."),
    directions=((SAME, later("The same")), (DIFFERENT, later("Different"))),
    takes_field=True,
)
