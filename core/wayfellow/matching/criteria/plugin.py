"""Bring criteria to the host. Whatever is slow to import is imported when a run asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from wayfellow.markers import hookimpl
from wayfellow.matching.criteria.kinds import KINDS
from wayfellow.types import BrokenRule, CriterionKind, Explanation, MatchProblem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array


@hookimpl
def register_criteria() -> Iterable[CriterionKind]:
    """Bring the kinds that every deployment starts with."""
    return KINDS


@hookimpl
def score_matches(problem: MatchProblem) -> csr_array | None:
    """Score by the criteria that weigh something; no opinion where none does."""
    from wayfellow.matching.criteria import judging

    return judging.score(problem)


@hookimpl
def forbid_matches(problem: MatchProblem) -> csr_array | None:
    """Forbid the pairs that break a hard criterion."""
    from wayfellow.matching.criteria import judging

    return judging.forbid(problem)


@hookimpl
def explain_forbidden(problem: MatchProblem, pairs: NDArray[np.int64]) -> list[BrokenRule] | None:
    """Name the hard criteria that pairs break."""
    from wayfellow.matching.criteria import judging

    return judging.name_broken(problem, pairs)


@hookimpl
def explain_matches(problem: MatchProblem, pairs: NDArray[np.int64]) -> list[Explanation] | None:
    """Say for each pair what each criterion found, and how much it counts."""
    from wayfellow.matching.criteria import judging

    return judging.explain(problem, pairs)
