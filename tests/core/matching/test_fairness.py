"""How evenly a run treats people, against figures by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayfellow.matching.fairness import gini
from wayfellow.matching.pipeline import run_match


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_gini_is_the_mean_difference_of_all_pairs_over_twice_the_mean(scores):
    values = np.sort(np.array(scores, dtype=float))
    apart = np.abs(values[:, None] - values[None, :]).mean()
    by_hand = apart / (2 * values.mean()) if values.any() else 0.0
    assert gini(values) == pytest.approx(by_hand)
    assert 0 <= gini(values) < 1


def test_figures_by_hand(table, make_host, make_problem):
    scores = {("a", "m"): 0.8, ("b", "m"): 0.7, ("b", "n"): 0.6, ("c", "m"): 0.5, ("d", "o"): 0.4}
    mentors = {"m": ("x", 2), "n": ("x", 1), "o": ("x", 0), "p": ("x", 3)}
    result = run_match(make_problem(dict.fromkeys("abcd", "x"), mentors), make_host(table(scores)))
    fairness = result.fairness
    assert result.assignment.mentee.tolist() == [0, 1, 2]
    assert (fairness.idle, fairness.full, fairness.busiest) == (1, 2, 2)
    assert (fairness.top_mentors, fairness.top_share) == (1, 0.75), "three of four want m most"
    assert fairness.first == pytest.approx(np.percentile([0.5, 0.6, 0.8], 1), abs=1e-6)
    assert fairness.tenth == pytest.approx(0.52)
    assert fairness.gini == pytest.approx((-2 * 0.5 + 2 * 0.8) / (3 * 1.9), abs=1e-6)
    assert (fairness.floor, fairness.floor_price) == (0.5, 0), "the lowest score that could not be lifted"


def test_nobody_is_treated_evenly(make_host, make_problem):
    fairness = run_match(make_problem({}, {}), make_host()).fairness
    assert (fairness.first, fairness.gini, fairness.busiest, fairness.top_share) == (None, 0.0, 0, 0.0)
