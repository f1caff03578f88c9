"""List the people of a cycle: search, filter, sort, pages, export; the address keeps all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, Response, render_template

from wayfellow.pages import page
from wayfellow.paging import Page, every_item
from wayfellow.programmes.members import Member, count_members, list_members
from wayfellow.programmes.models import MembershipState
from wayfellow.types import Role
from wayfellow_web.handing_over import hand_over
from wayfellow_web.listing import Listing, this_listing
from wayfellow_web.programme import this_cycle, this_programme
from wayfellow_web.site import reading
from wayfellow_web.words import MEMBER_STATES

blueprint = Blueprint("people", __name__)

SORTS = ("name", "role", "state", "capacity", "email")
HEADINGS = ("person_id", "name", "email", "role", "state", "capacity", "job_title", "timezone")
ROLES = (Role.MENTOR, Role.MENTEE)


@blueprint.get("/")
@page("people.read")
def index() -> str:
    """Show one page of the list."""
    listing, cycle = _listing(), this_cycle()
    members = _members(listing, cycle.id)
    counts = count_members(reading(), cycle.id)
    return render_template(
        "wayfellow_web/people/index.html",
        listing=listing,
        members=members,
        mentors=counts.of(Role.MENTOR, None),
        mentees=counts.of(Role.MENTEE, None),
        states=[(state.value, MEMBER_STATES[state][1]) for state in MembershipState],
        MEMBER_STATES=MEMBER_STATES,
    )


@blueprint.get("/export.<suffix>")
@page("people.export", fresh=True)
def export(suffix: str) -> Response:
    """Hand over the list as the address narrows it, as CSV, XLSX or what a plugin writes."""
    return hand_over(f"{this_programme().slug}-people", suffix, HEADINGS, _rows(_listing(), this_cycle().id))


def _rows(listing: Listing, cycle_id: int) -> Iterator[tuple[object, ...]]:
    """Yield all rows of a list; the headings are those that an import reads."""
    for m in every_item(lambda number: _members(replace(listing, page=number), cycle_id, size=500)):
        yield (m.reference, m.name, m.email or "", m.role, m.state, m.capacity, m.job_title, m.timezone)


def _listing() -> Listing:
    return this_listing(
        sorts=SORTS, default_sort="name", role={str(role) for role in ROLES}, state={str(s) for s in MembershipState}
    )


def _members(listing: Listing, cycle_id: int, size: int = 50) -> Page[Member]:
    return list_members(
        reading(),
        cycle_id,
        search=listing.search,
        role=Role(listing.role) if listing.role else None,
        state=MembershipState(listing.state) if listing.state else None,
        sort=listing.sort,
        page=listing.page,
        size=size,
    )
