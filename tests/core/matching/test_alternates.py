"""Who would be there if a pair falls through: allowed, not theirs already, with a place, the best first."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wayfellow.matching.pipeline import run_match
from wayfellow.matching.settings import MatchSettings

unhurried = settings(deadline=None, max_examples=40)


@st.composite
def cases(draw):
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    mentees, mentors = [f"e{i}" for i in range(n)], [f"r{j}" for j in range(m)]
    pairs = list(product(mentees, mentors))
    scores = {pair: draw(st.sampled_from([0.0, 0.1, 0.5, 0.5, 0.9])) for pair in pairs}
    capacity = {j: draw(st.integers(0, 3)) for j in mentors}
    return mentees, capacity, scores, draw(st.sets(st.sampled_from(pairs)))


def run(case, table, make_host, make_problem, **chosen):
    mentees, capacity, scores, excluded = case
    people = dict.fromkeys(mentees, "words"), {j: ("words", places) for j, places in capacity.items()}
    return run_match(make_problem(*people, excluded=excluded), make_host(table(scores)), MatchSettings(**chosen))


@unhurried
@given(cases(), st.integers(0, 3), st.sampled_from([0, 5]))
def test_each_mentee_has_the_best_who_are_left(table, make_host, make_problem, case, limit, alternatives):
    _mentees, capacity, scores, excluded = case
    result = run(case, table, make_host, make_problem, alternates=limit, alternatives=alternatives, candidates=1)
    keys = result.problem.mentees.keys, result.problem.mentors.keys
    pairs = {(keys[0][i], keys[1][j]) for i, j in zip(result.assignment.mentee, result.assignment.mentor, strict=True)}
    left = {j: capacity[j] - sum(mentor == j for _, mentor in pairs) for j in capacity}
    for row, mentee in enumerate(keys[0]):
        open_to = [j for j in keys[1] if scores[mentee, j] and (mentee, j) not in excluded]
        ranked = sorted(open_to, key=lambda j: -scores[mentee, j])
        wanted = [(j, ranked.index(j) + 1) for j in ranked if left[j] > 0 and (mentee, j) not in pairs][:limit]
        found = result.reasons.alternates.get(row, ())
        assert [(keys[1][j], rank) for j, _, rank in found] == wanted
        assert [score for _, score, _ in found] == [
            np.rint(np.float32(scores[mentee, j]).astype(float) * 1e6) / 1e6 for j, _ in wanted
        ]
        if alternatives:
            assert all((row, j) in result.explanations for j, _, _ in found)


def test_a_mentor_without_a_group_is_no_alternate(table, make_host, make_problem):
    scores = dict.fromkeys(product(("e0", "e1"), ("r0", "r1")), 0.5)
    case = (["e0", "e1"], {"r0": 3, "r1": 3}, scores, set())
    result = run(case, table, make_host, make_problem, mode="groups", group_size=(2, 3))
    assert len(result.pairs) == 2
    assert result.reasons.alternates == {}
