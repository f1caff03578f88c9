"""Ask for match runs, stop them, and say how they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, cast, func, select
from sqlalchemy.orm import aliased

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput, NotFound
from wayfellow.jobs.models import JobRow, JobState
from wayfellow.jobs.service import FINAL_STATES, ask, ask_to_cancel
from wayfellow.matching.criteria.service import newest_version
from wayfellow.matching.models import MatchRun, RunState
from wayfellow.matching.reasons import Fairness, read_relaxation
from wayfellow.matching.settings import STORED_MODES, MatchSettings
from wayfellow.matching.views import JobProgress, RunSummary, RunView
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Cycle, CycleState

#: The kind of job that computes a run; its payload is {"run_id": id}.
JOB_KIND = "matching.run"
#: The states of a cycle in which people may be matched and agree to it.
MATCHABLE = (CycleState.OPEN, CycleState.CLOSED, CycleState.MATCHING, CycleState.RUNNING)
_LIVE = (RunState.WAITING, RunState.RUNNING)
_KEY = f"{JOB_KIND}:"


def start_run(
    tx: Transaction,
    cycle_id: int,
    settings: MatchSettings | None = None,
    *,
    seed: int = 0,
    keep_locked_from: int | None = None,
) -> MatchRun:
    """Ask for a match run of a cycle; the job that computes it is written in the same transaction.

    The run goes by the criteria that hold now. ``keep_locked_from`` names an earlier run of the cycle whose locked
    drafts must come out paired again.
    Raises Conflict while another run of the cycle is waiting or running, or when the cycle is not open to matching,
    and InvalidInput for a mode that needs more than the database holds.
    """
    cycle = find_cycle(tx, cycle_id, "matching.run", lock=True)
    check_matchable(cycle)
    if settings is not None and settings.mode not in STORED_MODES:
        raise InvalidInput(f"Runs of a cycle can't have the mode {settings.mode}. Use wayfellow match, from files.")
    _check_alone(tx, cycle_id)
    if keep_locked_from is not None and find_run(tx, keep_locked_from, "matching.run")[0].cycle_id != cycle_id:
        raise NotFound("The run whose locked pairs are to be kept belongs to another cycle. Choose one of this cycle.")
    last = tx.session.scalar(select(func.max(MatchRun.number)).where(MatchRun.cycle_id == cycle_id)) or 0
    run = MatchRun(
        cycle_id=cycle_id,
        number=last + 1,
        seed=seed,
        settings={
            "match": asdict(settings or MatchSettings()),
            "keep_locked_from": keep_locked_from,
            "criteria_version": newest_version(tx, cycle.programme_id),
        },
        created_by=tx.actor.person_id,
        created_at=tx.now(),
    )
    tx.session.add(run)
    tx.session.flush()
    ask(tx, JOB_KIND, {"run_id": run.id}, key=f"{_KEY}{run.id}", programme_id=cycle.programme_id)
    record(tx, "run.started", "match_run", run.id, cycle.programme_id, number=run.number)
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
        raise Conflict(f"Run {run.number} has ended already. Load the page again to see what it came to.")
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


def find_cycle(tx: Transaction, cycle_id: int, permission: str, *, lock: bool = False) -> Cycle:
    """Return a cycle to someone who may do a thing in its programme, locked against its other writers if asked."""
    query = select(Cycle).where(Cycle.id == cycle_id).execution_options(populate_existing=True)
    cycle = tx.session.scalar(query.with_for_update(key_share=True) if lock else query)
    if cycle is None:
        raise NotFound("There is no such cycle. Go to the list of programmes.")
    tx.require(permission, cycle.programme_id)
    return cycle


def find_run(tx: Transaction, run_id: int, permission: str, *, lock: bool = False) -> tuple[MatchRun, Cycle]:
    """Return a run and its cycle to someone who may do a thing there, the run locked against other writers if asked."""
    query = select(MatchRun).where(MatchRun.id == run_id).execution_options(populate_existing=True)
    run = tx.session.scalar(query.with_for_update(key_share=True) if lock else query)
    if run is None:
        raise NotFound("There is no such match run. Go to the list of runs.")
    return run, find_cycle(tx, run.cycle_id, permission)


def check_matchable(cycle: Cycle) -> None:
    """Raise Conflict unless people of the cycle may be matched now."""
    if cycle.state not in MATCHABLE:
        raise Conflict(f"The cycle {cycle.name} is {cycle.state}, so nobody can be matched in it. Open it first.")


def _check_alone(tx: Transaction, cycle_id: int) -> None:
    """Raise Conflict while another run is at work; end those whose job ended without them."""
    at_work = select(MatchRun, JobRow.state).outerjoin(JobRow, _job_of_run())
    for run, job_state in tx.session.execute(at_work.where(MatchRun.cycle_id == cycle_id, MatchRun.state.in_(_LIVE))):
        if job_state is not None and job_state not in FINAL_STATES:
            raise Conflict(f"Run {run.number} is still {run.state}. Wait until it has ended, or stop it first.")
        run.state = RunState.CANCELLED if job_state == JobState.CANCELLED else RunState.FAILED
        run.finished_at = tx.now()


def _job_of_run() -> ColumnElement[bool]:
    return JobRow.key == _KEY + cast(MatchRun.id, String)


def _views() -> Select[MatchRun, int, str, str, JobRow]:
    creator, publisher = aliased(Person), aliased(Person)
    return (
        select(MatchRun, Cycle.programme_id, creator.name, publisher.name, JobRow)
        .join(Cycle, Cycle.id == MatchRun.cycle_id)
        .outerjoin(creator, creator.id == MatchRun.created_by)
        .outerjoin(publisher, publisher.id == MatchRun.published_by)
        .outerjoin(JobRow, _job_of_run())
    )


def _view(row: Row[MatchRun, int, str, str, JobRow]) -> RunView:
    run, programme_id, creator, publisher, job = row
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
