"""Score by shared themes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wayfellow.types import Contribution, Explanation, MatchProblem


def mentions(people: list[list[str]], words: list[str]) -> NDArray[np.float32]:
    """Return which person writes about which theme: 1 or 0, (n_people, n_words)."""
    said = ["\n".join(texts).casefold() for texts in people]
    return np.array([[word.casefold() in text for word in words] for text in said], np.float32).reshape(-1, len(words))


def score(problem: MatchProblem, words: list[str]) -> csr_array:
    """Return the part of each mentee's themes that a mentor shares: float32 (mentees of the block, mentors)."""
    mentees = mentions(problem.mentees.documents(problem.rows), words)
    mentors = problem.once("themes.mentors", lambda: mentions(problem.mentors.documents(), words))
    counts = np.maximum(mentees.sum(axis=1, keepdims=True), 1)
    return csr_array((mentees / counts) @ mentors.T)


def explain(problem: MatchProblem, words: list[str], pairs: NDArray[np.int64]) -> list[Explanation]:
    """Name the themes that each pair shares."""
    mentees, mentors = problem.mentees.documents(), problem.mentors.documents()
    return [_explain(words, *mentions([mentees[i], mentors[j]], words)) for i, j in pairs.tolist()]


def _explain(words: list[str], mentee: NDArray[np.float32], mentor: NDArray[np.float32]) -> Explanation:
    share = 1 / max(float(mentee.sum()), 1)
    shared = [word for word, both in zip(words, mentee * mentor, strict=True) if both]
    return Explanation(share * len(shared), tuple(Contribution(word, share) for word in shared))
