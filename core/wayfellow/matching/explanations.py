"""Read stored explanations of pairs back as the parts that a page shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wayfellow.matching.views import ScorerPart
from wayfellow.people.search import fold
from wayfellow.types import Contribution


def read_parts(stored: Sequence[dict[str, Any]]) -> tuple[ScorerPart, ...]:
    """Return a candidate's parts; each scorer's points are its weight times its own score."""
    return tuple(
        ScorerPart(
            scorer=part["scorer"],
            weight=part["weight"],
            points=part["weight"] * part["score"],
            terms=tuple(Contribution(*term) for term in part["terms"]),
        )
        for part in stored
    )


def search_terms(terms: Iterable[Contribution]) -> str:
    """Return what a search for the reasons of a pair looks through: what both people say, folded, one term a line."""
    return "\n".join(sorted({fold(term.label) for term in terms if term.shared and term.share > 0}))


def top_terms(parts: Iterable[ScorerPart], count: int = 4) -> tuple[str, ...]:
    """Return what both people say themselves and what weighs most over all scorers, the heaviest first, each once."""
    weights: dict[str, float] = {}
    for part in parts:
        for term in part.terms:
            if term.shared and term.share > 0:
                weights[term.label] = weights.get(term.label, 0.0) + term.share
    return tuple(sorted(weights, key=lambda label: (-weights[label], label))[:count])
