"""List everybody whom a run left over."""

from __future__ import annotations

from flask import render_template

from wayfellow.mentorships.leftovers import group_unmatched, list_unmatched
from wayfellow.mentorships.whynot import list_ways
from wayfellow.pages import page
from wayfellow_web.listing import this_listing
from wayfellow_web.site import reading
from wayfellow_web.views.matching.base import blueprint, this_run


@blueprint.get("/<int:run_id>/unmatched/")
@page("matching.read")
def unmatched(run_id: int) -> str:
    """Show one page of those without a mentor, by cause, each with the reason and a way out."""
    run, tx = this_run(run_id), reading()
    groups = group_unmatched(tx, run_id, first=0)
    listing = this_listing(cause={group.cause for group in groups})
    return render_template(
        "wayfellow_web/matching/unmatched.html",
        run=run,
        open=run.under_review,
        groups=groups,
        listing=listing,
        people=list_unmatched(tx, run_id, cause=listing.cause or None, search=listing.search, page=listing.page),
        ways=list_ways(tx, run_id) if groups else (),
        total=sum(group.count for group in groups),
    )
