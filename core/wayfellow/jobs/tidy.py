"""Remove jobs that ended long ago, so that the list of work stays readable and the table small."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, or_, select

from wayfellow.jobs.models import JobRow, JobState
from wayfellow.jobs.service import FINAL_STATES
from wayfellow.types import JSON, Job
from wayfellow.words import later

if TYPE_CHECKING:
    from wayfellow.jobs.context import JobContext

JOB_KIND = "jobs.tidy"


def tidy(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    """Remove what ended more than the configured number of days ago, and regular work that went well after a day.

    The last regular one of each kind stays, as it tells that this period's was done.
    """
    result: dict[str, JSON] = {}
    with context.finish(result) as tx:
        regular = JobRow.key.startswith(JobRow.kind + "@")
        last = select(func.max(JobRow.id)).where(regular).group_by(JobRow.kind)
        ended = JobRow.finished_at < tx.now() - timedelta(days=tx.config.keep_jobs_days)
        went_well = regular & (JobRow.state == JobState.DONE) & (JobRow.finished_at < tx.now() - timedelta(days=1))
        old = delete(JobRow).where(JobRow.state.in_(FINAL_STATES), or_(ended, went_well), JobRow.id.not_in(last))
        result["removed"] = len(tx.session.scalars(old.returning(JobRow.id)).all())
    return result


JOBS = (Job(JOB_KIND, tidy, label=later("Remove work that ended long ago"), every=timedelta(days=1)),)
