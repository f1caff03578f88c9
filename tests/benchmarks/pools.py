"""Make up whole problems with scores that look like those of texts: 200 topics, most people near their own."""

from __future__ import annotations

import numpy as np

from wayfellow.matching.candidates import Candidates
from wayfellow.types import MatchProblem, Pool

TOPICS = 200


def make(
    mentees: int, mentors: int, share: float = 0.75, k: int = 50, seed: int = 0
) -> tuple[MatchProblem, Candidates]:
    """Return a problem whose places are ``share`` of the mentees, and k candidates of each mentee."""
    rng = np.random.default_rng(seed)
    own, theirs = rng.integers(0, TOPICS, mentees), rng.integers(0, TOPICS, mentors)
    keen, able = rng.uniform(0.5, 1, mentees), rng.uniform(0.5, 1, mentors)
    by_topic = [np.flatnonzero(theirs == topic) for topic in range(TOPICS)]
    rows = []
    for i in range(mentees):
        some = np.unique(np.concatenate([by_topic[own[i]], rng.integers(0, mentors, 2 * k)]))
        scores = np.where(theirs[some] == own[i], 0.25, 0.04) * keen[i] * able[some] * rng.gamma(8, 1 / 8, len(some))
        best = np.argsort(-scores, kind="stable")[:k]
        rows.append((some[best], np.clip(scores[best], 1e-6, 1)))
    capacity = rng.integers(1, 6, mentors)
    capacity = np.maximum(1, np.rint(capacity * mentees * share / capacity.sum())).astype(np.int16)
    nobody = np.zeros((0, 2), np.int64)
    return MatchProblem(_pool("e", mentees), _pool("r", mentors), capacity, nobody, nobody), candidates(rows)


def candidates(rows: list[tuple[np.ndarray, np.ndarray]]) -> Candidates:
    """Return candidates from each mentee's mentors and scores, best first."""
    sizes = np.array([len(mentor) for mentor, _ in rows], np.int64)
    return Candidates(
        indptr=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        mentor=np.concatenate([mentor for mentor, _ in rows]).astype(np.int64),
        micro=np.rint(np.concatenate([score for _, score in rows]) * 1e6).astype(np.int64),
        rank=np.concatenate([np.arange(1, size + 1) for size in sizes]),
        parts={},
        positive=sizes,
        allowed=sizes,
        open=sizes,
        sought=np.bincount(np.concatenate([mentor for mentor, _ in rows])),
    )


def _pool(letter: str, size: int) -> Pool:
    return Pool(np.arange(size), tuple(f"{letter}{i:06}" for i in range(size)), {}, ())
