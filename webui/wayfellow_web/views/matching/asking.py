"""Ask for a run with settings of its own; the button on the list of runs takes the usual ones."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict, InvalidInput
from wayfellow.matching.quota_fields import check_quotas, list_quota_fields
from wayfellow.matching.readiness import count_ready, find_gaps
from wayfellow.matching.runs import start_run
from wayfellow.matching.settings import Mode
from wayfellow.mentorships.chat_ratings import check_chats, count_chats
from wayfellow.pages import page
from wayfellow_web.programme import this_cycle
from wayfellow_web.run_form import MOST_QUOTAS, RATED, RunForm, posted_run, problems_of
from wayfellow_web.site import reading, writing
from wayfellow_web.views.matching.base import blueprint
from wayfellow_web.words import MATCH_MODES, OBJECTIVES, PEER_POOLS


@blueprint.get("/new")
@page("matching.run")
def new_run() -> str:
    """Offer what may be set for a run, as it usually is; the address may name a way to match."""
    asked = request.args.get("mode", "")
    return _page(RunForm(mode=asked) if asked in (*Mode, RATED) else RunForm())


@blueprint.post("/new")
@page("matching.run")
def ask_for_run() -> str | Response | tuple[str, int]:
    """Do what the pressed button says: add or remove a quota, or start the run."""
    form = posted_run(request.form)
    act, _, place = request.form.get("do", "start").partition(":")
    if act == "add":
        return _page(form.with_quota())
    if act == "remove" and place.isdecimal():
        return _page(form.without_quota(int(place)))
    return _start(form)


def _start(form: RunForm) -> str | Response | tuple[str, int]:
    fields = list_quota_fields(reading())
    try:
        settings, seed = form.read(fields)
        if settings.ratings_weight is not None:
            check_chats(reading(), this_cycle().id)
        check_quotas(reading(), this_cycle().id, form.read_quotas(fields))
        with writing() as tx:
            run_id = start_run(tx, this_cycle().id, settings, seed=seed).id
    except InvalidInput as error:
        return _page(form.with_errors(error)), error.status
    except Conflict as error:
        flash(str(error), "warn")
        return redirect(url_for(".index"))
    return redirect(url_for(".show", run_id=run_id))


def _page(form: RunForm) -> str:
    tx, cycle = reading(), this_cycle()
    return render_template(
        "wayfellow_web/matching/new.html",
        form=form,
        problems=problems_of(form),
        fields=sorted(list_quota_fields(tx).items(), key=lambda item: item[1]),
        modes=MATCH_MODES,
        pools=PEER_POOLS,
        chats=count_chats(tx, cycle.id),
        objectives=OBJECTIVES,
        full=len(form.quotas) >= MOST_QUOTAS,
        ready=count_ready(tx, cycle.id),
        gaps=find_gaps(tx, cycle.id),
    )
