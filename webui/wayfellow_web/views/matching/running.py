"""List the runs of a cycle, start one, follow it, stop it."""

from __future__ import annotations

import secrets

from flask import Response as Answer
from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict
from wayfellow.matching.models import RunState
from wayfellow.matching.readiness import count_ready, find_gaps
from wayfellow.matching.runs import cancel_run, list_runs, start_run
from wayfellow.matching.views import RunView
from wayfellow.pages import page
from wayfellow.words import gettext
from wayfellow_web.programme import this_cycle
from wayfellow_web.site import deployment, reading, writing
from wayfellow_web.views.matching.base import blueprint, earlier_of, this_run
from wayfellow_web.words import RUN_STATES, RUN_STEPS

AT_WORK = (RunState.WAITING, RunState.RUNNING)


@blueprint.get("/")
@page("matching.read")
def index() -> str:
    """List the runs, and say what the next one would do."""
    tx, cycle = reading(), this_cycle()
    runs = list_runs(tx, cycle.id)
    return render_template(
        "wayfellow_web/matching/index.html",
        runs=runs,
        ready=count_ready(tx, cycle.id),
        gaps=find_gaps(tx, cycle.id),
        at_work=next((run for run in runs if run.state in AT_WORK), None),
        latest=next((run for run in runs if run.state == RunState.DONE and not run.is_try), None),
        earlier={run.id: earlier_of(run, runs) for run in runs if run.state == RunState.DONE},
        RUN_STATES=RUN_STATES,
    )


@blueprint.post("/")
@page("matching.run")
def start() -> Response:
    """Start a run, and go on to its progress; ``keep`` names the run whose locked pairs stay."""
    keep = request.form.get("keep", "")
    try:
        with writing() as tx:
            # Any number will do; it is kept with the run, so that the run can be repeated.
            kept_from = int(keep) if keep.isdecimal() else None
            run = start_run(tx, this_cycle().id, seed=secrets.randbelow(10_000), keep_locked_from=kept_from)
    except Conflict as error:
        flash(str(error), "warn")
        return redirect(url_for(".index"))
    return redirect(url_for(".show", run_id=run.id))


@blueprint.get("/<int:run_id>/progress")
@page("matching.read")
def progress(run_id: int) -> Answer:
    """Return the part of a run's page that changes; once the run has ended, ask for the whole page again."""
    run = this_run(run_id)
    answer = make_response(_progress("_progress", run))
    if run.state not in AT_WORK:
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/<int:run_id>/stop")
@page("matching.run")
def stop(run_id: int) -> Response:
    """Stop a run; nothing of it is kept."""
    run = this_run(run_id)
    try:
        with writing() as tx:
            cancel_run(tx, run_id)
        said = gettext("Run %(number)s is asked to stop. Nothing of it will be kept.", number=run.number)
        flash(said, "good")
    except Conflict as error:
        flash(str(error), "warn")
    return redirect(url_for(".show", run_id=run_id))


def show_progress(run: RunView) -> str:
    """Return the page of a run that is not done: waiting, at work, failed or stopped."""
    return _progress("progress", run)


def _progress(template: str, run: RunView) -> str:
    return render_template(
        f"wayfellow_web/matching/{template}.html",
        run=run,
        at_work=run.state in AT_WORK,
        step=RUN_STEPS.get(run.progress.step, run.progress.step),
        left=_estimate(run),
        RUN_STATES=RUN_STATES,
    )


def _estimate(run: RunView) -> int | None:
    """Return how many seconds the step may take still; None when nothing is known."""
    done, total = run.progress.done, run.progress.total
    if run.state != RunState.RUNNING or not 0 < done < total:
        return None
    elapsed = (deployment().clock() - run.created_at).total_seconds()
    return round(elapsed * (total - done) / done)
