"""The assignment against brute force: most people first, then the highest total, and never a broken rule."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wayfellow.matching import settings as sizes
from wayfellow.matching.causes import Cause
from wayfellow.matching.pipeline import run_match
from wayfellow.matching.problem import PersonInput, build_problem
from wayfellow.matching.settings import MatchSettings

# Time says nothing on a shared machine.
unhurried = settings(deadline=None, max_examples=60)
SCORES = st.sampled_from([0.0, 0.0, 0.1, 0.25, 0.25, 0.5, 0.9, 1.0]) | st.floats(0, 1, width=32)


@st.composite
def cases(draw, people=4):
    n, m = draw(st.integers(0, people)), draw(st.integers(0, people))
    mentees, mentors = [f"e{i}" for i in range(n)], [f"r{j}" for j in range(m)]
    pairs = list(product(mentees, mentors))
    capacity = {j: draw(st.integers(0, 2)) for j in mentors}
    scores = {pair: draw(SCORES) for pair in pairs}
    excluded = draw(st.sets(st.sampled_from(pairs))) if pairs else set()
    locked = {}
    room = dict(capacity)
    for i, j in pairs:
        if i not in locked and (i, j) not in excluded and room[j] and draw(st.integers(0, 5)) == 0:
            locked[i], room[j] = j, room[j] - 1
    return mentees, mentors, capacity, scores, excluded, set(locked.items())


def micro(score):
    return int(np.rint(np.float64(np.float32(score)) * 1e6))


def best_by_hand(mentees, mentors, capacity, scores, excluded, locked):
    """Return (people, total in millionths) of the best assignment by trying all."""
    best = (-1, -1)
    kept = dict(locked)
    options = [
        [kept[i]] if i in kept else [None, *(j for j in mentors if (i, j) not in excluded and micro(scores[i, j]))]
        for i in mentees
    ]
    for choice in product(*options):
        if all(choice.count(j) <= capacity[j] for j in mentors):
            total = sum(micro(scores[i, j]) for i, j in zip(mentees, choice, strict=True) if j)
            best = max(best, (sum(j is not None for j in choice), total))
    return best


def solve(case, table, make_host, **chosen):
    mentees, mentors, capacity, scores, excluded, locked = case
    problem = build_problem(
        [PersonInput(i, fields={"goals": "words"}) for i in mentees],
        [PersonInput(j, fields={"expertise": "words"}, capacity=capacity[j]) for j in mentors],
        mentee_text_fields=["goals"],
        mentor_text_fields=["expertise"],
        excluded=excluded,
        locked=locked,
    )
    return run_match(problem, make_host(table(scores)), MatchSettings(**chosen))


def keyed(result):
    i, j = result.assignment.mentee.tolist(), result.assignment.mentor.tolist()
    mentees, mentors = result.problem.mentees.keys, result.problem.mentors.keys
    return {mentees[a]: mentors[b] for a, b in zip(i, j, strict=True)}


@unhurried
@given(cases())
def test_no_other_choice_is_better_and_no_rule_is_broken(table, make_host, case):
    result = solve(case, table, make_host, floor=False)
    pairs = keyed(result)
    mentees, mentors, capacity, scores, excluded, locked = case
    assert (len(pairs), sum(micro(scores[pair]) for pair in pairs.items())) == best_by_hand(*case)
    assert locked <= set(pairs.items())
    assert not excluded & set(pairs.items())
    assert all(list(pairs.values()).count(j) <= capacity[j] for j in mentors)
    assert result.quality.percent == pytest.approx(100)
    assert len(result.unmatched) == len(mentees) - len(pairs)


@unhurried
@given(cases(people=5), st.integers(1, 3))
def test_cut_candidate_lists_leave_nobody_out_and_the_bound_holds(table, make_host, case, kept):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sizes, "PAIRS_AT_ONCE", 0)
        result = solve(case, table, make_host, candidates=kept, floor=False)
    people, total = best_by_hand(*case)
    assert result.quality.matched == people
    assert result.quality.total * 1e6 <= total + 0.5
    assert result.quality.upper_bound * 1e6 >= total - 0.5


@unhurried
@given(cases(), st.randoms())
def test_the_order_of_people_does_not_matter(table, make_host, case, random):
    mentees, mentors, *rest = case
    shuffled = (random.sample(mentees, len(mentees)), random.sample(mentors, len(mentors)), *rest)
    one, other = solve(case, table, make_host), solve(shuffled, table, make_host)
    assert keyed(one) == keyed(other)
    assert one.input_hash == other.input_hash
    assert one.unmatched == other.unmatched


@unhurried
@given(cases())
def test_one_place_more_matches_no_fewer_and_never_lowers_the_total(table, make_host, case):
    mentees, mentors, capacity, *rest = case
    before = solve(case, table, make_host, floor=False).quality
    for mentor in mentors[:1]:
        wider = {**capacity, mentor: capacity[mentor] + 1}
        after = solve((mentees, mentors, wider, *rest), table, make_host, floor=False).quality
        assert after.matched >= before.matched
        # One person more may cost the others something; the same number of people never do worse.
        assert after.matched > before.matched or after.total >= before.total


@unhurried
@given(cases())
def test_causes_are_true(table, make_host, case):
    _, mentors, capacity, scores, excluded, _ = case
    result = solve(case, table, make_host)
    taken = list(keyed(result).values())
    for item in result.unmatched:
        mentee = result.problem.mentees.keys[item.mentee]
        positive = [j for j in mentors if micro(scores[mentee, j])]
        allowed = [j for j in positive if (mentee, j) not in excluded]
        match item.cause:
            case Cause.NO_MENTORS:
                assert not mentors
            case Cause.NOTHING_SHARED:
                assert not positive
            case Cause.ALL_FORBIDDEN:
                assert positive
                assert not allowed
            case Cause.NO_PLACES:
                assert not any(capacity[j] for j in allowed)
            case Cause.ALL_FULL:
                assert any(capacity[j] for j in allowed)
                assert all(taken.count(j) == capacity[j] for j in allowed)
            case _:
                pytest.fail(f"{item.cause} cannot be")


def test_equal_scores_match_everyone_whom_places_allow(table, make_host):
    names = [f"e{i}" for i in range(6)], ["r0", "r1"]
    scores = dict.fromkeys(product(*names), 0.5)
    result = solve((*names, {"r0": 2, "r1": 3}, scores, set(), set()), table, make_host)
    assert result.quality.matched == 5
    assert result.quality.total == 2.5


def test_nobody_is_proposed_where_nothing_is_shared(table, make_host):
    result = solve((["e0"], ["r0"], {"r0": 1}, {}, set(), set()), table, make_host)
    assert not keyed(result)
    assert [item.cause for item in result.unmatched] == [Cause.NOTHING_SHARED]


def test_a_whole_chain_moves_so_that_the_last_one_finds_a_place(table, make_host, monkeypatch):
    """Each mentee's only kept candidate is taken by the one before; only wider rows give a place to everyone."""
    monkeypatch.setattr(sizes, "PAIRS_AT_ONCE", 0)
    n = 12
    scores = {("e00", "r00"): 0.9}
    for i in range(1, n):
        scores[f"e{i:02}", f"r{i - 1:02}"] = 0.9
        scores[f"e{i:02}", f"r{i:02}"] = 0.1
    names = [f"e{i:02}" for i in range(n)], [f"r{i:02}" for i in range(n)]
    result = solve((*names, dict.fromkeys(names[1], 1), scores, set(), set()), table, make_host, candidates=1)
    assert result.quality.matched == n


@settings(deadline=None, max_examples=15)
@given(st.permutations(range(4)))
def test_a_square_table_finds_the_hidden_permutation(table, make_host, hidden):
    names = [f"e{i}" for i in range(4)], [f"r{j}" for j in range(4)]
    scores = {(f"e{i}", f"r{j}"): 1.0 if hidden[i] == j else 0.6 for i, j in product(range(4), repeat=2)}
    result = solve((*names, dict.fromkeys(names[1], 1), scores, set(), set()), table, make_host)
    assert keyed(result) == {f"e{i}": f"r{j}" for i, j in enumerate(hidden)}
    assert result.quality.total == max(
        sum(scores[f"e{i}", f"r{j}"] for i, j in enumerate(order)) for order in permutations(range(4))
    )
