"""Take jobs by lease, and settle them only while the lease is one's own.

A worker that dies keeps its lease until it runs out; then another takes the job: each job runs at least once. Its
effect happens once, because effect and ``done`` are one transaction that begins by showing the lease's token.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from wayfellow.jobs.models import JobRow, JobState

#: How often a job is tried, counting those tries whose worker died.
MAX_ATTEMPTS = 5


class LeaseLost(BaseException):
    """Say that the job belongs to another worker, so that nothing may be written for it here.

    It is no Exception, so that a job's own ``except Exception`` lets it pass.
    """


@dataclass(frozen=True, slots=True)
class Taken:
    """Hold a job that this worker has the lease of."""

    id: int
    kind: str
    payload: Mapping[str, Any]
    token: str
    attempts: int
    asked_by: int | None
    cancel_asked: bool


def take(session: Session, kinds: Collection[str], now: datetime, lease: timedelta) -> Taken | None:
    """Take the job that is due the longest, or whose lease ran out; None when there is none."""
    due = and_(JobRow.state == JobState.WAITING, JobRow.run_after <= now)
    left_behind = and_(JobRow.state == JobState.RUNNING, JobRow.lease_until < now)
    first = select(JobRow.id).where(JobRow.kind.in_(kinds), or_(due, left_behind))
    first = first.order_by(JobRow.run_after, JobRow.id).limit(1).with_for_update(skip_locked=True)
    token = str(uuid.uuid4())
    taken = update(JobRow).where(JobRow.id == first.scalar_subquery())
    row = session.execute(
        taken.values(
            state=JobState.RUNNING, lease_until=now + lease, lease_token=token, attempts=JobRow.attempts + 1
        ).returning(JobRow.id, JobRow.kind, JobRow.payload, JobRow.attempts, JobRow.created_by, JobRow.cancel_asked)
    ).one_or_none()
    if row is None:
        return None
    return Taken(row.id, row.kind, row.payload, token, row.attempts, row.created_by, row.cancel_asked)


def renew(session: Session, job: Taken, until: datetime, **values: Any) -> bool:
    """Make the lease longer, and tell whether someone asked the job to stop. Raises LeaseLost."""
    return _write(session, job, lease_until=until, **values)


def settle(session: Session, job: Taken, state: JobState, at: datetime, **values: Any) -> bool:
    """Put a job into a final state and give up the lease; tell whether someone asked it to stop. Raises LeaseLost."""
    return _write(session, job, state=state, finished_at=at, lease_until=None, lease_token=None, **values)


def put_back(session: Session, job: Taken, not_before: datetime, *, attempts: int, error: str | None) -> None:
    """Give up the lease so that the job is tried again, not before a moment. Raises LeaseLost."""
    free = {"state": JobState.WAITING, "lease_until": None, "lease_token": None}
    _write(session, job, **free, run_after=not_before, attempts=attempts, error=error)


def wait_before(attempt: int) -> timedelta:
    """Return how long to wait after a failed attempt (counted from 1): 2, 8, 32, 128 seconds."""
    return timedelta(seconds=2 * 4 ** (attempt - 1))


def _write(session: Session, job: Taken, **values: Any) -> bool:
    mine = update(JobRow).where(JobRow.id == job.id, JobRow.lease_token == job.token)
    cancel_asked = session.scalar(mine.values(**values).returning(JobRow.cancel_asked))
    if cancel_asked is None:
        raise LeaseLost(f"job {job.id} belongs to another worker")
    return bool(cancel_asked)
