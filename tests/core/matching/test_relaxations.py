"""What would help those without a mentor: each change, made for real, matches as many more as it said."""

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from wayfellow.markers import hookimpl
from wayfellow.matching.pipeline import run_match
from wayfellow.matching.reasons import Obstacle, Way

unhurried = settings(deadline=None, max_examples=25)


class Rule:
    """Forbid some pairs of (mentee key, mentor key)."""

    def __init__(self, pairs):
        self.pairs = pairs

    @hookimpl
    def forbid_matches(self, problem):
        keys = product(problem.mentees.keys[problem.rows], problem.mentors.keys)
        return csr_array(np.array([pair in self.pairs for pair in keys], dtype=bool).reshape(problem.shape))


@st.composite
def cases(draw):
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    mentees, mentors = [f"e{i}" for i in range(n)], [f"r{j}" for j in range(m)]
    pairs = list(product(mentees, mentors))
    some = st.sets(st.sampled_from(pairs))
    scores = {pair: draw(st.sampled_from([0.0, 0.1, 0.5, 0.5, 0.9])) for pair in pairs}
    capacity = {j: draw(st.integers(0, 2)) for j in mentors}
    return mentees, capacity, scores, draw(some), draw(some), draw(some)


def run(case, table, make_host, make_problem, lifted=frozenset()):
    mentees, capacity, scores, excluded, private, ruled = case
    problem = make_problem(
        dict.fromkeys(mentees, "words"),
        {j: ("words", places) for j, places in capacity.items()},
        excluded=excluded - lifted,
        private=private,
    )
    return run_match(problem, make_host(table(scores), Rule(ruled)))


@unhurried
@given(cases())
def test_each_does_what_it_says(table, make_host, make_problem, case):
    mentees, capacity, scores, excluded, private, ruled = case
    result = run(case, table, make_host, make_problem)
    before, mentors = result.quality.matched, result.problem.mentors.keys
    alone = {item.mentee for item in result.unmatched}
    more = dict(capacity)
    for one in result.reasons.relaxations:
        assert set(one.mentees) <= alone
        assert len(one.mentees) == one.matched
        match one.way:
            case Way.PLACES:
                mentor = mentors[one.mentor]
                more[mentor] += one.places
                assert one.places == one.matched
                changed = (mentees, capacity | {mentor: capacity[mentor] + one.places}, *case[2:])
            case Way.EXCLUSION:
                lifted = {(mentees[i], mentors[one.mentor]) for i in one.mentees}
                assert lifted <= excluded - private - ruled
                changed = (mentees, capacity, scores, excluded - lifted, private, ruled)
            case Way.RULE:
                assert one.plugin == "rule1"
                changed = (mentees, capacity, scores, excluded, private, set())
        after = run(changed, table, make_host, make_problem)
        assert after.quality.matched - before >= one.matched
        if one.way is not Way.RULE:
            assert after.quality.matched - before == one.matched
    together = run((mentees, more, *case[2:]), table, make_host, make_problem)
    assert together.quality.matched == before + sum(more.values()) - sum(capacity.values())


@unhurried
@given(cases())
def test_everyone_who_scores_with_a_mentor_is_helped_by_places(table, make_host, make_problem, case):
    result = run(case, table, make_host, make_problem)
    helped = {i for one in result.reasons.relaxations if one.way is Way.PLACES for i in one.mentees}
    assert helped == {item.mentee for item in result.unmatched if result.candidates.allowed[item.mentee]}


@unhurried
@given(cases())
def test_forbidden_mentors_are_named_with_who_forbids_them_and_blocks_never(table, make_host, make_problem, case):
    _, _, scores, excluded, private, ruled = case
    result = run(case, table, make_host, make_problem)
    mentees, mentors = result.problem.mentees.keys, result.problem.mentors.keys
    for i, barred in result.reasons.barred.items():
        for one in barred:
            pair = mentees[i], mentors[one.mentor]
            assert pair not in private
            assert one.score == np.rint(np.float32(scores[pair]).astype(float) * 1e6) / 1e6
            is_rule = one.why_not.obstacle is Obstacle.RULE
            assert (pair in ruled, pair in excluded) == (is_rule, not is_rule)
            assert one.why_not.plugin == ("rule1" if is_rule else "")


def test_one_mentor_who_suits_many_is_asked_rather_than_many(table, make_host, make_problem):
    scores = {("e0", "r0"): 0.9, ("e0", "r1"): 0.85, ("e1", "r1"): 0.9, ("e2", "r2"): 0.5}
    case = (["e0", "e1", "e2"], {"r0": 0, "r1": 0, "r2": 0}, scores, set(), set(), set())
    found = run(case, table, make_host, make_problem).reasons.relaxations
    assert [(one.mentor, one.places, one.mentees) for one in found] == [(1, 2, (0, 1)), (2, 1, (2,))]


def test_an_exclusion_helps_along_a_chain(table, make_host, make_problem):
    """The excluded mentor is full, but the one who is there can move on."""
    scores = {("e0", "r0"): 0.5, ("e1", "r0"): 0.9, ("e1", "r1"): 0.1}
    case = (["e0", "e1"], {"r0": 1, "r1": 1}, scores, {("e0", "r0")}, set(), set())
    [one] = run(case, table, make_host, make_problem).reasons.relaxations
    assert (one.way, one.mentor, one.mentees, one.matched) == (Way.EXCLUSION, 0, (0,), 1)


def test_numbers_become_ids_and_come_back_from_what_is_stored(table, make_host, make_problem):
    from wayfellow.matching.reasons import read_relaxation

    case = (["e0"], {"r0": 0}, {("e0", "r0"): 0.5}, set(), set(), set())
    [one] = run(case, table, make_host, make_problem).reasons.relaxations
    assert read_relaxation(one.numbered([70], [90]).as_json()) == replace(one, mentees=(70,), mentor=90)
