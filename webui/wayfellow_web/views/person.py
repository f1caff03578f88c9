"""Show and change one person as their coordinator sees them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput, NotFound
from wayfellow.goals.service import list_goals
from wayfellow.mentorships.standing import set_state
from wayfellow.pages import page
from wayfellow.people.service import get_profile
from wayfellow.permissions import ROLES
from wayfellow.programmes.members import Member, set_capacity
from wayfellow.programmes.models import MembershipState
from wayfellow.programmes.parts import list_parts
from wayfellow.programmes.roles import actor_for
from wayfellow.programmes.standing import Who, choices
from wayfellow.words import gettext
from wayfellow_web.accounts.mailing import can_mail, invite_by_mail
from wayfellow_web.accounts.managing import state_of
from wayfellow_web.accounts.service import invite, may_invite
from wayfellow_web.messages import flash_undo
from wayfellow_web.profile_form import edit_profile
from wayfellow_web.programme import this_cycle, this_programme
from wayfellow_web.site import reading, writing
from wayfellow_web.words import GOAL_STATES, MEMBER_STATES

blueprint = Blueprint("person", __name__)


@blueprint.get("/<int:person_id>")
@page("people.read")
def show(person_id: int) -> str:
    """Show a profile, goals, and how the person takes part."""
    return _render(person_id)


@blueprint.route("/<int:person_id>/profile", methods=["GET", "POST"])
@page("people.edit")
def edit(person_id: int) -> str | Response | tuple[str, int]:
    """Change what the profile says."""
    return edit_profile(person_id, back=url_for(".show", person_id=person_id), with_email=True)


@blueprint.post("/<int:person_id>/places/<int:membership_id>")
@page("people.edit")
def places(person_id: int, membership_id: int) -> Response | tuple[str, int]:
    """Change how many mentees a mentor takes; it can be taken back."""
    typed = request.form.get("capacity", "").strip()
    before = _part(person_id, membership_id)
    try:
        with writing() as tx:
            set_capacity(tx, membership_id, _whole(typed))
    except InvalidInput as error:
        return _render(person_id, wrong_places={membership_id: (typed, str(error))}), error.status
    if before.capacity != int(typed):
        flash_undo(
            gettext(
                "%(name)s takes %(places)s now, it was %(before)s.",
                name=before.name,
                places=typed,
                before=before.capacity,
            ),
            url_for(".places", person_id=person_id, membership_id=membership_id),
            capacity=str(before.capacity),
        )
    return redirect(url_for(".show", person_id=person_id))


@blueprint.post("/<int:person_id>/state/<int:membership_id>")
@page("people.edit")
def state(person_id: int, membership_id: int) -> Response:
    """Move the person to another state of taking part; it can be taken back."""
    wanted = request.form.get("state", "")
    if wanted not in set(MembershipState):
        raise InvalidInput(gettext("Choose one of the states in the list."))
    before = _part(person_id, membership_id)
    with writing() as tx:
        set_state(tx, membership_id, MembershipState(wanted))
    if before.state != wanted:
        flash_undo(
            gettext(
                "%(name)s as %(role)s: %(state)s.",
                name=before.name,
                role=ROLES[before.role],
                state=MEMBER_STATES[wanted][1].lower(),
            ),
            url_for(".state", person_id=person_id, membership_id=membership_id),
            state=before.state,
        )
    return redirect(url_for(".show", person_id=person_id))


@blueprint.post("/<int:person_id>/invitation")
@page("accounts.invite", fresh=True)
def invitation(person_id: int) -> str:
    """Make a sign-in link and show it, this once."""
    with writing() as tx:
        token = invite(tx, person_id)
    return _render(person_id, link=url_for("accounts.open_link", token=token, _external=True))


@blueprint.post("/<int:person_id>/invitation/mail")
@page("accounts.invite")
def mail_invitation(person_id: int) -> Response:
    """Send an invitation with a link by mail."""
    with writing() as tx:
        invite_by_mail(tx, person_id, this_programme().id)
    flash(gettext("The invitation is on its way. Messages shows whether it arrives."), "good")
    return redirect(url_for(".show", person_id=person_id))


def _part(person_id: int, membership_id: int) -> Member:
    for part in list_parts(reading(), this_cycle().id, person_id):
        if part.membership_id == membership_id:
            return part
    raise NotFound(gettext("This person does not take part that way any more. Go back to the list of people."))


def _whole(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit()) or len(typed) > 4:
        raise InvalidInput(gettext("Enter a whole number of places, such as 2."))
    return int(typed)


def _render(person_id: int, *, link: str = "", wrong_places: dict[int, tuple[str, str]] | None = None) -> str:
    tx = reading()
    return render_template(
        "wayfellow_web/people/person.html",
        profile=get_profile(tx, person_id),
        goals=list_goals(tx, person_id),
        parts=list_parts(tx, this_cycle().id, person_id),
        may_invite=may_invite(tx, actor_for(tx.session, person_id)),
        can_mail=can_mail(tx),
        account=state_of(tx, person_id),
        link=link,
        wrong_places=wrong_places or {},
        states=_states,
        MEMBER_STATES=MEMBER_STATES,
        GOAL_STATES=GOAL_STATES,
    )


def _states(state: str) -> list[tuple[str, str]]:
    """Return the states that a member can be in next, this one included."""
    open_ones = choices(state, Who.STAFF) | {MembershipState(state)}
    return [(one.value, MEMBER_STATES[one][1]) for one in MembershipState if one in open_ones]
