"""Gather the jobs of core and plugins into a worker."""

from __future__ import annotations

from wayfellow.deployment import Deployment
from wayfellow.importing.jobs import JOBS as IMPORTING
from wayfellow.jobs.tidy import JOBS as TIDY
from wayfellow.jobs.worker import Worker
from wayfellow.mentorships.expiring import JOBS as EXPIRING
from wayfellow.mentorships.jobs import JOBS as MENTORSHIPS
from wayfellow.mentorships.requests.fitting import JOBS as FITTING
from wayfellow.migrations import tables  # noqa: F401 - foreign keys of jobs point to tables of other areas
from wayfellow.notify.sending import JOBS as NOTIFY
from wayfellow.types import Job


def gather_jobs(deployment: Deployment) -> tuple[Job, ...]:
    """Return the jobs of core, then those of plugins."""
    return (*IMPORTING, *MENTORSHIPS, *EXPIRING, *FITTING, *NOTIFY, *TIDY, *deployment.host.jobs)


def make_worker(deployment: Deployment) -> Worker:
    """Make a worker that knows every job of a deployment."""
    return Worker(deployment, gather_jobs(deployment))
