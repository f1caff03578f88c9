"""Try something else than a run did, use the try in place of the run, or throw it away."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict
from wayfellow.matching.criteria.service import list_versions
from wayfellow.matching.runs import get_run, start_run
from wayfellow.matching.views import RunView
from wayfellow.mentorships.queries import count_drafts
from wayfellow.mentorships.tries import throw_away, use_try
from wayfellow.pages import page
from wayfellow.words import gettext
from wayfellow_web.site import reading, writing
from wayfellow_web.views.matching.base import blueprint, review, this_run
from wayfellow_web.words import OBJECTIVES


@dataclass(frozen=True, slots=True)
class TryForm:
    """Hold the fields of a try as they stand in the form; ``errors`` by field."""

    objective: str
    floor: bool
    incumbent_bonus: str
    keep_locks: bool
    criteria: str
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def criteria_version(self) -> int | None:
        """Return the version of the criteria to go by, None for none."""
        return int(self.criteria) if self.criteria.isdecimal() and len(self.criteria) < 10 else None


@blueprint.get("/<int:run_id>/try")
@page("matching.run")
def try_out(run_id: int) -> str | Response:
    """Offer what may be tried, as the run has it; from a try, as that has it."""
    run = this_run(run_id)
    origin = _origin(run)
    if not origin.under_review:
        return redirect(url_for(".show", run_id=run_id))
    return _page(origin, _form_of(run))


@blueprint.post("/<int:run_id>/try")
@page("matching.run")
def start_trying(run_id: int) -> str | Response | tuple[str, int]:
    """Start a try, and go on to the comparison, which shows how far the try is until then."""
    origin = _origin(this_run(run_id))
    form, bonus = _posted()
    if bonus is None:
        return _page(origin, form), 422
    asked = replace(origin.settings, objective=form.objective, floor=form.floor, incumbent_bonus=bonus)
    try:
        with writing() as tx:
            tried = start_run(
                tx,
                origin.cycle_id,
                asked,
                seed=origin.seed,
                keep_locked_from=origin.id if form.keep_locks else None,
                try_out_of=origin.id,
                criteria_version=form.criteria_version,
            ).id
    except Conflict as error:
        flash(str(error), "warn")
        return redirect(url_for(".show", run_id=origin.id))
    return redirect(url_for(".compare", run_id=tried, than=origin.id))


@blueprint.post("/<int:run_id>/use")
@page("matching.run")
def use(run_id: int) -> Response:
    """Let a try take the place of the run that it came from."""
    review(run_id, "", lambda tx: [use_try(tx, run_id)])
    return redirect(url_for(".show", run_id=run_id))


@blueprint.post("/<int:run_id>/throw-away")
@page("matching.run")
def throw_try_away(run_id: int) -> Response:
    """Throw a try away, and go back to the run that it came from."""
    run = this_run(run_id)
    done = review(run_id, "", lambda tx: [throw_away(tx, run_id)])
    return redirect(url_for(".show", run_id=run.try_of if done else run_id))


def _origin(run: RunView) -> RunView:
    """Return the run that is tried otherwise: of a try, the one that it came from."""
    return get_run(reading(), run.try_of) if run.is_try and run.try_of is not None else run


def _form_of(run: RunView) -> TryForm:
    asked = run.settings
    return TryForm(
        objective=asked.objective,
        floor=asked.floor,
        incumbent_bonus=f"{100 * asked.incumbent_bonus:g}",
        keep_locks=not run.is_try or run.kept_from is not None,
        criteria="" if run.criteria_version is None else str(run.criteria_version),
    )


def _posted() -> tuple[TryForm, float | None]:
    """Return the form as it was sent, and the bonus as a part of 1, None when it is wrong."""
    sent = request.form
    form = TryForm(
        objective=sent.get("objective", ""),
        floor="floor" in sent,
        incumbent_bonus=sent.get("incumbent_bonus", "").strip(),
        keep_locks="keep_locks" in sent,
        criteria=sent.get("criteria", ""),
    )
    try:
        percent = float(form.incumbent_bonus.removesuffix("%").replace(",", "."))
    except ValueError:
        percent = -1.0
    if 0 <= percent <= 100:
        return form, percent / 100
    wrong = gettext("Give a number from 0 to 100.")
    return replace(form, errors={"incumbent_bonus": wrong}), None


def _page(origin: RunView, form: TryForm) -> str:
    tx = reading()
    return render_template(
        "wayfellow_web/matching/try.html",
        run=origin,
        form=form,
        locked=count_drafts(tx, origin.id).locked,
        versions=list_versions(tx, origin.programme_id),
        objectives=list(OBJECTIVES.items()),
        problems=[
            (name, gettext("What pairs of now count more: %(problem)s", problem=problem))
            for name, problem in form.errors.items()
        ],
    )
