"""Bring the ratings of chats to the host, as a scorer among others. What is slow is imported when a run asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wayfellow.markers import hookimpl
from wayfellow.types import Explanation, MatchProblem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array


@hookimpl
def score_matches(problem: MatchProblem) -> csr_array | None:
    """Score by how people rated their chats; no opinion in a run without ratings."""
    from wayfellow.matching.chemistry import judging

    return judging.score(problem)


@hookimpl
def forbid_matches(problem: MatchProblem) -> csr_array | None:
    """Forbid pairs of whom one gave the lowest rating and, unless it is asked otherwise, those who had no chat."""
    from wayfellow.matching.chemistry import judging

    return judging.forbid(problem)


@hookimpl
def explain_matches(problem: MatchProblem, pairs: NDArray[np.int64]) -> list[Explanation] | None:
    """Say for each pair how the two rated their chat."""
    from wayfellow.matching.chemistry import judging

    return judging.explain(problem, pairs)
