"""A run, from people to explained pairs."""

from wayfellow.matching.pipeline import run_match
from wayfellow.matching.result import Cause


def test_pairs_are_chosen_and_explained(words_host, make_problem):
    problem = make_problem(
        {"ann": "sql data", "bob": "data cooking", "cy": "", "dee": "chess", "eve": "sql"},
        {"mo": ("sql data model", 1), "nia": ("cooking", 2), "oz": ("zen", 0)},
    )
    result = run_match(problem, words_host)
    pairs = zip(result.assignment.mentee.tolist(), result.assignment.mentor.tolist(), strict=True)
    assert list(pairs) == [(0, 0), (1, 1)]
    assert result.scores.tolist() == [0.666667, 0.5]
    assert result.why(0, 0) == "data (50%), sql (50%)"
    assert [(item.mentee, item.cause) for item in result.unmatched] == [
        (2, Cause.EMPTY_PROFILE),
        (3, Cause.NOTHING_SHARED),
        (4, Cause.ALL_FULL),
    ]
