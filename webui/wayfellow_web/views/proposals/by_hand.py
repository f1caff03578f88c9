"""Propose a pair by hand: choose two people, see them side by side, read the letters, then propose."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict, InvalidInput
from wayfellow.mentorships.models import Asks
from wayfellow.mentorships.staff.by_hand import ByHand, look_at_pair, preview_letters, propose
from wayfellow.pages import page
from wayfellow.programmes.members import list_members
from wayfellow.programmes.models import MembershipState
from wayfellow.types import MatchState, Role
from wayfellow.words import gettext
from wayfellow_web.listing import SEARCH_LENGTH
from wayfellow_web.programme import this_cycle
from wayfellow_web.site import reading, writing
from wayfellow_web.views.proposals.base import blueprint
from wayfellow_web.words import ASKS

#: How many people a search shows; more words narrow it.
FOUND = 20


@blueprint.get("/new")
@page("matching.publish")
def new() -> str:
    """Choose a mentee, then a mentor, then see the two side by side with the letters that they would read."""
    mentee, mentor = _number("mentee"), _number("mentor")
    if mentee is not None and mentor is not None:
        return _side_by_side(ByHand(mentee, mentor))
    return _choose(Role.MENTEE if mentee is None else Role.MENTOR, {Role.MENTEE: mentee, Role.MENTOR: mentor})


@blueprint.post("/new")
@page("matching.publish")
def create() -> Response | str | tuple[str, int]:
    """Show the letters again, or propose the pair."""
    wanted = _wanted()
    if "preview" in request.form:
        return _side_by_side(wanted)
    try:
        with writing() as tx:
            proposal = propose(tx, this_cycle().id, wanted)
    except InvalidInput as error:
        wrong = {problem.column or "": problem.message for problem in error.problems}
        return _side_by_side(wanted, wrong), error.status
    except Conflict as error:
        return _side_by_side(wanted, {"": str(error)}), error.status
    at_once = proposal.state == MatchState.ACCEPTED
    flash(
        gettext("They are a pair, and both are told.")
        if at_once
        else gettext("The pair is proposed, and both are told."),
        "good",
    )
    return redirect(url_for(".index"))


def _choose(side: Role, chosen: Mapping[Role, int | None]) -> str:
    search = request.args.get("q", "").strip()[:SEARCH_LENGTH]
    state = MembershipState.APPROVED
    found = list_members(reading(), this_cycle().id, search=search, role=side, state=state, size=FOUND)
    other = next((number for role, number in chosen.items() if role is not side and number is not None), None)
    return render_template(
        "wayfellow_web/proposals/choose.html", side=side, other=other, search=search, found=found, limit=FOUND
    )


def _side_by_side(wanted: ByHand, wrong: Mapping[str, str] | None = None) -> str:
    tx, cycle_id = reading(), this_cycle().id
    return render_template(
        "wayfellow_web/proposals/by-hand.html",
        pair=look_at_pair(tx, cycle_id, wanted.mentee_id, wanted.mentor_id),
        letters=preview_letters(tx, cycle_id, wanted),
        wanted=wanted,
        wrong=wrong or {},
        ASKS=ASKS,
    )


def _wanted() -> ByHand:
    mentee, mentor, asks = _number("mentee"), _number("mentor"), request.form.get("asks", "")
    if mentee is None or mentor is None or asks not in set(Asks):
        raise InvalidInput(
            gettext("Choose a mentee, a mentor, and whom to ask. Begin again from the list of proposals.")
        )
    return ByHand(mentee, mentor, Asks(asks), request.form.get("reason", ""), request.form.get("note", ""))


def _number(name: str) -> int | None:
    typed = request.values.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else None
