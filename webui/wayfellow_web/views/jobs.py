"""Show how far a piece of work is; the page may be left, and the work can be stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.routing import BuildError
from werkzeug.wrappers import Response

from wayfellow.jobs.models import JobRow, JobState
from wayfellow.jobs.service import FINAL_STATES, SORTS, ask_to_cancel, count_jobs, get_job, list_jobs, start_again
from wayfellow.pages import SIGNED_IN, page
from wayfellow.paging import Page, every_item
from wayfellow.words import gettext, said
from wayfellow.worker import gather_jobs
from wayfellow_web.handing_over import hand_over
from wayfellow_web.listing import Listing, this_listing
from wayfellow_web.site import deployment, reading, writing
from wayfellow_web.words import JOB_STATES

blueprint = Blueprint("jobs", __name__)

HEADINGS = ("id", "work", "state", "asked_at", "ended_at", "attempts", "error")
#: Where the outcome of a kind of work is shown: the page, its argument, and the payload's key for that.
OUTCOMES: dict[str, tuple[str, str, str]] = {
    "import.people": ("imports.show", "batch_id", "batch_id"),
    "matching.run": ("matching.show", "run_id", "run_id"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Be a job as its page shows it; ``left`` is an estimate for this step in seconds, None when nothing is known."""

    id: int
    title: str
    state: str
    step: str
    done: int
    total: int
    message: str
    left: int | None
    error: str
    outcome: str

    @property
    def is_over(self) -> bool:
        """Tell whether the job will not change any more."""
        return self.state in FINAL_STATES


@blueprint.get("/")
@page("jobs.manage")
def index() -> str:
    """List all work of the installation."""
    listing, labels = _listing(), _labels()
    counts = count_jobs(reading())
    return render_template(
        "wayfellow_web/jobs/index.html",
        jobs=_jobs(listing, labels, listing.page),
        labels=labels,
        counts=counts,
        total=sum(counts.values()),
        listing=listing,
        JOB_STATES=JOB_STATES,
    )


@blueprint.get("/export.<suffix>")
@page("jobs.manage", fresh=True)
def export(suffix: str) -> Response:
    """Hand over the list as the address narrows it."""
    listing, labels = _listing(), _labels()
    rows = (
        (
            job.id,
            labels.get(job.kind, job.kind),
            job.state,
            job.created_at.isoformat(),
            job.finished_at.isoformat() if job.finished_at else "",
            job.attempts,
            job.error or "",
        )
        for job in every_item(lambda number: _jobs(listing, labels, number, size=500))
    )
    return hand_over("work", suffix, HEADINGS, rows)


@blueprint.post("/<int:job_id>/again")
@page("jobs.manage")
def again(job_id: int) -> Response:
    """Start a job again that failed or was stopped."""
    with writing() as tx:
        start_again(tx, job_id)
    flash(gettext("Started again. It is done as soon as a worker is free."), "good")
    return redirect(url_for(".show", job_id=job_id))


@blueprint.get("/<int:job_id>")
@page(SIGNED_IN)
def show(job_id: int) -> str:
    """Show one job; who may see it is for the service to say."""
    return render_template("wayfellow_web/jobs/show.html", job=_shown(get_job(reading(), job_id)))


@blueprint.get("/<int:job_id>/progress")
@page(SIGNED_IN)
def progress(job_id: int) -> str:
    """Return only the part of the page that changes, for pages that look again by themselves."""
    return render_template("wayfellow_web/jobs/_progress.html", job=_shown(get_job(reading(), job_id)))


@blueprint.post("/<int:job_id>/stop")
@page(SIGNED_IN)
def stop(job_id: int) -> Response:
    """Ask the job to stop."""
    with writing() as tx:
        ask_to_cancel(tx, job_id)
    flash(gettext("Asked to stop. Nothing of it is kept."), "good")
    return redirect(url_for(".show", job_id=job_id))


def _listing() -> Listing:
    return this_listing(sorts=SORTS, default_sort="-asked", state={str(state) for state in JobState})


def _labels() -> dict[str, str]:
    return {known.kind: said(known.label) or known.kind for known in gather_jobs(deployment())}


def _jobs(listing: Listing, labels: Mapping[str, str], number: int, size: int = 50) -> Page[JobRow]:
    return list_jobs(
        reading(),
        kinds=_named(labels, listing.search),
        state=JobState(listing.state) if listing.state else None,
        sort=listing.sort,
        page=number,
        size=size,
    )


def _named(labels: Mapping[str, str], search: str) -> list[str] | None:
    """Return the kinds whose name or label holds what is searched for; None when nothing is."""
    wanted = search.casefold()
    return [kind for kind, label in labels.items() if wanted in f"{kind} {label}".casefold()] if wanted else None


def _shown(job: JobRow) -> Shown:
    titles = {known.kind: said(known.label) for known in gather_jobs(deployment())}
    done, total = int(job.progress.get("done", 0)), int(job.progress.get("total", 0))
    return Shown(
        id=job.id,
        title=titles.get(job.kind) or job.kind,
        state=job.state,
        step=str(job.progress.get("step", "")),
        done=done,
        total=total,
        message=str(job.progress.get("message", "")),
        left=_estimate(job, done, total),
        error=job.error or "",
        outcome=_outcome(job),
    )


def _estimate(job: JobRow, done: int, total: int) -> int | None:
    if job.state != JobState.RUNNING or not 0 < done < total:
        return None
    elapsed = (deployment().clock() - job.created_at).total_seconds()
    return round(elapsed * (total - done) / done)


def _outcome(job: JobRow) -> str:
    if job.kind not in OUTCOMES:
        return ""
    endpoint, argument, key = OUTCOMES[job.kind]
    try:
        return url_for(endpoint, **{argument: job.payload[key]})
    except (BuildError, KeyError):
        return ""
