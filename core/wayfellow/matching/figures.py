"""Turn a result into the figures that a summary and a report show."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from wayfellow.matching.causes import Cause
from wayfellow.matching.lottery import count_met
from wayfellow.matching.reasons import Fairness, Relaxation
from wayfellow.matching.result import MatchResult
from wayfellow.matching.settings import Mode

UPPER_BOUND = "no other way to match as many people can exceed this sum"
CAUSE_LABELS = {
    Cause.NO_MENTORS: "There is no mentor",
    Cause.NO_PLACES: "No place is offered",
    Cause.NO_SCORER: "Nothing scored the pairs",
    Cause.EMPTY_PROFILE: "Nothing written",
    Cause.EMPTY_MENTORS: "No mentor wrote anything",
    Cause.NOTHING_SHARED: "Nothing in common with any mentor",
    Cause.ALL_FORBIDDEN: "Every mentor in question is excluded",
    Cause.ALL_FULL: "Every mentor in question is full",
    Cause.LEFT_BY_QUOTA: "Left out by a quota",
    Cause.LEFT_BY_GROUP_SIZE: "Too few for another group",
    Cause.ODD_ONE_OUT: "An odd number of people",
    Cause.ALL_PAIRED: "Everybody in question is paired",
    Cause.LEFT_BY_PLUGIN: "Left out by the plugin that chose",
}


@dataclass(frozen=True, slots=True)
class Bin:
    """Hold one bar of a histogram: scores from ``low`` up to ``high``, and how many pairs have one."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Load:
    """Hold how many mentors have so many mentees, and how many of them have a place left."""

    mentees: int
    mentors: int
    spare: int


def summarise(result: MatchResult) -> dict[str, Any]:
    """Return the figures of summary.json, without times and memory."""
    quality = result.quality
    causes = Counter(str(item.cause) for item in result.unmatched)
    return {
        "mode": str(result.mode),
        "people": quality.people,
        "mentors": quality.mentors,
        "places": quality.places,
        "matched": quality.matched,
        "pairs": quality.pairs,
        "unmatched": len(result.unmatched),
        "unmatched_by_cause": dict(sorted(causes.items())),
        "total": round(quality.total, 6),
        "upper_bound": round(quality.upper_bound, 6),
        "upper_bound_means": UPPER_BOUND,
        "percent_of_upper_bound": round(quality.percent, 4),
        "total_if_nobody_were_full": round(quality.ceiling, 6),
        "worst": quality.worst,
        "tenth_percentile": quality.tenth,
        "median": quality.median,
        "floor": quality.floor,
        "floor_price": round(quality.floor_price, 6),
        "floor_price_percent": round(quality.floor_price_percent, 4),
        "below_minimum": list(quality.short),
        "quotas": dict(quality.quotas),
        "current_pairs": quality.current,
        "moved": quality.moved,
        "groups": _groups(result),
        "met_before": count_met(result.problem, result.assignment.mentee, result.assignment.mentor),
        "fairness": _fairness(result.fairness),
        "relaxations": [_relaxation(result, one) for one in result.reasons.relaxations],
        "seed": result.problem.seed,
        "input_hash": result.input_hash,
        "weights": {name: round(weight, 6) for name, weight in result.weights.items()},
        "degraded": dict(sorted(result.degraded.items())),
        "versions": dict(result.versions),
    }


def _groups(result: MatchResult) -> dict[str, int]:
    """Return how many mentees each mentor who leads a group has, by key."""
    if result.mode != Mode.GROUPS:
        return {}
    sizes = Counter(result.assignment.mentor.tolist())
    return {result.problem.mentors.keys[j]: sizes[j] for j in sorted(sizes)}


def _fairness(fairness: Fairness) -> dict[str, Any]:
    """Return the figures of fairness, without the floor, which stands beside them."""
    return {name: value for name, value in asdict(fairness).items() if not name.startswith("floor")}


def _relaxation(result: MatchResult, one: Relaxation) -> dict[str, Any]:
    mentees, mentors = result.problem.mentees.keys, result.problem.mentors.keys
    return one.as_json() | {
        "mentees": [mentees[i] for i in one.mentees],
        "mentor": None if one.mentor is None else mentors[one.mentor],
    }


def histogram(result: MatchResult, bins: int = 10) -> list[Bin]:
    """Return how the chosen scores spread, in equal bins from 0 to the highest, rounded up to a tenth."""
    scores = result.scores[result.once]
    if not len(scores):
        return []
    top = max(0.1, float(np.ceil(scores.max() * 10) / 10))
    counts, edges = np.histogram(scores, bins=bins, range=(0, top))
    return [Bin(float(edges[i]), float(edges[i + 1]), int(count)) for i, count in enumerate(counts)]


def loads(result: MatchResult) -> list[Load]:
    """Return the mentors counted by how many mentees they got."""
    taken = np.bincount(result.assignment.mentor, minlength=len(result.problem.mentors))
    spare = taken < result.problem.capacity
    top = int(taken.max(initial=0))
    return [Load(n, int((taken == n).sum()), int((spare & (taken == n)).sum())) for n in range(top + 1) if len(taken)]


def rank_shares(result: MatchResult) -> dict[int, float]:
    """Return which share of the pairs is a mentee's first, one of the first 3, and one of the first 10 choices."""
    return {limit: float((result.ranks <= limit).mean()) if len(result.ranks) else 0.0 for limit in (1, 3, 10)}


def causes(result: MatchResult) -> list[tuple[str, int]]:
    """Return why people have no mentor, the most frequent cause first."""
    counts = Counter(item.cause for item in result.unmatched)
    return [(CAUSE_LABELS[cause], count) for cause, count in sorted(counts.items(), key=lambda x: (-x[1], x[0]))]


def peak_memory_mb() -> float | None:
    """Return the most memory this process has held so far, in MB of 10^6 bytes; None where nothing tells."""
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6, 1)
