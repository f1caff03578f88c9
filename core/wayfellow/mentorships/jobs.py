"""Compute match runs outside requests: load, match, and store all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound, WayfellowError
from wayfellow.jobs.context import JobCancelled
from wayfellow.matching.criteria.service import load_set
from wayfellow.matching.models import MatchRun, RunState
from wayfellow.matching.runs import JOB_KIND, find_cycle, read_settings
from wayfellow.matching.settings import Mode
from wayfellow.matching.tries import is_try
from wayfellow.mentorships.chat_ratings import keyed, read_chats, refused
from wayfellow.mentorships.meetings import earlier_meetings
from wayfellow.mentorships.models import Proposal, TieKind
from wayfellow.mentorships.partners import count_partners, pairs_together
from wayfellow.mentorships.places import read_places
from wayfellow.mentorships.replacing import current_pairs, replaced_drafts
from wayfellow.mentorships.states import move_all
from wayfellow.mentorships.terms import USUAL, Terms, terms_of
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Cycle
from wayfellow.types import JSON, SYSTEM, Job, MatchProblem, MatchState
from wayfellow.words import later

if TYPE_CHECKING:
    from wayfellow.jobs.context import JobContext
    from wayfellow.matching.load import Standing
    from wayfellow.matching.result import MatchResult
    from wayfellow.matching.settings import MatchSettings


def compute_run(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    """Compute the run that the payload names; when it fails or is stopped, the run says so and nothing else is kept."""
    run_id = int(payload["run_id"])
    try:
        return _compute(context, run_id)
    except WayfellowError as error:
        state = RunState.CANCELLED if isinstance(error, JobCancelled) else RunState.FAILED
        _mark(context, run_id, state, None if state is RunState.CANCELLED else str(error))
        raise


def _compute(context: JobContext, run_id: int) -> JSON:
    from wayfellow.matching.pipeline import run_match  # OR-tools and SciPy are for the worker, not for the web

    context.progress("load")
    run = _mark(context, run_id, RunState.RUNNING, None)
    problem, settings = _load(context, run)
    result = run_match(problem, context.deployment.host, settings, context.progress)
    context.progress("store")
    summary: dict[str, JSON] = {"run_id": run_id, "matched": result.quality.matched}
    with context.finish(summary) as tx:
        _store(tx, run_id, result, settings.alternatives)
    return summary


def _load(context: JobContext, run: MatchRun) -> tuple[MatchProblem, MatchSettings]:
    from wayfellow.matching.chemistry.ratings import apply_ratings
    from wayfellow.matching.criteria.applying import apply_criteria, weigh
    from wayfellow.matching.load import Standing

    settings, terms = read_settings(run), terms_of(run)
    with context.deployment.reading(SYSTEM) as tx:
        cycle = find_cycle(tx, run.cycle_id, "matching.run")
        chats = read_chats(tx.session, cycle.id) if settings.ratings_weight is not None else ()
        standing = Standing(
            taken=_taken(tx, cycle.id, terms),
            partners=_partners(tx, cycle.id, terms),
            apart=pairs_together(tx.session, cycle.id, terms) | refused(chats),
            locked=_locked_pairs(tx, run.settings.get("keep_locked_from")),
            current=current_pairs(tx.session, run),
            met=earlier_meetings(tx.session, cycle.programme_id) if settings.mode == Mode.LOTTERY else {},
        )
        problem = _problem(tx, cycle, run, standing)
        chosen = load_set(tx, cycle.programme_id, run.settings.get("criteria_version"))
    host = context.deployment.host
    problem = apply_criteria(problem, chosen, host, run.created_at)
    settings = weigh(settings, chosen, host)
    if settings.ratings_weight is None:
        return problem, settings
    weight, beyond = settings.ratings_weight, settings.beyond_chats
    return apply_ratings(problem, settings, keyed(chats, problem), host, weight=weight, beyond=beyond, private=True)


def _partners(tx: Transaction, cycle_id: int, terms: Terms) -> Mapping[int, int]:
    """Count whom mentees have already; who has a mentor needs no chats."""
    found = count_partners(tx.session, cycle_id, terms)
    if terms.kind is TieKind.CHAT:
        found.update(dict.fromkeys(count_partners(tx.session, cycle_id, USUAL), terms.wanted))
    return found


def _taken(tx: Transaction, cycle_id: int, terms: Terms) -> Mapping[int, int]:
    """Count mentors' places that are taken; one that a mentorship takes is none for chats."""
    found = Counter(read_places(tx.session, cycle_id, terms).taken)
    if terms.kind is TieKind.CHAT:
        taken = read_places(tx.session, cycle_id).taken
        found.update({mentor: terms.per_place * count for mentor, count in taken.items()})
    return found


def _problem(tx: Transaction, cycle: Cycle, run: MatchRun, standing: Standing) -> MatchProblem:
    from wayfellow.matching.load import load_peers, load_problem

    terms = terms_of(run)
    if terms.are_peers:
        return load_peers(tx.session, cycle, standing, terms.asking, seed=run.seed)
    return load_problem(tx.session, cycle, standing, seed=run.seed, wanted=terms.wanted, per_place=terms.per_place)


def _locked_pairs(tx: Transaction, run_id: int | None) -> set[tuple[int, int]]:
    query = select(Proposal.mentee_id, Proposal.mentor_id).where(
        Proposal.run_id == run_id, Proposal.state == MatchState.DRAFTED, Proposal.locked.is_(True)
    )
    return {(one, other) for one, other in tx.session.execute(query)}


def _store(tx: Transaction, run_id: int, result: MatchResult, alternatives: int) -> None:
    """Store a result and its drafts, and, unless it is a try, discard the drafts that it takes the place of."""
    from wayfellow.matching.store import insert_rows, store_result

    run = tx.session.get_one(MatchRun, run_id)
    cycle = find_cycle(tx, run.cycle_id, "matching.run", lock=True)
    store_result(tx, run, result, alternatives)
    discarded = [] if is_try(run) else replaced_drafts(tx.session, run)
    move_all(tx, discarded, MatchState.DISCARDED, cycle.programme_id)
    insert_rows(tx.session, Proposal, _drafts(tx, run, result))
    counts = {"matched": result.quality.matched, "discarded": len(discarded)}
    record(tx, "run.done", "match_run", run.id, cycle.programme_id, number=run.number, **counts)


def _drafts(tx: Transaction, run: MatchRun, result: MatchResult) -> Iterator[dict[str, Any]]:
    from wayfellow.matching.store import chosen_pairs

    now = tx.now()
    same = {"cycle_id": run.cycle_id, "run_id": run.id, "kind": terms_of(run).kind, "state": MatchState.DRAFTED}
    for pair in chosen_pairs(result):
        yield {**same, **pair, "created_at": now, "changed_at": now}


def _mark(context: JobContext, run_id: int, state: RunState, error: str | None) -> MatchRun:
    """Say where a run stands, unless it is done."""
    with context.deployment.transaction(SYSTEM) as tx:
        finished = None if state is RunState.RUNNING else tx.now()
        here = (MatchRun.id == run_id) & (MatchRun.state != RunState.DONE)
        tx.session.execute(update(MatchRun).where(here).values(state=state, error=error, finished_at=finished))
        run = tx.session.get(MatchRun, run_id)
        if run is None:
            raise NotFound("The match run is gone, so there is nothing to compute.")
        return run


JOBS = (Job(JOB_KIND, compute_run, label=later("Match run")),)
