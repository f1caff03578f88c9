"""Measure how evenly a run treats people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wayfellow.matching.candidates import MICRO, Candidates, Ints
from wayfellow.matching.reasons import Fairness

#: Of all mentors, the part that counts as the most wanted.
TOP = 10


def measure_fairness(candidates: Candidates, chosen: Ints, capacity: NDArray[np.int16]) -> Fairness:
    """Return the figures of the chosen candidates (k,) under mentors' capacity (n_mentors,)."""
    scores = np.sort(candidates.micro[chosen]) / MICRO
    taken = np.bincount(candidates.mentor[chosen], minlength=len(capacity))
    first, tenth = np.percentile(scores, [1, TOP]) if len(scores) else (None, None)
    offers = capacity > 0
    top_mentors, top_share = _most_wanted(candidates, len(capacity))
    return Fairness(
        first=None if first is None else round(float(first), 6),
        tenth=None if tenth is None else round(float(tenth), 6),
        gini=round(gini(scores), 6),
        idle=int((offers & (taken == 0)).sum()),
        full=int((offers & (taken >= capacity)).sum()),
        busiest=int(taken.max(initial=0)),
        top_mentors=top_mentors,
        top_share=round(top_share, 6),
    )


def gini(values: NDArray[np.float64]) -> float:
    """Return the Gini coefficient of values from low to high: 0 when all are alike, (n - 1) / n when one has all.

    G = sum over i of (2 i - n - 1) x_i / (n sum x), with i from 1. Source: Sen, On Economic Inequality (1973), ch. 2.
    """
    n, total = len(values), float(values.sum())
    if not total:
        return 0.0
    steps = 2 * np.arange(1, n + 1) - n - 1
    return float((steps * values).sum() / (n * total))


def _most_wanted(candidates: Candidates, mentors: int) -> tuple[int, float]:
    """Return how many mentors the top tenth is, rounded up, and which share of first choices falls on them."""
    is_first = (candidates.rank == 1) & (candidates.micro > 0)
    wishes = np.bincount(candidates.mentor[is_first], minlength=mentors)
    top = -(-mentors // TOP)
    total = int(wishes.sum())
    return top, float(np.sort(wishes)[::-1][:top].sum() / total) if total else 0.0
