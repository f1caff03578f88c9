"""Say what the scores of pairs are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from wayfellow.matching.candidates import MICRO, Candidates, Ints
from wayfellow.matching.causes import NOT_EXPLAINED, OTHER_TERMS
from wayfellow.matching.gather import Progress
from wayfellow.matching.result import ScorerPart
from wayfellow.matching.scoring import Scoring
from wayfellow.types import Contribution, Explanation
from wayfellow.uncollected import uncollected

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHUNK = 8192
Parts = tuple[ScorerPart, ...]


@uncollected()
def explain(scoring: Scoring, candidates: Candidates, places: Ints, progress: Progress) -> dict[tuple[int, int], Parts]:
    """Return the explanations of the candidates at ``places`` (k,), by (mentee, mentor).

    Each scorer's terms add up to its weight times its score; what both people say but is not among the
    ``settings.terms`` largest is put together as "other terms", and a scorer that says nothing as "not explained".
    """
    found: dict[tuple[int, int], Parts] = {}
    mentee = candidates.mentee
    for start in range(0, len(places), CHUNK):
        chunk = places[start : start + CHUNK]
        pairs = np.stack([mentee[chunk], candidates.mentor[chunk]], axis=1)
        found.update(_explain_chunk(scoring, candidates, chunk, pairs))
        progress("explain", start + len(chunk), len(places))
    return found


def pairs_to_explain(candidates: Candidates, chosen: Ints, alternatives: int) -> Ints:
    """Return where the chosen pairs and each mentee's first ``alternatives`` candidates stand, in order."""
    first = candidates.indptr[:-1][candidates.mentee]
    position = np.arange(len(candidates.mentor)) - first
    return np.union1d(np.flatnonzero(position < alternatives), chosen).astype(np.int64)


def _explain_chunk(
    scoring: Scoring, candidates: Candidates, chunk: Ints, pairs: NDArray[np.int64]
) -> dict[tuple[int, int], Parts]:
    said = scoring.explain(pairs)
    weights, terms = scoring.weights, scoring.settings.terms
    micro = candidates.micro[chunk].tolist()
    scores = {name: candidates.parts[name][chunk].tolist() for name in weights}
    return {
        (mentee, mentor): tuple(
            _part(name, weight, scores[name][row], _of(said, name, row), terms) for name, weight in weights.items()
        )
        for row, (mentee, mentor) in enumerate(pairs.tolist())
        if micro[row]
    }


def _of(said: Mapping[str, Sequence[Explanation]], name: str, row: int) -> Explanation | None:
    return said[name][row] if name in said else None


def _part(scorer: str, weight: float, score: float, said: Explanation | None, limit: int) -> ScorerPart:
    whole = weight * score
    if said is None:
        return ScorerPart(scorer, weight, score, (Contribution(NOT_EXPLAINED, whole, shared=False),) if whole else ())
    shared = sorted((one for one in said.contributions if one.shared), key=lambda one: (-abs(one.share), one.label))
    shown = [*shared[:limit], *(one for one in said.contributions if not one.shared)]
    terms = tuple(shown if weight == 1 else (_weighted(one, weight) for one in shown))
    rest = whole - sum(one.share for one in terms)
    if abs(rest) * MICRO >= 1 or len(shared) > limit:
        terms += (Contribution(OTHER_TERMS, rest, shared=False),)
    return ScorerPart(scorer, weight, score, terms)


def _weighted(one: Contribution, weight: float) -> Contribution:
    return Contribution(one.label, weight * one.share, one.mentee_field, one.mentor_field, one.shared)
