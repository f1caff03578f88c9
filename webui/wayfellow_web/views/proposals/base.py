"""Hold the blueprint of the proposals of a programme, and the state of their list."""

from __future__ import annotations

from flask import Blueprint, request, url_for

from wayfellow.mentorships.models import Origin
from wayfellow.mentorships.staff.listing import TABS, Wanted
from wayfellow_web.listing import Listing, this_listing

blueprint = Blueprint("proposals", __name__)

SORTS = ("mentee", "mentor", "changed", "until")


def read_listing() -> Listing:
    """Return the list's state as the address gives it."""
    return this_listing(sorts=SORTS, default_sort="-changed", tab=TABS.keys(), origin=set(Origin))


def wanted_of(listing: Listing) -> Wanted:
    """Return what a list asks core for."""
    return Wanted(listing.tab, listing.origin, listing.search, listing.sort)


def back_url() -> str:
    """Return where the form says that it came from, if that is this list, else the list."""
    back, home = request.values.get("back", ""), url_for("proposals.index")
    return back if back.startswith(f"{home}?") and back.isprintable() else home
