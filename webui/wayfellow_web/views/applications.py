"""Decide on applications: one list with search, filter, sort, pages and export, single acts and many at once."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow import permissions
from wayfellow.errors import InvalidInput, NotFound
from wayfellow.mentorships.standing import restore, set_states
from wayfellow.notify.languages import speaking_to
from wayfellow.notify.texts import Words, changed_words, fill
from wayfellow.pages import page
from wayfellow.paging import Page
from wayfellow.programmes import letters
from wayfellow.programmes.listing import load_members
from wayfellow.programmes.members import Member, count_members, list_members
from wayfellow.programmes.models import MembershipState, RejectReason
from wayfellow.programmes.parts import require_members
from wayfellow.programmes.standing import Why
from wayfellow.types import Role
from wayfellow.words import gettext, later, ngettext
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
    """Be what coordinators do with an application: where it goes, and the button."""

    state: MembershipState
    label: str


ACTS = {
    "approve": Act(MembershipState.APPROVED, later("Approve")),
    "waitlist": Act(MembershipState.WAITLISTED, later("Waiting list")),
    "reject": Act(MembershipState.REJECTED, later("Turn down")),
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
        flash(gettext("Nobody was ticked, so nothing changed. Tick people first, then choose what to do."), "warn")
        return redirect(_back())
    return _review(_act(), ids)


@blueprint.post("/decide")
@page("people.edit")
def decide() -> Response | tuple[str, int]:
    """Do the act, all of it or nothing; it can be taken back."""
    act, ids = _act(), _ticked()
    reason, note = request.form.get("reason", ""), request.form.get("note", "").strip()
    if act.state is MembershipState.REJECTED and reason not in set(RejectReason):
        return _review(act, ids, {"reason": gettext("Choose the reason that comes closest.")}), 422
    why = Why(RejectReason(reason) if reason in set(RejectReason) else None, note)
    try:
        with writing() as tx:
            moved = set_states(tx, ids, act.state, why)
    except InvalidInput as error:
        return _review(act, ids, {problem.column or "": problem.message for problem in error.problems}), error.status
    if moved:
        flash_undo(_done(act, moved), url_for(".undo"), member=" ".join(map(str, ids)), back=_back())
    return redirect(_back())


@blueprint.post("/undo")
@page("people.edit")
def undo() -> Response:
    """Take the last decision on some people back."""
    ids = [int(number) for number in request.form.get("member", "").split() if number.isdecimal()][:SIZE]
    with writing() as tx:
        moved = restore(tx, _here(ids))
    if moved:
        sentence = ngettext(
            "%(num)s decision is taken back, and that person is told. Proposals that ended with it stay ended.",
            "%(num)s decisions are taken back, and those people are told. Proposals that ended with it stay ended.",
            moved,
        )
        flash(sentence, "good")
    return redirect(_back())


def _done(act: Act, moved: int) -> str:
    if act.state is MembershipState.APPROVED:
        return ngettext("%(num)s person is approved.", "%(num)s people are approved.", moved)
    if act.state is MembershipState.REJECTED:
        return ngettext("%(num)s person is turned down.", "%(num)s people are turned down.", moved)
    return ngettext("%(num)s person is on the waiting list.", "%(num)s people are on the waiting list.", moved)


def _act() -> Act:
    name = request.form.get("act", "")
    if name not in ACTS:
        raise InvalidInput(gettext("Choose what to do: approve, put on the waiting list, or turn down."))
    return ACTS[name]


def _ticked() -> list[int]:
    ids = [int(number) for number in request.form.getlist("member") if number.isdecimal() and len(number) < 12]
    if len(ids) > SIZE:
        raise InvalidInput(gettext("At most %(most)s people can be decided on at once. Tick fewer.", most=SIZE))
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
        raise NotFound(gettext("These people are not in the cycle any more. Load the list again."))
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
    tx, reason = reading(), request.form.get("reason", "")
    changed = changed_words(tx, [form.key])
    with speaking_to(tx, member.person_id):
        place = {"programme": this_programme().name, "cycle": this_cycle().name, "name": member.name}
        place["role"] = permissions.ROLES[member.role]
        if "reason" in form.placeholders:
            known = reason in set(RejectReason)
            place["reason"] = (
                letters.REASONS[RejectReason(reason)] if known else gettext("[The reason that you choose.]")
            )
            place["note"] = request.form.get("note", "").strip()
        return fill(changed.get(form.key, form.words), place)


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
