"""Write a result as one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress, islice
from pathlib import Path
from typing import Any

from wayfellow.matching import figures
from wayfellow.matching.charts import load_chart, score_chart
from wayfellow.matching.reasons import NAMED, Fairness
from wayfellow.matching.report_words import lead, title, words_of
from wayfellow.matching.result import MatchResult
from wayfellow.matching.settings import Mode
from wayfellow.matching.topics import topics_of
from wayfellow.matching.why_report import people_helped, weakest_pairs

PAIRS_SHOWN = 500
LEFT_SHOWN = 200


def render_report(
    result: MatchResult, mentee_names: Mapping[str, str], mentor_names: Mapping[str, str], seconds: Mapping[str, float]
) -> str:
    """Return the report as HTML: figures, charts with their tables, who is left out and why, and the pairs.

    ``mentee_names`` and ``mentor_names`` by key. All text is escaped; nothing outside the file is asked for.
    """
    import jinja2  # costs 50 ms, which other commands should not pay

    folder = Path(__file__).parent / "templates"
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    shown: dict[str, Any] = {
        "degraded": sorted(result.degraded.items()),
        "title": title(result),
        "lead": lead(result),
        "words": words_of(result),
        "figures": _figures(result),
        "facts": _facts(result, seconds),
    }
    names = mentee_names, mentor_names
    context = shown | _charts(result) | _people_left(result, mentee_names) | _pairs(result, *names)
    if result.mode == Mode.PEERS:
        # What follows speaks of two sides and their places.
        return environment.get_template("report.html.jinja").render(context, topics=[], ways=[], weakest=[])
    context |= {"topics": topics_of(result.problem)[:NAMED]}
    context |= {"ways": people_helped(result, *names), "weakest": weakest_pairs(result, *names)}
    return environment.get_template("report.html.jinja").render(context)


def _figures(result: MatchResult) -> list[dict[str, str]]:
    quality = result.quality
    share = f"{100 * quality.matched / quality.people:.0f}% of {quality.people:,}" if quality.people else "of nobody"
    places = ("places taken", f"{quality.pairs:,}", f"of {quality.places:,} from {quality.mentors:,} mentors")
    if result.mode == Mode.PEERS:
        places = ("pairs", f"{quality.pairs:,}", "of two people each")
    rows = [
        (f"{words_of(result).ones} matched", f"{quality.matched:,}", share),
        places,
        ("total score", f"{quality.total:,.1f}", f"{quality.percent:.2f}% of the most that is possible"),
        ("median score", _number(quality.median), f"one in ten below {_number(quality.tenth)}"),
        ("worst score", _number(quality.worst), "of the pairs made"),
    ]
    return [{"label": label, "value": value, "note": note} for label, value, note in rows]


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"


def _charts(result: MatchResult) -> dict[str, Any]:
    bins = figures.histogram(result)
    loads = figures.loads(result) if result.mode != Mode.PEERS else []
    shares = figures.rank_shares(result)
    labels = {1: "their first choice", 3: "one of their first 3", 10: "one of their first 10"}
    return {
        "bins": bins,
        "chart": score_chart(bins, result.quality.median or 0.0) if bins else None,
        "loads": loads,
        "load_chart": load_chart(loads) if loads else None,
        "choices": [{"label": labels[limit], "percent": round(100 * share)} for limit, share in shares.items()],
        "fairness": _fairness(result, loads),
    }


def _fairness(result: MatchResult, loads: list[figures.Load]) -> list[tuple[str, str]]:
    quality, fair = result.quality, result.fairness
    return [
        ("Worst score", _number(quality.worst)),
        ("Lowest hundredth", f"{_number(fair.first)} or less"),
        ("Lowest tenth", f"{_number(quality.tenth)} or less"),
        ("Median score", _number(quality.median)),
        ("Spread (Gini, 0 is even)", f"{fair.gini:.3f}"),
        *_floor(fair),
        *_of_mentors(result, fair, loads),
    ]


def _of_mentors(result: MatchResult, fair: Fairness, loads: list[figures.Load]) -> list[tuple[str, str]]:
    if result.mode == Mode.PEERS:
        return []
    quality = result.quality
    wanted = "most wanted mentor" if fair.top_mentors == 1 else f"{fair.top_mentors:,} most wanted mentors"
    used = sum(load.mentors for load in loads if load.mentees)
    most = max((load.mentees for load in loads), default=0)
    return [
        ("First choices", f"{fair.top_share:.0%} fall on the {wanted}"),
        ("Mentors with a mentee", f"{used:,} of {quality.mentors:,}"),
        ("Mentors who are full", f"{fair.full:,}"),
        ("Most mentees of one mentor", f"{most:,}"),
    ]


def _floor(fair: Fairness) -> list[tuple[str, str]]:
    if fair.floor is None:
        return []
    return [("Lowest score allowed", f"{fair.floor:.3f}, for {fair.floor_price:.3f} of the total")]


def _people_left(result: MatchResult, names: Mapping[str, str]) -> dict[str, Any]:
    keys = result.problem.mentees.keys
    counts = figures.causes(result)
    people = [
        {"key": keys[item.mentee], "name": names[keys[item.mentee]], "reason": item.reason}
        for item in result.unmatched[:LEFT_SHOWN]
    ]
    total = len(result.unmatched)
    bars = [{"label": label, "count": n, "percent": round(100 * n / total, 1)} for label, n in counts]
    return {"causes": bars, "left": people, "left_total": total, "left_cut": total > LEFT_SHOWN}


def _pairs(result: MatchResult, mentee_names: Mapping[str, str], mentor_names: Mapping[str, str]) -> dict[str, Any]:
    mentees, mentors = result.problem.mentees.keys, result.problem.mentors.keys
    aligned = zip(
        result.assignment.mentee.tolist(),
        result.assignment.mentor.tolist(),
        result.scores.tolist(),
        result.ranks.tolist(),
        result.locked.tolist(),
        strict=True,
    )
    rows = [
        {
            "mentee": mentee_names[mentees[i]],
            "mentee_key": mentees[i],
            "mentor": mentor_names[mentors[j]],
            "mentor_key": mentors[j],
            "score": f"{score:.3f}",
            "rank": rank,
            "why": result.why(i, j),
            "kept": kept,
        }
        for i, j, score, rank, kept in islice(compress(aligned, result.once.tolist()), PAIRS_SHOWN)
    ]
    total = result.quality.pairs
    return {"pairs": rows, "pairs_total": total, "pairs_cut": total > PAIRS_SHOWN}


def _facts(result: MatchResult, seconds: Mapping[str, float]) -> list[tuple[str, str]]:
    quality = result.quality
    weights = ", ".join(f"{name} {weight:.0%}" for name, weight in result.weights.items()) or "none"
    return [
        ("Scored by", weights),
        ("Time", ", ".join(f"{stage} {value:.1f} s" for stage, value in seconds.items())),
        (
            "Upper bound",
            f"{quality.upper_bound:,.3f}: {figures.UPPER_BOUND}; {quality.ceiling:,.3f} if nobody were full",
        ),
        ("Seed", str(result.problem.seed)),
        ("Input", result.input_hash),
        ("Versions", ", ".join(f"{name} {version}".strip() for name, version in result.versions.items())),
    ]
