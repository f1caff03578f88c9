"""Decide on applications: one list with search, filter, sort, pages and export, single acts and many at once."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput, NotFound
from wayfellow.mentorships.standing import restore, set_states
from wayfellow.notify.texts import Words
from wayfellow.pages import page
from wayfellow.paging import Page
from wayfellow.programmes import letters
from wayfellow.programmes.listing import load_members
from wayfellow.programmes.members import Member, count_members, list_members
from wayfellow.programmes.models import MembershipState, RejectReason
from wayfellow.programmes.parts import require_members
from wayfellow.programmes.standing import Why
from wayfellow.types import Role
from wayfellow.wording import plural
from wayfellow_web.listing import Listing, this_listing
from wayfellow_web.messages import flash_undo
from wayfellow_web.programme import this_cycle, this_programme
from wayfellow_web.site import reading, writing
from wayfellow_web.words import MEMBER_STATES, REJECT_REASONS

blueprint = Blueprint("applications", __name__)

SIZE = 50
STATES = (MembershipState.APPLIED, MembershipState.WAITLISTED, MembershipState.APPROVED, MembershipState.REJECTED)
SORTS = ("applied", "name", "role", "since")
ROLES = (Role.MENTOR, Role.MENTEE)


class Act(NamedTuple):
    """Be what coordinators do with an application: where it goes, the button, and what it is called when done."""

    state: MembershipState
    label: str
    done: str


ACTS = {
    "approve": Act(MembershipState.APPROVED, "Approve", "approved"),
    "waitlist": Act(MembershipState.WAITLISTED, "Waiting list", "on the waiting list"),
    "reject": Act(MembershipState.REJECTED, "Turn down", "turned down"),
}


@blueprint.get("/")
@page("people.edit")
def index() -> str:
    """Show one page of the list."""
    listing, cycle = _listing(), this_cycle()
    counts = count_members(reading(), cycle.id)
    tabs = [(state, sum(counts.of(role, state) for role in ROLES)) for state in STATES]
    return render_template(
        "wayfellow_web/applications/index.html",
        listing=listing,
        shown=listing.state or MembershipState.APPLIED.value,
        members=_members(listing, cycle.id),
        tabs=tabs,
        public=this_programme().is_public,
        acts=ACTS,
        MEMBER_STATES=MEMBER_STATES,
    )


@blueprint.post("/review")
@page("people.edit")
def review() -> Response | str:
    """Show what an act would do to those who are ticked, and the letter that they would read."""
    ids = _ticked()
    if not ids:
        flash("Nobody was ticked, so nothing changed. Tick people first, then choose what to do.", "warn")
        return redirect(_back())
    return _review(_act(), ids)


@blueprint.post("/decide")
@page("people.edit")
def decide() -> Response | tuple[str, int]:
    """Do the act, all of it or nothing; it can be taken back."""
    act, ids = _act(), _ticked()
    reason, note = request.form.get("reason", ""), request.form.get("note", "").strip()
    if act.state is MembershipState.REJECTED and reason not in set(RejectReason):
        return _review(act, ids, {"reason": "Choose the reason that comes closest."}), 422
    why = Why(RejectReason(reason) if reason in set(RejectReason) else None, note)
    try:
        with writing() as tx:
            moved = set_states(tx, ids, act.state, why)
    except InvalidInput as error:
        return _review(act, ids, {problem.column or "": problem.message for problem in error.problems}), error.status
    if moved:
        sentence = f"{plural(moved, 'person is', 'people are')} {act.done}."
        flash_undo(sentence, url_for(".undo"), member=" ".join(map(str, ids)), back=_back())
    return redirect(_back())


@blueprint.post("/undo")
@page("people.edit")
def undo() -> Response:
    """Take the last decision on some people back."""
    ids = [int(number) for number in request.form.get("member", "").split() if number.isdecimal()][:SIZE]
    with writing() as tx:
        moved = restore(tx, _here(ids))
    if moved:
        people = plural(moved, "decision is", "decisions are")
        flash(f"{people} taken back, and those people are told. Proposals that ended with it stay ended.", "good")
    return redirect(_back())


def _act() -> Act:
    name = request.form.get("act", "")
    if name not in ACTS:
        raise InvalidInput("Choose what to do: approve, put on the waiting list, or turn down.")
    return ACTS[name]


def _ticked() -> list[int]:
    ids = [int(number) for number in request.form.getlist("member") if number.isdecimal() and len(number) < 12]
    if len(ids) > SIZE:
        raise InvalidInput(f"At most {SIZE} people can be decided on at once. Tick fewer.")
    return _here(ids)


def _here(ids: list[int]) -> list[int]:
    """Return the ids as they are, unless one is not of this programme's cycle."""
    require_members(reading(), this_cycle().id, ids)
    return ids


def _back() -> str:
    wanted = request.form.get("back", "")
    home = url_for(".index")
    return wanted if wanted.startswith(f"{home}?") and wanted.isprintable() else home


def _review(act: Act, ids: list[int], wrong: dict[str, str] | None = None) -> str:
    tx = reading()
    members = load_members(tx, ids)
    if not members:
        raise NotFound("These people are not in the cycle any more. Load the list again.")
    return render_template(
        "wayfellow_web/applications/review.html",
        act_key=next(key for key, one in ACTS.items() if one is act),
        act=act,
        members=members,
        letter=_letter(act, members[0]),
        reasons=REJECT_REASONS,
        MEMBER_STATES=MEMBER_STATES,
        typed=request.form,
        wrong=wrong or {},
        back=_back(),
    )


def _letter(act: Act, member: Member) -> Words | None:
    form = letters.form_for(member.state, act.state, by_self=False)
    if form is None:
        return None
    place = {"programme": this_programme().name, "cycle": this_cycle().name, "role": member.role, "name": member.name}
    reason = request.form.get("reason", "")
    said = letters.REASONS[RejectReason(reason)] if reason in set(RejectReason) else "[The reason that you choose.]"
    place |= {"reason": said, "note": request.form.get("note", "").strip()} if "reason" in form.placeholders else {}
    return letters.reword(reading(), [letters.MemberLetter(form, place)])[0]


def _listing() -> Listing:
    return this_listing(
        sorts=SORTS, default_sort="applied", role={str(role) for role in ROLES}, state={str(s) for s in STATES}
    )


def _members(listing: Listing, cycle_id: int) -> Page[Member]:
    listing = replace(listing, choices={**listing.choices, "state": listing.state or MembershipState.APPLIED.value})
    return list_members(
        reading(),
        cycle_id,
        search=listing.search,
        role=Role(listing.role) if listing.role else None,
        state=MembershipState(listing.state),
        sort=listing.sort,
        page=listing.page,
        size=SIZE,
    )
