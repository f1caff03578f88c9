"""List every mentor who scored higher for a mentee than theirs, and why not."""

from __future__ import annotations

from flask import render_template

from wayfellow.mentorships.better import list_better
from wayfellow.pages import page
from wayfellow_web.listing import this_listing
from wayfellow_web.site import reading
from wayfellow_web.views.matching.base import blueprint, board_url, this_run


@blueprint.get("/<int:run_id>/better/<int:mentee_id>")
@page("matching.read")
def better(run_id: int, mentee_id: int) -> str:
    """Show one page of those who scored higher."""
    run, listing = this_run(run_id), this_listing()
    return render_template(
        "wayfellow_web/matching/better.html",
        run=run,
        listing=listing,
        found=list_better(reading(), run_id, mentee_id, page=listing.page),
        back=board_url(run_id),
    )
