"""Read stored explanations of pairs back as the parts that a page shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wayfellow.matching.causes import NOT_EXPLAINED, OTHER_TERMS
from wayfellow.matching.views import ScorerPart, Term

#: The labels of what is left of a score once its terms are named.
REMAINDERS = frozenset({OTHER_TERMS, NOT_EXPLAINED})


def read_parts(stored: Sequence[dict[str, Any]]) -> tuple[ScorerPart, ...]:
    """Return a candidate's parts; each scorer's points are its weight times its own score."""
    return tuple(
        ScorerPart(
            scorer=part["scorer"],
            weight=part["weight"],
            points=part["weight"] * part["score"],
            terms=tuple(Term(label, share) for label, share in part["terms"]),
        )
        for part in stored
    )


def top_terms(parts: Iterable[ScorerPart], count: int = 4) -> tuple[str, ...]:
    """Return the labels that weigh most over all scorers, the heaviest first, each once."""
    weights: dict[str, float] = {}
    for part in parts:
        for term in part.terms:
            if term.label not in REMAINDERS and term.share > 0:
                weights[term.label] = weights.get(term.label, 0.0) + term.share
    return tuple(sorted(weights, key=lambda label: (-weights[label], label))[:count])
