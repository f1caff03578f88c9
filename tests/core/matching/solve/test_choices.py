"""What is chosen, against trying all: in its order, and never against a rule."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from match_cases import Case, all_choices, cases, filled, people, total, worst
from scipy.optimize import Bounds, LinearConstraint, milp

from wayfellow.matching.settings import FLOOR_PRICE, MatchSettings
from wayfellow.matching.solve import choose_best, finish

BONUS = MatchSettings().incumbent_bonus

# Time says nothing on a shared machine.
many = settings(deadline=None, max_examples=300)


def solve(case, **asked):
    chosen = MatchSettings(**asked)
    problem = case.problem
    return finish(problem, choose_best(problem, case.candidates, chosen), chosen)


def pairs_of(assignment):
    pairs = list(zip(assignment.mentee.tolist(), assignment.mentor.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    return set(pairs)


def rank_people_first(case, pairs):
    return filled(case, pairs), people(pairs), len(pairs)


def check_rules(case, pairs):
    assert set(case.locked) <= pairs
    assert all(case.table[pair] > 0 for pair in pairs - set(case.locked))
    assert all(sum(j == mentor for _, mentor in pairs) <= places for j, places in enumerate(case.capacity))
    assert all(sum(i == mentee for mentee, _ in pairs) <= wanted for i, wanted in enumerate(case.wanted))


@many
@given(cases())
def test_minima_then_people_then_pairs_then_the_total(case):
    pairs = pairs_of(solve(case, floor=False).assignment)
    check_rules(case, pairs)
    best = max((*rank_people_first(case, one), total(case, one, BONUS)) for one in all_choices(case))
    assert (*rank_people_first(case, pairs), total(case, pairs, BONUS)) == best


@many
@given(cases())
def test_the_best_total_is_the_best_whoever_is_left_out(case):
    pairs = pairs_of(solve(case, objective="best_total").assignment)
    check_rules(case, pairs)
    best = max((filled(case, one), total(case, one, BONUS)) for one in all_choices(case))
    assert (filled(case, pairs), total(case, pairs, BONUS)) == best


@many
@given(cases(currents=False))
def test_the_floor_is_as_high_as_nobody_loses_by_and_its_price_allows(case):
    before, solution = pairs_of(solve(case, floor=False).assignment), solve(case)
    pairs = pairs_of(solution.assignment)
    check_rules(case, pairs)
    assert rank_people_first(case, pairs) == rank_people_first(case, before)
    assert solution.floor == worst(case, pairs)
    assert solution.price == total(case, before) - total(case, pairs)
    if solution.floor is None:
        return
    as_good = [one for one in all_choices(case) if rank_people_first(case, one) == rank_people_first(case, before)]
    budget = FLOOR_PRICE * total(case, before)
    highest = max(
        worst(case, one) for one in as_good if total(case, before) - total(case, one) <= max(0, 0.75 * budget - 2)
    )
    assert highest - 1_000 <= solution.floor
    assert solution.price <= budget


@many
@given(cases())
def test_with_current_pairs_the_floor_costs_nobody_a_mentor_and_keeps_to_its_price(case):
    before, pairs = pairs_of(solve(case, floor=False).assignment), pairs_of(solve(case).assignment)
    check_rules(case, pairs)
    assert rank_people_first(case, pairs) == rank_people_first(case, before)
    unbent = total(case, pairs_of(solve(case, floor=False, incumbent_bonus=0.0).assignment))
    assert total(case, pairs) >= min(total(case, before), (1 - FLOOR_PRICE) * unbent)
    assert (worst(case, pairs) or 0) >= (worst(case, before) or 0) or worst(case, before) is None


@many
@given(cases(several=False, minima=False), st.integers(0, 3))
def test_one_place_more_never_matches_fewer_nor_lowers_the_best_total(case, mentor):
    if mentor >= len(case.capacity):
        return
    more = list(case.capacity)
    more[mentor] += 1
    for asked in ({"floor": False}, {"objective": "best_total"}):
        before = pairs_of(solve(case, incumbent_bonus=0.0, **asked).assignment)
        wider = Case(case.table, tuple(more), case.minimum, case.wanted, case.locked, case.current)
        after = pairs_of(solve(wider, incumbent_bonus=0.0, **asked).assignment)
        if "objective" in asked:
            assert total(case, after) >= total(case, before)
        else:
            assert (people(after), total(case, after)) >= (people(before), total(case, before))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_larger_problems_agree_with_highs(seed, equal):
    rng = np.random.default_rng(seed)
    case = random_case(rng, int(rng.integers(5, 25)), int(rng.integers(2, 12)), equal)
    pairs = pairs_of(solve(case, objective="best_total").assignment)
    check_rules(case, pairs)
    assert total(case, pairs) == by_highs(case)


@pytest.mark.parametrize("seed", range(5))
def test_permuting_people_permutes_the_result(seed):
    rng = np.random.default_rng(seed)
    case = random_case(rng, 12, 6, equal=False)
    rows, columns = rng.permutation(12), rng.permutation(6)
    other = Case(
        case.table[rows][:, columns],
        tuple(np.array(case.capacity)[columns]),
        tuple(np.array(case.minimum)[columns]),
        tuple(np.array(case.wanted)[rows]),
    )
    moved = {(int(rows[i]), int(columns[j])) for i, j in pairs_of(solve(other).assignment)}
    assert moved == pairs_of(solve(case).assignment)


def test_nothing_is_chosen_where_everything_scores_nothing():
    case = random_case(np.random.default_rng(1), 6, 3, equal=False)
    nothing = Case(case.table * 0, case.capacity, case.minimum, case.wanted)
    solution = solve(nothing)
    assert not pairs_of(solution.assignment)
    assert solution.floor is None


def random_case(rng, n, m, equal):
    table = np.full((n, m), 400_000) if equal else rng.integers(1, 1_000_000, (n, m))
    table[rng.random((n, m)) < 0.3] = 0
    capacity = rng.integers(0, 4, m)
    return Case(table, tuple(capacity.tolist()), (0,) * m, tuple(rng.integers(1, 4, n).tolist()))


def by_highs(case) -> int:
    """Return the best total by integer programming."""
    i, j = np.nonzero(case.table)
    if not len(i):
        return 0
    rows = (i == np.arange(len(case.wanted))[:, None]).astype(float)
    columns = (j == np.arange(len(case.capacity))[:, None]).astype(float)
    found = milp(
        -case.table[i, j].astype(float),
        integrality=np.ones(len(i)),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(rows, ub=case.wanted), LinearConstraint(columns, ub=case.capacity)],
    )
    return int(case.table[i, j][found.x > 0.5].sum())


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.booleans(), st.booleans())
def test_solving_few_pairs_of_many_finds_what_solving_all_does(seed, equal, current):
    """The bonus and the floor take the same way; ties may go to others, totals may not."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(5, 60)), int(rng.integers(5, 30))
    one = random_case(rng, n, m, equal)
    held = tuple((i, int(rng.integers(0, m))) for i in range(0, n, 3)) if current else ()
    case = Case(one.table, one.capacity, one.minimum, (1,) * n, (), held)
    whole = [solve(case, floor=False), solve(case)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wayfellow.matching.solve.columns.MANY", 0)
        patch.setattr("wayfellow.matching.solve.columns.NEAR", 1)
        patch.setattr("wayfellow.matching.solve.columns._LOCAL", 0.5)
        patch.setattr("wayfellow.matching.solve.floor.FEW", 1)
        patch.setattr("wayfellow.matching.solve.largest.FEW", 1)
        few = [solve(case, floor=False), solve(case)]
    for a, b in zip(whole, few, strict=True):
        assert rank_people_first(case, pairs_of(a.assignment)) == rank_people_first(case, pairs_of(b.assignment))
        assert total(case, pairs_of(a.best)) == total(case, pairs_of(b.best))
    assert total(case, pairs_of(whole[0].assignment), BONUS) == total(case, pairs_of(few[0].assignment), BONUS)
    check_rules(case, pairs_of(few[1].assignment))
