"""Store what a match run found out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import insert
from sqlalchemy.orm import Session

from wayfellow.db import Base
from wayfellow.deployment import Transaction
from wayfellow.matching.explain import pairs_to_explain
from wayfellow.matching.explanations import search_terms
from wayfellow.matching.models import Candidate, MatchRun, RunState, Unmatched
from wayfellow.matching.result import MatchResult
from wayfellow.matching.settings import Mode

_ROWS = 5_000
#: So many ways to match more people are kept with a run.
RELAXATIONS = 20


def store_result(tx: Transaction, run: MatchRun, result: MatchResult, alternatives: int) -> None:
    """Store a run's candidates, whom it left over, and what it takes to repeat it; the run is done then.

    Kept are the first ``alternatives`` candidates of each mentee, their alternates and the chosen ones.
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


def chosen_pairs(result: MatchResult) -> Iterator[dict[str, Any]]:
    """Yield what a proposal takes over from each chosen pair; people by their ids, of peers the smaller one first."""
    mentees, mentors = result.problem.mentees.ids, result.problem.mentors.ids
    columns = result.assignment.mentee, result.assignment.mentor, result.scores, result.ranks, result.locked
    for i, j, score, rank, locked in zip(*(column.tolist() for column in columns), strict=True):
        if result.mode == Mode.PEERS and mentees[i] > mentors[j]:
            continue
        terms = (term for part in result.explanations.get((i, j), ()) for term in part.terms)
        found = {"mentee_id": int(mentees[i]), "mentor_id": int(mentors[j]), "score": score, "rank": rank}
        yield found | {"locked": locked, "search": search_terms(terms)}


def _candidates(run_id: int, result: MatchResult, alternatives: int) -> Iterator[dict[str, Any]]:
    kept, chosen = result.candidates, set(result.pairs.tolist())
    mentee, scores, ranks = kept.mentee, kept.score.tolist(), kept.rank.tolist()
    for place in pairs_to_explain(kept, np.union1d(result.pairs, result.alternates), alternatives).tolist():
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
    return (found | _others(result, pair[0]) if is_chosen else found) or None


def _others(result: MatchResult, mentee: int) -> dict[str, Any]:
    """Return whom a mentee did not get though they scored higher: who was allowed, and who was not."""
    ids = result.problem.mentors.ids
    found: dict[str, Any] = {}
    if mentee in result.reasons.better:
        found["better"] = [
            [int(ids[mentor]), score, rank, result.reasons.why_not[mentee, mentor].as_json()]
            for mentor, score, rank in result.reasons.better[mentee]
        ]
    if mentee in result.reasons.barred:
        found["barred"] = [
            [int(ids[one.mentor]), one.score, one.why_not.as_json()] for one in result.reasons.barred[mentee]
        ]
    return found


def _unmatched(run_id: int, result: MatchResult) -> Iterator[dict[str, Any]]:
    for left in result.unmatched:
        mentee_id = int(result.problem.mentees.ids[left.mentee])
        others = _others(result, left.mentee) or None
        said = {"cause": left.cause.value, "reason": left.reason, "reasons": others}
        yield {"run_id": run_id, "mentee_id": mentee_id, **said}


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
        "current": quality.current,
        "moved": quality.moved,
        "total": quality.total,
        "upper_bound": quality.upper_bound,
        "fairness": asdict(result.fairness),
        "relaxations": [one.numbered(mentees, mentors).as_json() for one in result.reasons.relaxations[:RELAXATIONS]],
        "unpriced": result.reasons.unpriced or "",
        "quotas": [list(one) for one in quality.quotas],
        "short": len(quality.short),
        "seconds": {stage: round(seconds, 3) for stage, seconds in result.seconds.items()},
    }
