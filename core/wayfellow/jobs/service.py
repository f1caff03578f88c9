"""Ask for work, follow it, and ask it to stop."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from wayfellow.db import insert_once
from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotFound
from wayfellow.jobs.bell import bell
from wayfellow.jobs.models import JobRow, JobState
from wayfellow.paging import Page, in_order
from wayfellow.privacy.audit import record
from wayfellow.words import gettext

#: What a list of jobs may be sorted by.
SORTS = {"asked": JobRow.id, "kind": JobRow.kind, "state": JobRow.state, "attempts": JobRow.attempts}
#: The states in which a job will not change any more.
FINAL_STATES = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


def ask(
    tx: Transaction,
    kind: str,
    payload: Mapping[str, Any],
    *,
    key: str,
    programme_id: int | None = None,
    not_before: datetime | None = None,
) -> JobRow:
    """Ask for work, in the same transaction as the change that needs it; the same ``key`` again gives the same row.

    ``payload`` is JSON. The calling service has checked that the actor may start this kind of work.
    """
    now = tx.now()
    insert_once(
        tx.session,
        JobRow,
        key=key,
        kind=kind,
        payload=dict(payload),
        run_after=not_before or now,
        programme_id=programme_id,
        created_by=tx.actor.person_id,
        created_at=now,
    )
    _ring(tx)
    return tx.session.scalars(select(JobRow).where(JobRow.key == key)).one()


def get_job(tx: Transaction, job_id: int) -> JobRow:
    """Return a job with its progress, to whoever asked for it or may see work in progress.

    Raises NotFound, NotAllowed.
    """
    return _find(tx, job_id, "jobs.read")


def list_jobs(
    tx: Transaction,
    *,
    programme_id: int | None = None,
    kind: str | None = None,
    kinds: Collection[str] | None = None,
    state: JobState | None = None,
    sort: str = "-asked",
    page: int = 1,
    size: int = 50,
) -> Page[JobRow]:
    """Return jobs: those of a programme, or of the whole deployment.

    ``sort`` is one of :data:`SORTS`, with ``-`` before it for the other way round; the newest stand first. ``kinds``
    narrows to some kinds, no kind at all when it is empty. Raises NotAllowed.
    """
    tx.require("jobs.read", programme_id)
    asked = {JobRow.programme_id: programme_id, JobRow.kind: kind, JobRow.state: state}
    wanted = [column == value for column, value in asked.items() if value is not None]
    if kinds is not None:
        wanted.append(JobRow.kind.in_(kinds))
    total = tx.session.scalar(select(func.count()).select_from(JobRow).where(*wanted)) or 0
    query = select(JobRow).where(*wanted).order_by(*in_order(SORTS, sort, JobRow.id))
    rows = tx.session.scalars(query.limit(size).offset((page - 1) * size)).all()
    return Page(rows, total, page, size)


def count_jobs(tx: Transaction) -> Mapping[str, int]:
    """Return how many jobs of the whole deployment are in each state. Raises NotAllowed."""
    tx.require("jobs.manage")
    return dict(tx.session.execute(select(JobRow.state, func.count()).group_by(JobRow.state)).all())


def start_again(tx: Transaction, job_id: int) -> JobRow:
    """Start a job again that failed or was stopped. Raises NotFound, NotAllowed, Conflict."""
    tx.require("jobs.manage")
    job = _find(tx, job_id, "jobs.manage", lock=True)
    if job.state not in (JobState.FAILED, JobState.CANCELLED):
        raise Conflict(
            gettext(
                "Job %(job_id)s is %(state)s, so it is not started again. Reload the list of work.",
                job_id=job_id,
                state=job.state,
            )
        )
    job.state, job.attempts, job.run_after = JobState.WAITING, 0, tx.now()
    job.error, job.finished_at, job.cancel_asked, job.progress = None, None, False, {}
    tx.session.flush()
    _ring(tx)
    record(tx, "job.started_again", "job", job.id, job.programme_id, kind=job.kind)
    return job


def ask_to_cancel(tx: Transaction, job_id: int) -> JobRow:
    """Ask a job to stop: at once when it waits, at its next sign of progress when it runs; a finished one stays so.

    Raises NotFound, NotAllowed.
    """
    job = _find(tx, job_id, "jobs.cancel", lock=True)
    if job.state not in FINAL_STATES:
        job.cancel_asked = True
    if job.state == JobState.WAITING:
        job.state, job.finished_at = JobState.CANCELLED, tx.now()
    tx.session.flush()
    return job


def _ring(tx: Transaction) -> None:
    waiting_room = bell(tx.session.get_bind().engine)
    tx.tell(lambda host: waiting_room.set())


def _find(tx: Transaction, job_id: int, permission: str, *, lock: bool = False) -> JobRow:
    query = select(JobRow).where(JobRow.id == job_id).execution_options(populate_existing=True)
    job = tx.session.scalar(query.with_for_update() if lock else query)
    if job is None:
        raise NotFound(gettext("There is no job %(job_id)s. Look at the list of work in progress.", job_id=job_id))
    if tx.actor.person_id is None or job.created_by != tx.actor.person_id:
        tx.require(permission, job.programme_id)
    return job
