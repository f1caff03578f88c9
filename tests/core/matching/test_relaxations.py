"""What would help those without a mentor: each change, made for real, matches as many more as it said."""

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from wayfellow.markers import hookimpl
from wayfellow.matching.pipeline import run_match
from wayfellow.matching.reasons import NamedRule, Obstacle, Way, read_why_not
from wayfellow.matching.sentences import say_way, say_why_not
from wayfellow.types import BrokenRule

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
            assert pair in ruled | excluded
            assert one.why_not.obstacle is (Obstacle.EXCLUDED if pair in excluded else Obstacle.RULE)
            assert one.why_not.rules == ((NamedRule("rule1"),) if pair in ruled else ())


class Rules:
    """Forbid by several rules, each a name and its pairs of (mentee key, mentor key)."""

    def __init__(self, rules):
        self.rules = rules

    @hookimpl
    def forbid_matches(self, problem):
        return Rule(set().union(*self.rules.values())).forbid_matches(problem)

    @hookimpl
    def explain_forbidden(self, problem, pairs):
        keys = [(problem.mentees.keys[i], problem.mentors.keys[j]) for i, j in pairs]
        return [
            BrokenRule(name, np.array([key in own for key in keys], dtype=bool), lambda i, j: f"{i} is not {j}.")
            for name, own in self.rules.items()
        ]


@st.composite
def rules(draw):
    """Return mentees, capacities, scores and the pairs of two rules and of what the plugin does not name."""
    mentees, capacity, scores, *ruled = draw(cases())
    named = dict(zip(("the hour", "the place"), ruled[:2], strict=True))
    return mentees, capacity, scores, named, ruled[2].difference(*named.values())


class Unnamed(Rules):
    """Forbid further pairs without a name for it."""

    def __init__(self, named, others):
        super().__init__(named)
        self.others = others

    @hookimpl
    def forbid_matches(self, problem):
        return Rule(set().union(self.others, *self.rules.values())).forbid_matches(problem)


def run_rules(case, table, make_host, make_problem, lifted=None):
    mentees, capacity, scores, named, others = case
    problem = make_problem(dict.fromkeys(mentees, "words"), {j: ("words", n) for j, n in capacity.items()})
    if lifted == "":
        named, others = {}, set()
    elif lifted:
        named = named | {lifted: set()}
    return run_match(problem, make_host(table(scores), Unnamed(named, others)))


@unhurried
@given(rules())
def test_each_forbidden_mentor_names_the_rules_that_forbid(table, make_host, make_problem, case):
    *_, named, _others = case
    result = run_rules(case, table, make_host, make_problem)
    mentees, mentors = result.problem.mentees.keys, result.problem.mentors.keys
    for i, barred in result.reasons.barred.items():
        for one in barred:
            broken = [name for name, own in named.items() if (mentees[i], mentors[one.mentor]) in own]
            said = one.why_not.rules
            assert [rule.label for rule in said] == (broken or [""])
            assert {rule.finding for rule in said} == ({f"{i} is not {one.mentor}."} if broken else {""})
            assert read_why_not(one.why_not.as_json()) == one.why_not


@unhurried
@given(rules())
def test_lifting_a_rule_by_its_name_matches_as_many_as_it_said(table, make_host, make_problem, case):
    result = run_rules(case, table, make_host, make_problem)
    for one in (one for one in result.reasons.relaxations if one.way is Way.RULE):
        after = run_rules(case, table, make_host, make_problem, lifted=one.rule)
        assert after.quality.matched - result.quality.matched >= one.matched > 0


def test_rules_that_only_help_together_are_lifted_together(table, make_host, make_problem):
    both = {("e0", "r0")}
    case = (["e0"], {"r0": 1}, {("e0", "r0"): 0.5}, {"the hour": both, "the place": both}, set())
    result = run_rules(case, table, make_host, make_problem)
    assert [(one.way, one.rule, one.matched) for one in result.reasons.relaxations] == [(Way.RULE, "", 1)]
    [[one]] = result.reasons.barred.values()
    assert say_why_not(one.why_not) == "Forbidden by the hour (0 is not 0) and the place (0 is not 0)."
    assert say_way(result.reasons.relaxations[0], "", ["Kim"]) == (
        "Without the rules of unnamed1, Kim could have a mentor with a place."
    )


def test_a_rule_that_was_stored_by_its_plugin_alone_is_still_read():
    old = {"obstacle": "rule", "lowest": None, "cost": None, "people": 0, "plugin": "zones"}
    assert say_why_not(read_why_not(old)) == "Forbidden by the rule of zones."


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
