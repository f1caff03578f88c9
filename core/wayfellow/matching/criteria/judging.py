"""Ask the criteria of a set about pairs, and put their answers together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from wayfellow.matching.criteria.applying import PLUGIN
from wayfellow.matching.criteria.sets import read_set
from wayfellow.types import BrokenRule, Contribution, Criterion, Explanation, MatchProblem, Verdict

#: So many pairs are judged at once, so that memory stays bounded however many mentors there are.
PAIRS_AT_ONCE = 1 << 20


def score(problem: MatchProblem) -> csr_array | None:
    """Return the weighted mean of what the criteria say of a block, float32; None where nothing weighs anything."""
    weighed = _weighed(problem)
    if not weighed:
        return None
    parts = [csr_array(_mean(part, weighed).astype(np.float32)) for part in _parts(problem)]
    return _stacked(parts, problem, np.float32)


def forbid(problem: MatchProblem) -> csr_array | None:
    """Return the pairs of a block that break a hard criterion, bool; None where none is hard."""
    hard = [one for one in criteria_of(problem) if one.hard]
    if not hard:
        return None
    parts = [csr_array(np.logical_or.reduce([judge(part, one).broken for one in hard])) for part in _parts(problem)]
    return _stacked(parts, problem, bool)


def explain(problem: MatchProblem, pairs: NDArray[np.int64]) -> list[Explanation] | None:
    """Return one contribution of each criterion that weighs something; the shares add up to the score."""
    weighed = _weighed(problem)
    if not weighed:
        return None
    shares = _shares(problem, pairs, weighed)
    return [
        Explanation(
            float(row.sum()),
            tuple(
                Contribution(_said(problem, one, mentee, mentor), share, *_fields(one), shared=False)
                for (one, _), share in zip(weighed, row.tolist(), strict=True)
            ),
        )
        for (mentee, mentor), row in zip(pairs.tolist(), shares, strict=True)
    ]


def name_broken(problem: MatchProblem, pairs: NDArray[np.int64]) -> list[BrokenRule] | None:
    """Return which pairs each hard criterion forbids; None where none is hard."""
    hard = [one for one in criteria_of(problem) if one.hard]
    if not hard:
        return None
    found = _of_pairs(problem, pairs, hard, lambda verdict: verdict.broken).astype(bool)
    return [
        BrokenRule(f"the criterion {label}", found[:, column], partial(_said, problem, one))
        for column, (one, label) in enumerate(zip(hard, _labels(problem, hard), strict=True))
    ]


def criteria_of(problem: MatchProblem) -> Sequence[Criterion]:
    """Return the criteria that a problem's settings hold. Raises InvalidInput for what is no set."""
    if PLUGIN not in problem.settings:
        return ()
    settings = problem.settings[PLUGIN]
    return problem.once(f"{PLUGIN}.set", lambda: read_set(settings, problem.kinds).criteria)


def judge(problem: MatchProblem, criterion: Criterion) -> Verdict:
    """Return what a criterion says of a block; raise ValueError when its kind doesn't keep to the contract."""
    kind = problem.kinds[criterion.kind]
    verdict = kind.judge(problem, criterion)
    if verdict.scores.shape != problem.shape or verdict.broken.shape != problem.shape:
        raise ValueError(f"the kind {kind.key!r} judged {verdict.scores.shape} pairs instead of {problem.shape}")
    if verdict.scores.size and not (verdict.scores.min() >= 0 and verdict.scores.max() <= 1):
        raise ValueError(f"the kind {kind.key!r} gave scores outside [0, 1]")
    return verdict


def parts_of(problem: MatchProblem, rows: slice) -> Iterator[MatchProblem]:
    """Yield rows of the problem in parts that fit into memory."""
    start, stop, _ = rows.indices(len(problem.mentees))
    step = max(1, PAIRS_AT_ONCE // max(1, len(problem.mentors)))
    yield from (problem.block(slice(first, min(first + step, stop))) for first in range(start, stop, step))


def _parts(problem: MatchProblem) -> Iterator[MatchProblem]:
    return parts_of(problem, problem.rows)


def _weighed(problem: MatchProblem) -> list[tuple[Criterion, float]]:
    """Return the criteria that weigh something with their weights, which add up to 1."""
    found = [one for one in criteria_of(problem) if one.weight > 0]
    total = sum(one.weight for one in found)
    return [(one, one.weight / total) for one in found]


def _mean(problem: MatchProblem, weighed: list[tuple[Criterion, float]]) -> NDArray[np.float64]:
    total = np.zeros(problem.shape, dtype=np.float64)
    for one, weight in weighed:
        total += judge(problem, one).scores * np.float64(weight)
    return total


def _shares(
    problem: MatchProblem, pairs: NDArray[np.int64], weighed: list[tuple[Criterion, float]]
) -> NDArray[np.float64]:
    """Return each criterion's share of each pair's score, (pairs, criteria)."""
    scores = _of_pairs(problem, pairs, [one for one, _ in weighed], lambda verdict: verdict.scores)
    return scores * np.array([weight for _, weight in weighed], dtype=np.float64)


def _of_pairs(
    problem: MatchProblem,
    pairs: NDArray[np.int64],
    criteria: Sequence[Criterion],
    what: Callable[[Verdict], NDArray[Any]],
) -> NDArray[np.float64]:
    """Return one part of each criterion's verdict on each pair, (pairs, criteria)."""
    found = np.zeros((len(pairs), len(criteria)), dtype=np.float64)
    if not len(pairs):
        return found
    for part in parts_of(problem, slice(int(pairs[:, 0].min()), int(pairs[:, 0].max()) + 1)):
        here = np.flatnonzero((pairs[:, 0] >= part.rows.start) & (pairs[:, 0] < part.rows.stop))
        if not here.size:
            continue
        for column, one in enumerate(criteria):
            found[here, column] = what(judge(part, one))[pairs[here, 0] - part.rows.start, pairs[here, 1]]
    return found


def _labels(problem: MatchProblem, criteria: Sequence[Criterion]) -> list[str]:
    """Return a name for each criterion that no other of them has."""
    labels: list[str] = []
    for one in criteria:
        kind = problem.kinds[one.kind]
        label = f"{kind.label}, {one.field.replace('_', ' ')}" if one.field else kind.label
        same = sum(known == label or known.startswith(f"{label} (") for known in labels)
        labels.append(f"{label} ({same + 1})" if same else label)
    return labels


def _said(problem: MatchProblem, criterion: Criterion, mentee: int, mentor: int) -> str:
    return problem.kinds[criterion.kind].say(problem, criterion, mentee, mentor)


def _fields(criterion: Criterion) -> tuple[str | None, str | None]:
    return (criterion.field, criterion.field) if criterion.field else (None, None)


def _stacked(parts: list[csr_array], problem: MatchProblem, dtype: Any) -> csr_array:
    return csr_array(vstack(parts, format="csr")) if parts else csr_array(problem.shape, dtype=dtype)
