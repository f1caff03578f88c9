"""Ask for match runs, stop them, and say how they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any, Literal, TypeVar

from sqlalchemy import ColumnElement, Row, Select, String, cast, func, select
from sqlalchemy.orm import aliased

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotFound
from wayfellow.jobs.models import JobRow, JobState
from wayfellow.jobs.service import FINAL_STATES, ask, ask_to_cancel
from wayfellow.matching.criteria.service import newest_version, stored_set
from wayfellow.matching.models import MatchRun, RunState
from wayfellow.matching.reasons import Fairness, read_relaxation
from wayfellow.matching.settings import MatchSettings
from wayfellow.matching.tries import ORIGIN, STATE, TryState, check_in_force, check_no_try
from wayfellow.matching.views import JobProgress, RunSummary, RunView
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Cycle, CycleState
from wayfellow.words import gettext

#: The kind of job that computes a run; its payload is {"run_id": id}.
JOB_KIND = "matching.run"
#: The states of a cycle in which people may be matched and agree to it.
MATCHABLE = (CycleState.OPEN, CycleState.CLOSED, CycleState.MATCHING, CycleState.RUNNING)
_LIVE = (RunState.WAITING, RunState.RUNNING)
_KEY = f"{JOB_KIND}:"
R = TypeVar("R", MatchRun, Cycle)


def start_run(
    tx: Transaction,
    cycle_id: int,
    settings: MatchSettings | None = None,
    *,
    seed: int = 0,
    keep_locked_from: int | None = None,
    try_out_of: int | None = None,
    criteria_version: int | Literal["newest"] | None = "newest",
) -> MatchRun:
    """Ask for a match run of a cycle; the job that computes it is written in the same transaction.

    ``keep_locked_from`` names an earlier run of the cycle whose locked drafts must come out paired again; the run takes
    its place, and its settings unless others are given. ``try_out_of`` names a run under review that the new one is a
    try of, which takes the place of nothing. The run goes by the criteria that hold now, unless a version is named
    (None: no criteria).
    Raises Conflict while another run of the cycle is waiting or running, when the cycle is not open to matching, when
    locks are to be kept from a try, or when the run to try otherwise is not under review any more. Raises NotFound for
    a run of another cycle, and for criteria that are not there.
    """
    cycle = find_cycle(tx, cycle_id, "matching.run", lock=True)
    check_matchable(cycle)
    check_alone(tx, cycle_id)
    kept, tried = (_find_of(tx, run_id, cycle_id) for run_id in (keep_locked_from, try_out_of))
    if kept is not None:
        check_no_try(
            kept,
            gettext(
                "Run %(number)s is a try, so it has no locked pairs to keep. Use it in place of the run it came from "
                "first.",
                number=kept.number,
            ),
        )
        settings = settings or read_settings(kept)
    if tried is not None:
        check_in_force(tx.session, tried)
    if criteria_version == "newest":
        criteria_version = newest_version(tx, cycle.programme_id)
    stored_set(tx, cycle.programme_id, criteria_version)  # it is there
    last = tx.session.scalar(select(func.max(MatchRun.number)).where(MatchRun.cycle_id == cycle_id)) or 0
    run = MatchRun(
        cycle_id=cycle_id,
        number=last + 1,
        seed=seed,
        settings={
            "match": asdict(settings or MatchSettings()),
            "keep_locked_from": keep_locked_from,
            "criteria_version": criteria_version,
            ORIGIN: try_out_of,
            STATE: TryState.OPEN if tried is not None else None,
        },
        created_by=tx.actor.person_id,
        created_at=tx.now(),
    )
    tx.session.add(run)
    tx.session.flush()
    ask(tx, JOB_KIND, {"run_id": run.id}, key=f"{_KEY}{run.id}", programme_id=cycle.programme_id)
    record(tx, "run.started", "match_run", run.id, cycle.programme_id, number=run.number)
    return run


def _find_of(tx: Transaction, run_id: int | None, cycle_id: int) -> MatchRun | None:
    if run_id is None:
        return None
    run, _ = find_run(tx, run_id, "matching.run")
    if run.cycle_id != cycle_id:
        raise NotFound(gettext("The run to go on from belongs to another cycle. Choose one of this cycle."))
    return run


def read_settings(run: MatchRun) -> MatchSettings:
    """Return the settings that a run was asked for with."""
    return MatchSettings(**run.settings.get("match", {}))


def cancel_run(tx: Transaction, run_id: int) -> None:
    """Stop a run that is waiting or running; nothing of it is kept. Raises Conflict when it has ended already.

    One that runs stops at its next sign of progress; until then it counts as running.
    """
    run, cycle = find_run(tx, run_id, "matching.run", lock=True)
    job = tx.session.scalars(select(JobRow).where(JobRow.key == f"{_KEY}{run_id}")).one_or_none()
    if run.state not in _LIVE or job is None or job.state in FINAL_STATES:
        raise Conflict(
            gettext("Run %(number)s has ended already. Load the page again to see what it came to.", number=run.number)
        )
    if ask_to_cancel(tx, job.id).state == JobState.CANCELLED:
        run.state, run.finished_at = RunState.CANCELLED, tx.now()
    record(tx, "run.cancelled", "match_run", run_id, cycle.programme_id, number=run.number)


def list_runs(tx: Transaction, cycle_id: int) -> Sequence[RunView]:
    """List the runs of a cycle, newest first, at most 200."""
    find_cycle(tx, cycle_id, "matching.read")
    newest = _views().where(MatchRun.cycle_id == cycle_id).order_by(MatchRun.number.desc()).limit(200)
    return [_view(row) for row in tx.session.execute(newest)]


def get_run(tx: Transaction, run_id: int) -> RunView:
    """Return one run with what it came to and how far its job is."""
    find_run(tx, run_id, "matching.read")
    return _view(tx.session.execute(_views().where(MatchRun.id == run_id)).one())


def _still_there(run: MatchRun) -> str:
    if run.state == RunState.WAITING:
        return gettext("Run %(number)s is still waiting. Wait until it has ended, or stop it first.", number=run.number)
    return gettext("Run %(number)s is still running. Wait until it has ended, or stop it first.", number=run.number)


def find_cycle(tx: Transaction, cycle_id: int, permission: str, *, lock: bool = False) -> Cycle:
    """Return a cycle to someone who may do a thing in its programme, locked against its other writers if asked."""
    cycle = _find(tx, Cycle, cycle_id, lock=lock)
    if cycle is None:
        raise NotFound(gettext("There is no such cycle. Go to the list of programmes."))
    tx.require(permission, cycle.programme_id)
    return cycle


def find_run(tx: Transaction, run_id: int, permission: str, *, lock: bool = False) -> tuple[MatchRun, Cycle]:
    """Return a run and its cycle to someone who may do a thing there, the run locked against other writers if asked."""
    run = _find(tx, MatchRun, run_id, lock=lock)
    if run is None:
        raise NotFound(gettext("There is no such match run. Go to the list of runs."))
    return run, find_cycle(tx, run.cycle_id, permission)


def _find(tx: Transaction, model: type[R], number: int, *, lock: bool) -> R | None:
    query = select(model).where(model.id == number).execution_options(populate_existing=True)
    if lock:
        return tx.session.scalar(query.with_for_update(key_share=True))
    return tx.once((model, number), lambda: tx.session.scalar(query))


def check_matchable(cycle: Cycle) -> None:
    """Raise Conflict unless people of the cycle may be matched now."""
    if cycle.state not in MATCHABLE:
        raise Conflict(f"The cycle {cycle.name} is {cycle.state}, so nobody can be matched in it. Open it first.")


def check_alone(tx: Transaction, cycle_id: int) -> None:
    """Raise Conflict while another run is at work; end those whose job ended without them."""
    at_work = select(MatchRun, JobRow.state).outerjoin(JobRow, _job_of_run())
    for run, job_state in tx.session.execute(at_work.where(MatchRun.cycle_id == cycle_id, MatchRun.state.in_(_LIVE))):
        if job_state is not None and job_state not in FINAL_STATES:
            raise Conflict(_still_there(run))
        run.state = RunState.CANCELLED if job_state == JobState.CANCELLED else RunState.FAILED
        run.finished_at = tx.now()


def _job_of_run() -> ColumnElement[bool]:
    return JobRow.key == _KEY + cast(MatchRun.id, String)


@cache
def _views() -> Select[MatchRun, int, str, str, JobRow, int]:
    """Return the query of runs with all that is shown of them; it is made once, since it is long."""
    creator, publisher, origin = aliased(Person), aliased(Person), aliased(MatchRun)
    return (
        select(MatchRun, Cycle.programme_id, creator.name, publisher.name, JobRow, origin.number)
        .join(Cycle, Cycle.id == MatchRun.cycle_id)
        .outerjoin(creator, creator.id == MatchRun.created_by)
        .outerjoin(publisher, publisher.id == MatchRun.published_by)
        .outerjoin(JobRow, _job_of_run())
        .outerjoin(origin, origin.id == MatchRun.settings[ORIGIN].as_integer())
    )


def _view(row: Row[MatchRun, int, str, str, JobRow, int]) -> RunView:
    run, programme_id, creator, publisher, job, origin = row
    state, error = _state_now(run, job)
    return RunView(
        id=run.id,
        cycle_id=run.cycle_id,
        programme_id=programme_id,
        number=run.number,
        state=state,
        seed=run.seed,
        created_by=creator or "",
        created_at=run.created_at,
        finished_at=run.finished_at,
        published_by=publisher or "",
        published_at=run.published_at,
        summary=_summary(run.summary),
        degraded=tuple(run.degraded),
        error=error,
        input_hash=run.input_hash,
        versions=run.versions,
        kept_from=run.settings.get("keep_locked_from"),
        progress=JobProgress(**job.progress) if job is not None else JobProgress(),
        criteria_version=run.settings.get("criteria_version"),
        settings=read_settings(run),
        try_of=run.settings.get(ORIGIN),
        try_of_number=origin,
        try_state=run.settings.get(STATE),
    )


def _summary(stored: Mapping[str, Any]) -> RunSummary:
    fairness = stored.get("fairness")
    return RunSummary(
        **{
            **stored,
            "fairness": Fairness(**fairness) if fairness else None,
            "relaxations": tuple(read_relaxation(one) for one in stored.get("relaxations", ())),
        }
    )


def _state_now(run: MatchRun, job: JobRow | None) -> tuple[RunState, str | None]:
    """Return the run's state and error; the job knows better when its worker died or it was tried again."""
    if run.state in _LIVE and job is not None:
        return RunState(job.state), job.error
    return RunState(run.state), run.error
