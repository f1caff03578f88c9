"""Store what a match run found out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from wayfellow.db import Base
from wayfellow.deployment import Transaction
from wayfellow.matching.explain import pairs_to_explain
from wayfellow.matching.models import Candidate, MatchRun, RunState, Unmatched
from wayfellow.matching.result import MatchResult

_ROWS = 5_000
#: So many ways to match more people are kept with a run.
RELAXATIONS = 20


def store_result(tx: Transaction, run: MatchRun, result: MatchResult, alternatives: int) -> None:
    """Store a run's candidates, whom it left over, and what it takes to repeat it; the run is done then.

    Kept are the first ``alternatives`` candidates of each mentee and the chosen ones.
    """
    insert_rows(tx.session, Candidate, _candidates(run.id, result, alternatives))
    insert_rows(tx.session, Unmatched, _unmatched(run.id, result))
    run.state, run.finished_at, run.error = RunState.DONE, tx.now(), None
    run.summary, run.versions = _summary(result), dict(result.versions)
    run.input_hash, run.degraded = result.input_hash, sorted(result.degraded)


def insert_rows(session: Session, model: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    """Insert rows some thousands at a time, so that memory stays bounded."""
    while chunk := list(islice(rows, _ROWS)):
        session.execute(insert(model), chunk)


def chosen_pairs(result: MatchResult) -> Sequence[tuple[int, int, float, bool]]:
    """Return the chosen pairs: ids of mentee and mentor, the score, and whether the pair was locked."""
    mentees = result.problem.mentees.ids[result.assignment.mentee].tolist()
    mentors = result.problem.mentors.ids[result.assignment.mentor].tolist()
    return list(zip(mentees, mentors, result.scores.tolist(), result.locked.tolist(), strict=True))


def _candidates(run_id: int, result: MatchResult, alternatives: int) -> Iterator[dict[str, Any]]:
    kept, chosen = result.candidates, set(result.pairs.tolist())
    mentee, scores, ranks = kept.mentee, kept.score.tolist(), kept.rank.tolist()
    for place in pairs_to_explain(kept, result.pairs, alternatives).tolist():
        pair = int(mentee[place]), int(kept.mentor[place])
        yield {
            "run_id": run_id,
            "mentee_id": int(result.problem.mentees.ids[pair[0]]),
            "mentor_id": int(result.problem.mentors.ids[pair[1]]),
            "score": scores[place],
            "rank": ranks[place],
            "assigned": place in chosen,
            "explanation": [part.as_json() for part in result.explanations.get(pair, ())],
            "rank_for_mentor": result.reasons.mentor_ranks.get(pair),
            "reasons": _reasons(result, pair, is_chosen=place in chosen),
        }


def _reasons(result: MatchResult, pair: tuple[int, int], *, is_chosen: bool) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    if pair in result.reasons.why_not:
        found["why_not"] = result.reasons.why_not[pair].as_json()
    if is_chosen and pair[0] in result.reasons.barred:
        ids = result.problem.mentors.ids
        found["barred"] = [
            [int(ids[one.mentor]), one.score, one.why_not.as_json()] for one in result.reasons.barred[pair[0]]
        ]
    return found or None


def _unmatched(run_id: int, result: MatchResult) -> Iterator[dict[str, Any]]:
    for left in result.unmatched:
        mentee_id = int(result.problem.mentees.ids[left.mentee])
        yield {"run_id": run_id, "mentee_id": mentee_id, "cause": left.cause.value, "reason": left.reason}


def _summary(result: MatchResult) -> dict[str, Any]:
    quality = result.quality
    mentees, mentors = result.problem.mentees.ids.tolist(), result.problem.mentors.ids.tolist()
    return {
        "mentees": quality.people,
        "mentors": quality.mentors,
        "matched": quality.matched,
        "places": quality.places,
        "places_used": quality.pairs,
        "median": quality.median,
        "worst": quality.worst,
        "total": quality.total,
        "upper_bound": quality.upper_bound,
        "fairness": asdict(result.fairness),
        "relaxations": [one.numbered(mentees, mentors).as_json() for one in result.reasons.relaxations[:RELAXATIONS]],
        "quotas": [list(one) for one in quality.quotas],
        "short": len(quality.short),
        "seconds": {stage: round(seconds, 3) for stage, seconds in result.seconds.items()},
    }
