"""Gather the jobs of core and plugins into a worker."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from wayfellow.deployment import Deployment
from wayfellow.jobs.worker import Worker
from wayfellow.types import Job

#: The modules of core that bring jobs, each as ``JOBS``.
JOB_MODULES = ("wayfellow.importing.jobs", "wayfellow.mentorships.jobs")


def gather_jobs(deployment: Deployment) -> tuple[Job, ...]:
    """Return the jobs of core, then those of plugins."""
    core = [job for name in JOB_MODULES if find_spec(name) for job in import_module(name).JOBS]
    return (*core, *deployment.host.jobs)


def make_worker(deployment: Deployment) -> Worker:
    """Make a worker that knows every job of a deployment."""
    return Worker(deployment, gather_jobs(deployment))
