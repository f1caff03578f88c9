"""Why not: what a pair would have cost, checked by choosing again with that pair forced."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wayfellow.matching.candidates import Candidates
from wayfellow.matching.exchange import forced_costs
from wayfellow.matching.reasons import Obstacle
from wayfellow.matching.settings import MatchSettings
from wayfellow.matching.solve import choose_best, finish
from wayfellow.matching.whynot import better_ones, mentor_ranks, why_not
from wayfellow.types import Assignment, MatchProblem, Pool

unhurried = settings(deadline=None, max_examples=40)
NOBODY = np.zeros((0, 2), np.int64)


def pool(side, size):
    return Pool(np.arange(size), tuple(f"{side}{i}" for i in range(size)), {}, ())


def rows(table):
    """Return the candidates of a table of millionths (mentees x mentors); 0 is no candidate."""
    table = np.array(table, dtype=np.int64)
    mentee, mentor = np.nonzero(table)
    order = np.lexsort((mentor, -table[mentee, mentor], mentee))
    mentee, mentor = mentee[order], mentor[order]
    counts = np.bincount(mentee, minlength=len(table))
    indptr = np.concatenate([[0], np.cumsum(counts)])
    rank = np.arange(len(mentee)) - indptr[:-1][mentee] + 1
    return Candidates(indptr, mentor, table[mentee, mentor], rank, {}, counts, counts, counts, (table > 0).sum(axis=0))


def ask(table, capacity, locked=NOBODY):
    """Return the problem, the candidates, and the best choice."""
    found = rows(table)
    places = np.array(capacity, dtype=np.int16)
    problem = MatchProblem(pool("e", len(found)), pool("r", len(places)), places, locked, NOBODY)
    return problem, found, best(problem, found, locked)


def best(problem, candidates, locked=NOBODY):
    """Return the best choice that keeps these pairs."""
    return choose_best(replace(problem, locked=locked), candidates, MatchSettings(floor=False)).assignment


def worth(candidates, assignment):
    places = candidates.find(assignment.mentee, assignment.mentor)
    return len(places), int(candidates.micro[places].sum())


@st.composite
def tables(draw):
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    cell = st.sampled_from([0, 0, 100, 250, 250, 900]) | st.integers(1, 1000)
    table = draw(st.lists(st.lists(cell, min_size=m, max_size=m), min_size=n, max_size=n))
    return table, draw(st.lists(st.integers(0, 3), min_size=m, max_size=m))


@unhurried
@given(tables())
def test_a_forced_pair_costs_what_the_solver_says(case):
    table, capacity = case
    problem, candidates, assignment = ask(table, capacity)
    everything = np.arange(len(candidates.mentor))
    people, cost = forced_costs(problem, candidates, assignment, everything)
    before = worth(candidates, assignment)
    for place in everything.tolist():
        mentee, mentor = int(candidates.mentee[place]), int(candidates.mentor[place])
        if not capacity[mentor]:
            assert people[place] == -1
            continue
        forced = best(problem, candidates, np.array([[mentee, mentor]]))
        after = worth(candidates, forced)
        assert (people[place], cost[place]) == (before[0] - after[0], before[1] - after[1])


@unhurried
@given(tables())
def test_under_a_floor_a_forced_pair_costs_what_the_solver_says_above_it(case):
    problem, candidates, _ = ask(*case)
    settings = MatchSettings()
    solution = finish(problem, choose_best(problem, candidates, settings), settings)
    floor, before = solution.floor or 0, worth(candidates, solution.assignment)
    everything = np.arange(len(candidates.mentor))
    people, cost = forced_costs(problem, candidates, solution.assignment, everything, floor)
    above = candidates.only(candidates.micro >= max(floor, 1))
    for place in np.flatnonzero(people >= 0).tolist():
        pair = np.array([[candidates.mentee[place], candidates.mentor[place]]])
        after = worth(candidates, best(problem, above, pair))
        assert (people[place], cost[place]) == (before[0] - after[0], before[1] - after[1])


@unhurried
@given(tables(), st.data())
def test_with_a_pair_locked_the_rest_is_exchanged(case, data):
    table, capacity = case
    pairs = [(i, j) for i, row in enumerate(table) for j, score in enumerate(row) if score and capacity[j]]
    if not pairs:
        return
    kept = data.draw(st.sampled_from(pairs))
    problem, candidates, assignment = ask(table, capacity, np.array([kept]))
    everything = np.arange(len(candidates.mentor))
    people, cost = forced_costs(problem, candidates, assignment, everything)
    before = worth(candidates, assignment)
    for place in everything.tolist():
        pair = int(candidates.mentee[place]), int(candidates.mentor[place])
        full = pair[1] == kept[1] and capacity[pair[1]] == 1
        if pair[0] == kept[0] or full or not capacity[pair[1]]:
            assert people[place] == -1
            continue
        after = worth(candidates, best(problem, candidates, np.array([kept, pair])))
        assert (people[place], cost[place]) == (before[0] - after[0], before[1] - after[1])


@unhurried
@given(tables())
def test_why_not_names_a_true_obstacle_for_everyone_better(case):
    table, capacity = case
    problem, candidates, assignment = ask(table, capacity)
    got = dict(zip(assignment.mentee.tolist(), assignment.mentor.tolist(), strict=True))
    chosen = candidates.find(assignment.mentee, assignment.mentor)
    said = why_not(problem, candidates, assignment, better_ones(candidates, chosen, 99))
    expected = {
        (i, j)
        for i, row in enumerate(table)
        for j, score in enumerate(row)
        if score > (table[i][got[i]] if i in got else 0)
    }
    assert said.keys() == expected
    for (_, mentor), reason in said.items():
        scores = [table[i][j] for i, j in got.items() if j == mentor]
        assert len(scores) == capacity[mentor], "the best choice leaves nobody beside a better mentor with room"
        assert reason.obstacle is (Obstacle.FULL if capacity[mentor] else Obstacle.NO_PLACES)
        assert reason.lowest == (min(scores) / 1e6 if scores else None)


def test_nothing_is_claimed_of_a_choice_that_is_not_the_best():
    problem, candidates, _ = ask([[900, 100], [100, 900]], [1, 1])
    worse = Assignment(np.array([0, 1]), np.array([1, 0]))
    people, _ = forced_costs(problem, candidates, worse, np.arange(4))
    assert people.tolist() == [-1] * 4


def test_the_first_are_computed_when_the_work_is_too_much(monkeypatch):
    problem, candidates, assignment = ask([[900, 100], [800, 700]], [1, 1])
    monkeypatch.setattr("wayfellow.matching.exchange.WORK", 0)
    people, cost = forced_costs(problem, candidates, assignment, np.array([2, 3, 0, 1]))
    assert people.tolist() == [0, -1, 0, -1]
    assert (cost[0], cost[2]) == (900 + 700 - 800 - 100, 0)


@pytest.mark.parametrize(("place", "rank"), [(0, 1), (1, 1), (2, 3), (3, 1)])
def test_mentors_rank_mentees_and_equals_share_a_rank(place, rank):
    _, candidates, _ = ask([[500, 0], [500, 0], [400, 300]], [1, 1])
    assert mentor_ranks(candidates, np.array([place])) == [rank]
