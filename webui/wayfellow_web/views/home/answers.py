"""Answer proposals: yes, no with a reason, or not yet after all."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict, InvalidInput
from wayfellow.mentorships.home import get_my_proposal
from wayfellow.mentorships.proposals import answer_proposal, take_back
from wayfellow.mentorships.views import DeclineReason, ProposalView
from wayfellow.pages import page
from wayfellow.types import MatchState
from wayfellow.words import gettext
from wayfellow_web.messages import flash_undo
from wayfellow_web.site import reading, writing
from wayfellow_web.views.home.base import blueprint
from wayfellow_web.words import DECLINE_REASONS

Answer = str | Response | tuple[str, int]


@blueprint.post("/proposals/<int:my_proposal>/accept")
@page("proposals.answer")
def accept(my_proposal: int) -> Response:
    """Say yes; it can be taken back until the other has answered."""
    try:
        with writing() as tx:
            proposal = answer_proposal(tx, my_proposal, True)
        _say(proposal)
    except Conflict as error:
        flash(str(error), "warn")
    return redirect(url_for(".index"))


@blueprint.route("/proposals/<int:my_proposal>/decline", methods=["GET", "POST"])
@page("proposals.answer")
def decline(my_proposal: int) -> Answer:
    """Say no, with a reason from a list and a note for the coordinator alone."""
    proposal = get_my_proposal(reading(), my_proposal)
    if request.method == "GET" and not proposal.may_answer:
        flash(gettext("%(outcome)s There is nothing to decline now.", outcome=proposal.outcome), "warn")
        return redirect(url_for(".index"))
    if request.method == "GET":
        return _form(proposal)
    reason = request.form.get("reason", "")
    chosen = DeclineReason(reason) if reason in set(DeclineReason) else None
    try:
        with writing() as tx:
            proposal = answer_proposal(tx, my_proposal, False, chosen, request.form.get("note", ""))
    except InvalidInput as error:
        return _form(proposal, error), error.status
    except Conflict as error:
        flash(str(error), "warn")
        return redirect(url_for(".index"))
    thanks = gettext(
        "Thank you for saying so. %(name)s hears a kind word, and never your reason or note.", name=proposal.other.name
    )
    flash(thanks, "good")
    return redirect(url_for(".index"))


@blueprint.post("/proposals/<int:my_proposal>/take-back")
@page("proposals.answer")
def take_answer_back(my_proposal: int) -> Response:
    """Withdraw one's yes while the other has not answered."""
    try:
        with writing() as tx:
            proposal = take_back(tx, my_proposal)
        flash(gettext("Your yes is taken back. Answer %(name)s when you know.", name=proposal.other.name), "good")
    except Conflict as error:
        flash(str(error), "warn")
    return redirect(url_for(".index"))


def _say(proposal: ProposalView) -> None:
    """Say on the next page what a yes came to."""
    if proposal.state is MatchState.PROPOSED:
        flash_undo(proposal.outcome, url_for(".take_answer_back", my_proposal=proposal.id))
    else:
        flash(proposal.outcome, "good" if proposal.state is MatchState.ACCEPTED else "warn")


def _form(proposal: ProposalView, error: InvalidInput | None = None) -> str:
    fields = {"reason": f"reason-{next(iter(DECLINE_REASONS))}", "note": "note"}
    problems = [(fields.get(p.column or "", ""), p.message) for p in error.problems] if error else []
    return render_template(
        "wayfellow_web/home/decline.html",
        proposal=proposal,
        reasons=DECLINE_REASONS,
        chosen=request.form.get("reason", ""),
        note=request.form.get("note", ""),
        problems=problems,
    )
