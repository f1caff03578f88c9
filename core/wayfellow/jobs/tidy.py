"""Remove jobs that ended long ago, so that the list of work stays readable and the table small."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from wayfellow.jobs.models import JobRow
from wayfellow.jobs.service import FINAL_STATES
from wayfellow.types import JSON, Job

if TYPE_CHECKING:
    from wayfellow.jobs.context import JobContext

JOB_KIND = "jobs.tidy"


def tidy(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    """Remove what ended more than the configured number of days ago."""
    result: dict[str, JSON] = {}
    with context.finish(result) as tx:
        before = tx.now() - timedelta(days=tx.config.keep_jobs_days)
        old = delete(JobRow).where(JobRow.state.in_(FINAL_STATES), JobRow.finished_at < before)
        result["removed"] = len(tx.session.scalars(old.returning(JobRow.id)).all())
    return result


JOBS = (Job(JOB_KIND, tidy, label="Remove work that ended long ago", every=timedelta(days=1)),)
