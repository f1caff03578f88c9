"""Lock and exclude pairs, and take back what was done."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict
from wayfellow.mentorships.drafts import exclude, lock
from wayfellow.mentorships.undo import undo
from wayfellow.pages import page
from wayfellow.words import ngettext
from wayfellow_web.site import writing
from wayfellow_web.views.matching.base import blueprint, board_url, go_back, review, this_run


@blueprint.post("/<int:run_id>/pairs/<int:proposal_id>/lock")
@page("matching.review")
def lock_pair(run_id: int, proposal_id: int) -> Response:
    """Keep a pair through the next run, or let it go again."""
    wanted = request.form.get("locked") == "1"
    review(run_id, board_url(run_id), lambda tx: [lock(tx, proposal_id, wanted)])
    return go_back(run_id)


@blueprint.post("/<int:run_id>/pairs/<int:proposal_id>/exclude")
@page("matching.review")
def exclude_pair(run_id: int, proposal_id: int) -> Response:
    """Take a pair out, and never propose it again."""
    review(run_id, board_url(run_id), lambda tx: [exclude(tx, proposal_id)])
    return go_back(run_id)


@blueprint.post("/<int:run_id>/take-back")
@page("matching.review")
def take_back(run_id: int) -> Response:
    """Take back the acts that a notice named, the last first; all of them or none."""
    this_run(run_id)
    acts = [int(number) for number in request.form.get("acts", "").split(",") if number.isdecimal()]
    try:
        with writing() as tx:
            said = [undo(tx, act) for act in reversed(acts)]
        if said:
            all_back = ngettext("The pair is as it was.", "All %(num)s pairs are as they were.", len(said))
            flash(said[0] if len(said) == 1 else all_back, "good")
    except Conflict as error:
        flash(str(error), "warn")
    back = request.form.get("back", "")
    return redirect(board_url(run_id) if back else url_for(".show", run_id=run_id))
