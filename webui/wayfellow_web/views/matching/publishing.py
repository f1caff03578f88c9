"""Look at what publishing would do, then publish: once, by one person, all or nothing."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict
from wayfellow.mentorships.leftovers import count_unmatched
from wayfellow.mentorships.publishing import publish_preview, publish_run
from wayfellow.pages import page
from wayfellow.words import ngettext
from wayfellow_web.listing import this_listing
from wayfellow_web.site import reading, writing
from wayfellow_web.views.matching.base import blueprint, this_run


@blueprint.get("/<int:run_id>/publish")
@page("matching.publish")
def preview_publish(run_id: int) -> str | Response:
    """Show who will read what, one pair at a time, and which pairs do not hold any more."""
    run, pages = this_run(run_id), this_listing()
    if not run.under_review:
        return redirect(url_for(".show", run_id=run_id))
    return render_template(
        "wayfellow_web/matching/publish.html",
        run=run,
        preview=publish_preview(reading(), run_id, pair=pages.page),
        letters_url=pages.page_url,
        left_over=count_unmatched(reading(), run_id),
    )


@blueprint.post("/<int:run_id>/publish")
@page("matching.publish")
def publish(run_id: int) -> Response:
    """Publish; whoever comes second reads who was first, and what does not hold any more is named."""
    this_run(run_id)
    try:
        with writing() as tx:
            done = publish_run(tx, run_id, leave_out_failing=request.form.get("leave_out") == "1")
    except Conflict as error:
        flash(str(error), "warn")
        return redirect(url_for(".preview_publish", run_id=run_id))
    sentences = [
        ngettext(
            "%(num)s pair is published, and both sides were told.",
            "%(num)s pairs are published, and both sides were told.",
            done.pairs,
        )
    ]
    if done.left_out:
        sentences.append(ngettext("%(num)s pair stayed out.", "%(num)s pairs stayed out.", len(done.left_out)))
    flash(" ".join(sentences), "good")
    return redirect(url_for(".show", run_id=run_id))
