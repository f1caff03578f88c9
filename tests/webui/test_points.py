"""Whole points that add up."""

from hypothesis import given
from hypothesis import strategies as st

from wayfellow.matching.views import ScorerPart
from wayfellow.types import Contribution
from wayfellow_web.points import split_points, to_points, why_segments

SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@given(st.integers(0, 100), SHARES)
def test_points_add_up_and_are_near_the_truth(total: int, shares: list[float]) -> None:
    points, whole = split_points(total, shares), sum(shares)
    if whole <= 0:
        assert points == [0] * len(shares)
        return
    assert sum(points) == total
    assert all(abs(point - total * share / whole) < 1 + 1e-6 for point, share in zip(points, shares, strict=True))


def test_nothing_is_split_into_nothing() -> None:
    assert split_points(7, []) == []


def test_scorers_and_their_terms_add_up_to_the_score() -> None:
    terms = (Contribution("sql", 0.3), Contribution("care", 0.2), Contribution("other terms", 0.055, shared=False))
    parts = (
        ScorerPart("tfidf", 0.75, 0.555, terms),
        ScorerPart("time_zones", 0.25, 0.2),
    )
    first, second = why_segments(0.755, parts)
    assert first.points + second.points == to_points(0.755) == 76
    assert sum(term.points for term in first.terms) == first.points
    assert [term.rest for term in first.terms] == [False, False, True]
    assert (first.name, first.most, second.name, second.most) == ("Goals and expertise", 75, "Time zones", 25)
