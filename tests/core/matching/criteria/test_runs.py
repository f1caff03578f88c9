"""What must hold for any people and any criteria: through the real host, the real solver and the explanations."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from criteria_people import criteria, people
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from wayfellow.markers import hookimpl
from wayfellow.matching.criteria import judging
from wayfellow.matching.criteria.applying import weigh
from wayfellow.matching.criteria.sets import read_set
from wayfellow.matching.pipeline import run_match
from wayfellow.matching.sentences import say_why_not
from wayfellow.matching.settings import MatchSettings

unhurried = settings(deadline=None, max_examples=25)
SETS = criteria()
MENTEES, MENTORS = people("e"), people("m")


class Flat:
    """Score every pair alike, so that only criteria tell pairs apart."""

    @hookimpl
    def score_matches(self, problem):
        return csr_array(np.full(problem.shape, 0.25, dtype=np.float32))


@pytest.fixture(scope="module")
def flat(make_host):
    return make_host(("flat", Flat()))


def run(problem, host, chosen, **settings):
    return run_match(
        problem, host, weigh(MatchSettings(**settings), read_set({"criteria": chosen}, host.criterion_kinds), host)
    )


def pairs_of(result):
    mentees, mentors = result.problem.mentees.keys, result.problem.mentors.keys
    return {mentees[i]: mentors[j] for i, j in zip(result.assignment.mentee, result.assignment.mentor, strict=True)}


def check_named(problem, result):
    """Whoever is forbidden is told each hard criterion that forbids it, by a name that no other criterion has."""
    hard = [one for one in judging.criteria_of(problem) if one.hard]
    for i, barred in result.reasons.barred.items():
        for mentor in barred:
            broken = [bool(judging.judge(problem, one).broken[i, mentor.mentor]) for one in hard]
            labels = [rule.label for rule in mentor.why_not.rules]
            assert len(set(labels)) == len(labels) == sum(broken) > 0
            assert all(rule.finding for rule in mentor.why_not.rules)


@unhurried
@given(MENTEES, MENTORS, SETS)
def test_no_run_breaks_a_hard_rule_and_shares_add_up(make_problem, flat, mentees, mentors, chosen):
    problem = make_problem(mentees, mentors, chosen, flat)
    result = run(problem, flat, chosen)
    for one in judging.criteria_of(problem):
        if one.hard:
            broken = judging.judge(problem, one).broken
            assert not broken[result.assignment.mentee, result.assignment.mentor].any()
    check_named(problem, result)
    weighs = [one for one in chosen if one["weight"] > 0]
    for (i, j), parts in result.explanations.items():
        own = {part.scorer: part for part in parts}
        assert ("criteria" in own) == bool(weighs)
        if weighs:
            part = own["criteria"]
            assert len(part.terms) == len(weighs)
            assert sum(term.share for term in part.terms) == pytest.approx(part.weight * part.score, abs=1e-6)
            assert part.weight == pytest.approx(
                sum(c["weight"] for c in weighs) / (10 + sum(c["weight"] for c in weighs))
            )
        place = result.candidates.find(np.array([i]), np.array([j]))
        total = sum(term.share for part in parts for term in part.terms)
        assert total == pytest.approx(result.candidates.score[place][0], abs=2e-6)


@unhurried
@given(MENTEES, MENTORS, SETS)
def test_scores_stay_in_range_and_blocks_agree_with_the_whole(make_problem, host, mentees, mentors, chosen):
    problem = make_problem(mentees, mentors, chosen, host)
    whole = judging.score(problem)
    if whole is None:
        assert not any(one["weight"] for one in chosen)
        return
    assert whole.dtype == np.float32
    assert ((whole.toarray() >= 0) & (whole.toarray() <= 1)).all()
    half = len(problem.mentees) // 2
    rows = [slice(0, half), slice(half, len(problem.mentees))]
    blocks = [judging.score(replace(problem, memo={}).block(part)).toarray() for part in rows]
    assert np.array_equal(np.vstack(blocks), whole.toarray())


@unhurried
@given(MENTEES, MENTORS, SETS, st.randoms(use_true_random=False))
def test_the_order_of_people_plays_no_part(make_problem, flat, mentees, mentors, chosen, random):
    first = run(make_problem(mentees, mentors, chosen, flat), flat, chosen)
    mixed = [dict(random.sample(list(side.items()), len(side))) for side in (mentees, mentors)]
    second = run(make_problem(*mixed, chosen, flat), flat, chosen)
    assert pairs_of(first) == pairs_of(second)
    assert first.input_hash == second.input_hash


@unhurried
@given(MENTEES, MENTORS, criteria(weights=st.just(0)))
def test_soft_criteria_of_weight_0_change_nothing(make_problem, flat, mentees, mentors, chosen):
    soft = [one | {"hard": False} for one in chosen]
    plain, weighed = (run(make_problem(mentees, mentors, some, flat), flat, some) for some in ([], soft))
    assert weighed.input_hash == plain.input_hash
    assert pairs_of(weighed) == pairs_of(plain)
    assert weighed.candidates.micro.tolist() == plain.candidates.micro.tolist()


@unhurried
@given(MENTEES, MENTORS, SETS)
def test_a_problem_with_criteria_goes_to_other_processes(make_problem, host, mentees, mentors, chosen):
    problem = make_problem(mentees, mentors, chosen, host)
    sent = pickle.loads(pickle.dumps(problem))  # noqa: S301 - our own bytes
    ours, theirs = judging.score(problem), judging.score(sent)
    assert (ours is None) == (theirs is None)
    assert ours is None or np.array_equal(ours.toarray(), theirs.toarray())


def scores_of(make_problem, criterion, mentor_fields, mentee):
    mentors = {f"m{number:02}": fields for number, fields in enumerate(mentor_fields)}
    problem = make_problem({"e": mentee}, mentors, [criterion])
    return judging.score(problem).toarray()[0].tolist()


@unhurried
@given(st.lists(st.integers(0, 8), min_size=2, max_size=6).map(sorted))
def test_more_in_common_never_scores_less(make_problem, counts):
    words = [f"w{number}" for number in range(8)]
    hours = [{"availability": f"Mon 08:00-{8 + n:02}:00" if n else "Tue 08:00-09:00"} for n in counts]
    for kind, mentors, mentee in (
        ("skills", [{"skills": "\n".join(["x", *words[:n]])} for n in counts], {"skills_to_learn": "\n".join(words)}),
        ("languages", [{"languages": "\n".join(["x", *words[:n]])} for n in counts], {"languages": "\n".join(words)}),
        ("availability", hours, {"availability": "Mon 00:00-24:00"}),
    ):
        found = scores_of(make_problem, {"kind": kind}, mentors, mentee)
        assert found == sorted(found), kind


@unhurried
@given(st.lists(st.floats(0, 12), min_size=2, max_size=6).map(sorted), st.floats(0, 12))
def test_further_apart_never_scores_more(make_problem, gaps, most):
    levels = [{"seniority": repr(4 + gap)} for gap in gaps]
    found = scores_of(
        make_problem, {"kind": "seniority", "parameters": {"least": 0, "most": most}}, levels, {"seniority": "4"}
    )
    assert found == sorted(found, reverse=True)
    zones = [{"timezone": f"Etc/GMT-{int(gap)}"} for gap in gaps]
    found = scores_of(make_problem, {"kind": "time_zone", "parameters": {"most": most}}, zones, {"timezone": "UTC"})
    assert found == sorted(found, reverse=True)


def test_a_criterion_that_forbids_is_named_with_what_it_found(make_problem, flat):
    chosen = [
        {"kind": "languages", "weight": 0, "hard": True},
        {"kind": "field", "weight": 0, "hard": True, "field": "department", "direction": "different"},
    ]
    mentees = {"e0": {"languages": "Red", "department": "blue"}}
    mentors = {"m0": {"languages": "blue", "department": "blue"}}
    [[one]] = run(make_problem(mentees, mentors, chosen, flat), flat, chosen).reasons.barred.values()
    assert say_why_not(one.why_not) == (
        "Forbidden by the criterion A field of the profile, department (same department: blue) and the criterion "
        "Languages in common (no language in common)."
    )
