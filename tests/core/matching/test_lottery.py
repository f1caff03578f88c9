"""Pairs by lot: nobody twice while it can be helped, and what must hold holds."""

import random
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from match_cases import all_choices, as_pairs, cases, people
from scipy.sparse import csr_array

from wayfellow.markers import hookimpl
from wayfellow.matching.causes import Cause
from wayfellow.matching.lottery import draw, ranked_lots
from wayfellow.matching.pipeline import run_match
from wayfellow.matching.problem import input_hash
from wayfellow.matching.settings import MatchSettings

LOTTERY = MatchSettings(mode="lottery", alternatives=0)
MENTEES = {f"e{i}": "" for i in range(6)}
MENTORS = {f"m{j}": ("", 1) for j in range(6)}


def keyed(result):
    mentees, mentors = result.problem.mentees.keys, result.problem.mentors.keys
    pairs = zip(result.assignment.mentee.tolist(), result.assignment.mentor.tolist(), strict=True)
    return {mentees[i]: mentors[j] for i, j in pairs}


class Forbids:
    """Forbid two people one mentor."""

    @hookimpl
    def forbid_matches(self, problem):
        keys = problem.mentees.keys[problem.rows]
        return csr_array(np.array([[j == "m0" and i in ("e0", "e1") for j in problem.mentors.keys] for i in keys]))


def test_nobody_meets_twice_until_all_have_met_and_then_the_longest_ago_meets_first(make_host, make_problem):
    rounds = []
    for _ in range(12):
        met = {pair: ago for ago, pairs in reversed(list(enumerate(reversed(rounds), 1))) for pair in pairs}
        problem = make_problem(MENTEES, MENTORS, met=met, seed=len(rounds))
        rounds.append(set(keyed(run_match(problem, make_host(), LOTTERY)).items()))
    assert len(set.union(*rounds[:6])) == 36
    assert rounds[6:] == rounds[:6]


@settings(deadline=None, max_examples=150)
@given(case=cases(people=3, minima=False), seed=st.integers(0, 99), data=st.data())
def test_as_many_as_possible_are_paired_and_as_few_as_possible_again(make_host, case, seed, data):
    pairs = [tuple(pair) for pair in np.argwhere(case.table > 0)]
    met = data.draw(st.dictionaries(st.sampled_from(pairs), st.integers(1, 3))) if pairs else {}
    locked = set(case.locked)
    barred = [pair for pair in np.argwhere(case.table == 0).tolist() if tuple(pair) not in locked]
    problem = replace(
        case.problem,
        seed=seed,
        current=np.zeros((0, 2), np.int64),
        excluded=as_pairs(barred),
        mentees=replace(case.problem.mentees, ids=np.arange(100, 100 + len(case.wanted))),
        met=np.array(sorted((*pair, ago) for pair, ago in met.items()), np.int64).reshape(-1, 3),
    )
    found = run_match(problem, make_host(), LOTTERY).assignment
    chosen = set(zip(found.mentee.tolist(), found.mentor.tolist(), strict=True))
    choices = list(all_choices(case))
    assert chosen in choices

    def worth(choice):
        return people(choice), len(choice), -len(choice & met.keys() - locked)

    assert worth(chosen) == max(map(worth, choices))


def test_a_rule_an_exclusion_and_a_kept_pair_hold(make_host, make_problem):
    host = make_host(Forbids())
    for seed in range(8):
        problem = make_problem(
            {"e0": "", "e1": "", "e2": ""},
            {"m0": ("", 2), "m1": ("", 1), "m2": ("", 0)},
            excluded=[("e0", "m1")],
            locked=[("e2", "m0")],
            seed=seed,
        )
        result = run_match(problem, host, LOTTERY)
        assert keyed(result) == {"e1": "m1", "e2": "m0"}
        assert [item.cause for item in result.unmatched] == [Cause.NO_PLACES]
        assert result.unmatched[0].reason == "The only mentor offers no place."


def test_the_seed_decides_and_the_order_of_people_does_not(make_host, make_problem):
    drawn = {seed: keyed(run_match(make_problem(MENTEES, MENTORS, seed=seed), make_host(), LOTTERY)) for seed in (1, 2)}
    shuffled = [dict(random.Random(5).sample(list(side.items()), 6)) for side in (MENTEES, MENTORS)]
    again = run_match(make_problem(*shuffled, seed=1), make_host(), LOTTERY)
    assert keyed(again) == drawn[1] != drawn[2]
    assert again.input_hash != input_hash(again.problem, MatchSettings(alternatives=0))


def test_lots_are_even_and_the_same_whatever_the_block(make_problem):
    problem = make_problem({f"e{i}": "" for i in range(300)}, {f"m{j}": ("", 1) for j in range(200)}, seed=3)
    lots = draw(problem).toarray()
    counts, _ = np.histogram(lots, bins=10, range=(0.5, 1))
    assert counts.sum() == lots.size
    assert abs(counts - 6000).max() < 400
    assert np.array_equal(draw(problem.block(slice(120, 130))).toarray(), lots[120:130])


@given(pairs=st.integers(1, 1_000_000), mentors=st.integers(1, 1_000_000))
def test_one_new_pair_outweighs_all_others_and_sums_stay_in_bounds(pairs, mentors):
    low, high, fresh, best = ranked_lots(np.array([1, 490_000, 500_001, 1_000_000]), pairs, pairs + mentors).tolist()
    assert 0 < low <= high < fresh <= best
    for others in (0, pairs - 1):
        left = pairs - 1 - others
        assert (others + 1) * fresh + left * low > others * best + (left + 1) * high
    if pairs + mentors <= 200_000:
        assert pairs * best * (pairs + mentors) < 2**63
