"""Choose another mentor for a pair, or a mentor for someone whom the run left over."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput
from wayfellow.mentorships.drafts import propose_unmatched, replace
from wayfellow.mentorships.leftovers import get_unmatched
from wayfellow.mentorships.pairs import alternatives_for
from wayfellow.mentorships.views import Undo
from wayfellow.pages import page
from wayfellow.words import gettext
from wayfellow_web.site import reading
from wayfellow_web.views.matching.base import blueprint, board_url, review, this_run
from wayfellow_web.views.matching.pair import this_pair


@blueprint.get("/<int:run_id>/pairs/<int:proposal_id>/replace")
@page("matching.review")
def choose(run_id: int, proposal_id: int) -> str:
    """Show who else there is for a pair's mentee."""
    run, detail = this_run(run_id), this_pair(run_id, proposal_id)
    return render_template(
        "wayfellow_web/matching/choose.html",
        run=run,
        mentee=detail.pair.mentee,
        now=detail.pair,
        reason="",
        others=detail.alternatives,
        editable=detail.editable,
        back=board_url(run_id),
        action=url_for(".replace_mentor", run_id=run_id, proposal_id=proposal_id),
    )


@blueprint.post("/<int:run_id>/pairs/<int:proposal_id>/replace")
@page("matching.review")
def replace_mentor(run_id: int, proposal_id: int) -> Response:
    """Give a pair's mentee the chosen mentor; without a page to go back to, show the new pair."""
    mentor_id, found = _chosen(), [proposal_id]

    def act(tx: Transaction) -> list[Undo]:
        found[0], undo = replace(tx, proposal_id, mentor_id)
        return [undo]

    here = url_for(".show_pair", run_id=run_id, proposal_id=proposal_id)
    back = request.form.get("back", "")
    review(run_id, board_url(run_id) if back else here, act)
    return redirect(board_url(run_id) if back else url_for(".show_pair", run_id=run_id, proposal_id=found[0]))


@blueprint.get("/<int:run_id>/unmatched/<int:person_id>")
@page("matching.review")
def choose_for_unmatched(run_id: int, person_id: int) -> str:
    """Show who there is for someone whom the run left over."""
    run, left = this_run(run_id), get_unmatched(reading(), run_id, person_id)
    return render_template(
        "wayfellow_web/matching/choose.html",
        run=run,
        mentee=left.mentee,
        now=None,
        reason=left.reason,
        others=alternatives_for(reading(), run_id, person_id),
        editable=run.under_review,
        back=board_url(run_id),
        action=url_for(".give_mentor", run_id=run_id, person_id=person_id),
    )


@blueprint.post("/<int:run_id>/unmatched/<int:person_id>")
@page("matching.review")
def give_mentor(run_id: int, person_id: int) -> Response:
    """Give someone whom the run left over the chosen mentor."""
    mentor_id = _chosen()
    done = review(run_id, board_url(run_id), lambda tx: [propose_unmatched(tx, run_id, person_id, mentor_id)[1]])
    here = url_for(".choose_for_unmatched", run_id=run_id, person_id=person_id)
    return redirect(board_url(run_id) if done else here)


def _chosen() -> int:
    wanted = request.form.get("mentor", "")
    if not wanted.isdecimal():
        raise InvalidInput(
            gettext("Choose one of the mentors in the list. Go back and use the button beside the name.")
        )
    return int(wanted)
