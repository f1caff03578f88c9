"""Turn scores in [0, 1] into whole points that add up, however they are taken apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from wayfellow.matching.views import ScorerPart
from wayfellow_web.words import scorer_name


@dataclass(frozen=True, slots=True)
class Share:
    """Be one reason's part of a score; ``points`` are whole and those of all reasons add up to their scorer's.

    ``rest`` marks what the two people do not both say themselves, or what is put together because it weighs little.
    """

    label: str
    points: int
    share: float
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """Be one scorer's part of a score: ``points`` of at most ``most``; ``share`` is the part in [0, 1]."""

    name: str
    points: int
    most: int
    share: float
    terms: tuple[Share, ...]


def to_points(score: float) -> int:
    """Return a score in [0, 1] as points of 100."""
    return round(100 * score)


def split_points(total: int, shares: Sequence[float]) -> list[int]:
    """Return whole points per share that add up to ``total``: rounded down, then the largest remainders first."""
    whole = sum(shares)
    if not shares or whole <= 0:
        return [0] * len(shares)
    exact = [total * share / whole for share in shares]
    points = [math.floor(one) for one in exact]
    behind = sorted(range(len(shares)), key=lambda i: (points[i] - exact[i], i))
    for i in behind[: total - sum(points)]:
        points[i] += 1
    return points


def why_segments(score: float, parts: Sequence[ScorerPart]) -> list[Segment]:
    """Return the parts of a pair's score with points that add up to the score's, and terms that add up to theirs."""
    points = split_points(to_points(score), [part.points for part in parts])
    return [
        Segment(scorer_name(part.scorer), mine, to_points(part.weight), part.points, _terms(mine, part))
        for part, mine in zip(parts, points, strict=True)
    ]


def _terms(points: int, part: ScorerPart) -> tuple[Share, ...]:
    shares = split_points(points, [term.share for term in part.terms])
    return tuple(
        Share(term.label, mine, term.share, rest=not term.shared) for term, mine in zip(part.terms, shares, strict=True)
    )
