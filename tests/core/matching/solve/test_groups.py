"""Groups: so many mentees of one mentor at once or none, against all choices there are."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from match_cases import all_choices, cases, people, total
from scipy.sparse import csr_array

from wayfellow.errors import InvalidInput
from wayfellow.markers import hookimpl
from wayfellow.matching.pipeline import run_match
from wayfellow.matching.settings import MatchSettings
from wayfellow.matching.solve import choose_best, finish, groups
from wayfellow.matching.solve.groups import with_group_size


class Even:
    """Score every pair alike."""

    @hookimpl
    def score_matches(self, problem):
        return csr_array(np.full(problem.shape, 0.5, dtype=np.float32))


def sizes(choice, mentors):
    return [sum(j == mentor for _, mentor in choice) for j in range(mentors)]


def are_groups(choice, mentors, least, most):
    return all(not size or least <= size <= most for size in sizes(choice, mentors))


def chosen(case, asked):
    problem = with_group_size(case.problem, *asked.group_size)
    solution = finish(problem, choose_best(problem, case.candidates, asked), asked)
    assert solution.floor is None
    return set(zip(solution.assignment.mentee.tolist(), solution.assignment.mentor.tolist(), strict=True))


@settings(deadline=None, max_examples=250)
@given(
    case=cases(people=5, several=False, minima=False),
    size=st.tuples(st.integers(1, 3), st.integers(0, 2)),
    objective=st.sampled_from(["most_people", "best_total"]),
    exact=st.booleans(),
)
def test_groups_keep_their_size_and_small_pools_get_the_best(case, size, objective, exact):
    asked = MatchSettings(
        mode="groups", group_size=(size[0], sum(size)), objective=objective, alternatives=0, incumbent_bonus=0.0
    )
    mentors = len(case.capacity)
    valid = [one for one in all_choices(case) if are_groups(one, mentors, *asked.group_size)]
    before = groups.EXACT_PAIRS
    try:
        groups.EXACT_PAIRS = before if exact else 0
        if not valid:
            with pytest.raises(InvalidInput):
                chosen(case, asked)
            return
        found = chosen(case, asked)
    finally:
        groups.EXACT_PAIRS = before
    assert found in valid

    def worth(choice):
        return (people(choice) if objective == "most_people" else 0), total(case, choice)

    if exact:
        assert worth(found) == max(map(worth, valid))


def test_whoever_is_left_shares_nobody_with_room_in_a_group(make_host, make_problem):
    mentees = dict.fromkeys("abcdefg", "x")
    problem = make_problem(mentees, {"m": ("x", 3), "n": ("x", 3), "o": ("x", 1)}, seed=1)
    asked = MatchSettings(mode="groups", group_size=(2, 3), alternatives=0)
    result = run_match(problem, make_host(Even()), asked)
    assert np.bincount(result.assignment.mentor, minlength=3).tolist() == [3, 3, 0]
    assert [item.cause for item in result.unmatched] == ["all_full"]
    few = run_match(
        replace(problem, mentees=make_problem({"a": "x"}, {}).mentees, wanted=np.ones(1, np.int16)),
        make_host(Even()),
        asked,
    )
    assert [item.cause for item in few.unmatched] == ["left_by_group_size"]
    assert "Fewer than 2 people" in few.unmatched[0].reason


@pytest.mark.parametrize("size", [None, (0, 3), (4, 3)])
def test_a_group_size_that_makes_no_sense_is_refused(size):
    with pytest.raises(InvalidInput, match="group size"):
        MatchSettings(mode="groups", group_size=size)
    with pytest.raises(InvalidInput, match="group size"):
        MatchSettings(group_size=(2, 3))
