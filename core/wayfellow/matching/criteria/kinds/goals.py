"""Kinds of goals: whether the mentor likes to help with what the mentee's goals are about."""

from __future__ import annotations

from wayfellow.goals.kinds import GOAL_KINDS
from wayfellow.matching.criteria.kinds.tags import count_common, fold, tags
from wayfellow.matching.criteria.kinds.verdicts import NOT_SAID, verdict
from wayfellow.types import Criterion, CriterionKind, MatchProblem, Verdict
from wayfellow.words import later

FIELD = "goal_kinds"
_LABELS = {kind.key: kind.label for kind in GOAL_KINDS}
_KEYS = {fold(kind.label): kind.key for kind in GOAL_KINDS}


def fold_kind(text: str) -> str:
    """Return a kind's key, whether its key or its label was written."""
    word = fold(text)
    return _KEYS.get(word, word.replace(" ", "_"))


def judge(problem: MatchProblem, criterion: Criterion) -> Verdict:
    """Score 1 where the two name a kind of goal in common, else 0."""
    found = count_common(problem, FIELD, FIELD, fold_kind)
    return verdict(found.known, found.common > 0, found.common == 0)


def say(problem: MatchProblem, criterion: Criterion, mentee: int, mentor: int) -> str:
    """Name the kinds of goals that the two have in common."""
    ours, theirs = tags(problem.mentees, FIELD, mentee, fold_kind), tags(problem.mentors, FIELD, mentor, fold_kind)
    if not (ours and theirs):
        return NOT_SAID + " of kinds of goals"
    both = [_LABELS.get(key, label) for key, label in ours.items() if key in theirs]
    return f"Helps with the kind of goal: {', '.join(both)}" if both else "Helps with other kinds of goals"


GOAL_KIND = CriterionKind(
    key="goal_kind",
    label=later("Kind of goal"),
    judge=judge,
    say=say,
    help=later("Whether the mentor likes to help with the kinds of goals the mentee has."),
)
