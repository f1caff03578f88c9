"""Find the faults of a scorer by asking it about made-up people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wayfellow.host.answers import check_explanations, check_scores
from wayfellow.host.errors import BadAnswer, describe
from wayfellow.testing.problems import match_problem
from wayfellow.types import MatchProblem, Pool

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Score = Callable[[MatchProblem], Any]
Explain = Callable[..., Any]

#: Scores are float32, and sums of shares are taken in another order than scores.
TOLERANCE = 1e-4


def find_faults(score: Score, explain: Explain | None = None) -> Iterator[str]:
    """Yield a sentence for each way in which a scorer, and its explanations, break the contract."""
    for sizes in ((0, 0), (0, 3), (3, 0), (1, 1), (40, 7)):
        try:
            _scores(score, match_problem(*sizes))
        except Exception as error:
            yield f"for {sizes[0]} mentees and {sizes[1]} mentors it fails: {describe(error)}"
            return
    problem = match_problem(40, 7, seed=1)
    whole = _scores(score, problem)
    yield from _differences(score, problem, whole)
    if explain is not None:
        yield from _unexplained(explain, problem, whole)


def _scores(score: Score, problem: MatchProblem) -> NDArray[np.float32]:
    answer = score(replace(problem, memo={}))
    if answer is None:
        raise BadAnswer("it has no opinion on people with texts")
    dense: NDArray[np.float32] = check_scores(answer, problem.shape).toarray()
    return dense


def _differences(score: Score, problem: MatchProblem, whole: NDArray[np.float32]) -> Iterator[str]:
    import numpy as np

    if not np.array_equal(_scores(score, problem), whole):
        yield "it scores the same people differently when it is asked again"
    block = slice(10, 25)
    if not np.allclose(_scores(score, problem.block(block)), whole[block], atol=TOLERANCE):
        yield "it scores a block of mentees differently than all of them at once"
    asked = np.arange(7) % 3 == 0
    if not np.allclose(_scores(score, problem.block(block, asked))[:, asked], whole[block][:, asked], atol=TOLERANCE):
        yield "it scores mentors differently when they alone are asked for"
    mentees, mentors = np.arange(40)[::-1], np.roll(np.arange(7), 3)
    moved = replace(problem, mentees=_moved(problem.mentees, mentees), mentors=_moved(problem.mentors, mentors))
    if not np.allclose(_scores(score, moved), whole[mentees][:, mentors], atol=TOLERANCE):
        yield "it scores people differently when they stand in another order"


def _moved(pool: Pool, order: NDArray[np.int64]) -> Pool:
    places = order.tolist()
    fields = {name: [texts[place] for place in places] for name, texts in pool.fields.items()}
    return replace(pool, ids=pool.ids[order], keys=tuple(pool.keys[place] for place in places), fields=fields)


def _unexplained(explain: Explain, problem: MatchProblem, whole: NDArray[np.float32]) -> Iterator[str]:
    import numpy as np

    pairs = np.array([(mentee, mentor) for mentee in (0, 3, 39) for mentor in range(7)], dtype=np.int64)
    answer = explain(problem=replace(problem, memo={}), pairs=pairs)
    if answer is None:
        yield "it scores these people, and has no opinion when it is asked to explain"
        return
    for (mentee, mentor), explanation in zip(pairs, check_explanations(answer, len(pairs)), strict=True):
        total = sum(contribution.share for contribution in explanation.contributions)
        if abs(explanation.score - whole[mentee, mentor]) > TOLERANCE:
            yield f"it explains the score {explanation.score:g} where it gave {whole[mentee, mentor]:g}"
            return
        if abs(total - explanation.score) > TOLERANCE:
            yield f"the shares of an explanation add up to {total:g} instead of {explanation.score:g}"
            return
