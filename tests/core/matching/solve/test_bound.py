"""The upper bound of a total: never below what can be, and equal to the best, which proves it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from match_cases import Case, all_choices, cases

from wayfellow.matching.bound import upper_bound
from wayfellow.matching.settings import MatchSettings
from wayfellow.matching.solve import choose_best, finish


def bound_of(case, candidates, pairs):
    mentee, mentor = np.array(sorted(pairs), np.int64).reshape(-1, 2).T
    places = candidates.find(mentee, mentor)
    return upper_bound(case.problem, candidates, places, places)


def whole(case, pairs):
    return sum(int(case.table[pair]) for pair in pairs)


@settings(deadline=None, max_examples=200)
@given(cases(minima=False, currents=False))
def test_the_best_choice_is_proven_to_be_the_best(case):
    chosen = MatchSettings(objective="best_total")
    best = finish(case.problem, choose_best(case.problem, case.candidates, chosen), chosen).assignment
    pairs = set(zip(best.mentee.tolist(), best.mentor.tolist(), strict=True))
    assert bound_of(case, case.candidates, pairs) == whole(case, pairs)


@settings(deadline=None, max_examples=200)
@given(cases(minima=False, currents=False))
def test_no_choice_of_as_many_pairs_exceeds_the_bound_of_rows_that_were_cut(case):
    kept = np.isin(case.candidates.mentee << 32 | case.candidates.mentor, [i << 32 | j for i, j in case.locked])
    cut = case.candidates.only((case.candidates.rank <= 2) | kept)
    chosen = MatchSettings(floor=False)
    found = choose_best(case.problem, cut, chosen).assignment
    pairs = set(zip(found.mentee.tolist(), found.mentor.tolist(), strict=True))
    as_many = (whole(case, one) for one in all_choices(case) if len(one) == len(pairs))
    assert bound_of(case, cut, pairs) >= max(as_many)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_large_pools_are_proven_whole_where_prices_climb_for_long(seed):
    """Many like scores make long ways of exchanges, and more people than places a war of bids."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(50, 300)), int(rng.integers(20, 100))
    table = rng.integers(500_000, 500_100, (n, m))
    table[rng.random((n, m)) < 0.8] = 0
    case = Case(table, tuple(rng.integers(0, 5, m).tolist()), (0,) * m, (1,) * n)
    chosen = MatchSettings(floor=False)
    best = choose_best(case.problem, case.candidates, chosen).assignment
    pairs = set(zip(best.mentee.tolist(), best.mentor.tolist(), strict=True))
    assert bound_of(case, case.candidates, pairs) == whole(case, pairs)
