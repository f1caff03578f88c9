"""Say, before a set of criteria is saved, whom it would leave without anybody, and which rule does that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wayfellow.deployment import Transaction
from wayfellow.matching.criteria.sets import CriteriaSet
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import find_cycle
from wayfellow.matching.views import PersonRef

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from wayfellow.types import Criterion, MatchProblem

#: So many people are named for each rule; the others are counted.
NAMED = 8


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """Hold what one hard criterion does: ``row`` is its place in the set, from 1.

    ``forbidden`` of ``pairs`` it rules out; ``alone`` mentees whom it alone leaves without any mentor, some of them
    named in ``people``.
    """

    row: int
    label: str
    forbidden: int
    pairs: int
    alone: int
    people: tuple[PersonRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """Hold what the hard criteria of a set do to the people of a cycle.

    ``mentees`` and ``mentors`` take part; ``unmatchable`` mentees have no mentor left whom no rule forbids,
    ``together`` of them only because several rules meet, some named in ``people``; ``idle`` mentors have nobody left.
    """

    mentees: int
    mentors: int
    unmatchable: int
    idle: int
    together: int
    people: tuple[PersonRef, ...]
    rules: tuple[RuleEffect, ...]


def preview_criteria(tx: Transaction, cycle_id: int, chosen: CriteriaSet) -> Effect:
    """Say what a set would do to a cycle's approved people now; nothing is saved. Needs ``matching.read``.

    The number of statements does not depend on how many people there are. Raises NotFound, NotAllowed, and InvalidInput
    when the plugin that judges is switched off.
    """
    from wayfellow.matching.criteria.applying import apply_criteria
    from wayfellow.matching.load import Standing, load_problem

    cycle = find_cycle(tx, cycle_id, "matching.read")
    problem = apply_criteria(load_problem(tx.session, cycle, Standing()), chosen, tx.host, tx.now())
    hard = [(row, one) for row, one in enumerate(chosen.criteria, start=1) if one.hard]
    return _named(tx, problem, _Counter(problem, [one for _, one in hard]), hard)


class _Counter:
    """Count what rules leave: by mentee, by mentor and by pair."""

    def __init__(self, problem: MatchProblem, hard: list[Criterion]) -> None:
        import numpy as np

        from wayfellow.matching.criteria.judging import judge, parts_of
        from wayfellow.matching.problem import same_person

        n, m = len(problem.mentees), len(problem.mentors)
        self.left: NDArray[np.int64] = np.zeros(n, dtype=np.int64)
        self.mentor_left: NDArray[np.int64] = np.zeros(m, dtype=np.int64)
        self.left_by_rule = np.zeros((len(hard), n), dtype=np.int64)
        self.forbidden = [0] * len(hard)
        bars = np.concatenate([problem.excluded, same_person(problem)])
        for part in parts_of(problem, slice(None)):
            allowed = np.ones(part.shape, dtype=bool)
            inside = bars[(bars[:, 0] >= part.rows.start) & (bars[:, 0] < part.rows.stop)]
            allowed[inside[:, 0] - part.rows.start, inside[:, 1]] = False
            together = allowed.copy()
            for place, one in enumerate(hard):
                broken = judge(part, one).broken
                self.forbidden[place] += int(broken.sum())
                self.left_by_rule[place, part.rows] = (allowed & ~broken).sum(axis=1)
                together &= ~broken
            self.left[part.rows] = together.sum(axis=1)
            self.mentor_left += together.sum(axis=0)


def _named(tx: Transaction, problem: MatchProblem, counter: _Counter, hard: list[tuple[int, Criterion]]) -> Effect:
    import numpy as np

    n, m = len(problem.mentees), len(problem.mentors)
    nobody = counter.left == 0
    by_rule = counter.left_by_rule == 0
    alone = [np.flatnonzero(mentees) for mentees in by_rule]
    together = np.flatnonzero(nobody & ~by_rule.any(axis=0)) if hard else np.zeros(0, dtype=np.int64)
    ids = problem.mentees.ids
    shown = [[int(ids[row]) for row in rows[:NAMED]] for rows in (*alone, together)]
    refs = person_refs(tx.session, {number for numbers in shown for number in numbers})
    people = [tuple(refs[number] for number in numbers) for numbers in shown]
    rules = tuple(
        RuleEffect(row, problem.kinds[one.kind].label, forbidden, n * m, len(rows), named)
        for (row, one), forbidden, rows, named in zip(hard, counter.forbidden, alone, people[:-1], strict=True)
    )
    idle = int((counter.mentor_left == 0).sum()) if n else 0
    return Effect(n, m, int(nobody.sum()) if m else 0, idle, len(together), people[-1], rules)
