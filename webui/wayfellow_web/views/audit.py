"""Show who did what to whom and when; search it, and hand it over as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, Response, render_template

from wayfellow.pages import page
from wayfellow.people.audit_log import Shown, Wanted, export_entries, list_areas, list_entries
from wayfellow.tabular.values import clean_day
from wayfellow_web.handing_over import hand_over
from wayfellow_web.listing import Listing, this_listing
from wayfellow_web.programme import my_programmes
from wayfellow_web.site import reading, writing
from wayfellow_web.words import AUDIT_AREAS

blueprint = Blueprint("audit", __name__)

HEADINGS = ("at", "actor", "action", "subject", "programme", "details")


@blueprint.get("/")
@page("audit.read")
def index() -> str:
    """List entries, the newest first."""
    tx, listing = reading(), _listing()
    return render_template(
        "wayfellow_web/audit/index.html",
        listing=listing,
        areas=list_areas(tx),
        AREAS=AUDIT_AREAS,
        entries=list_entries(tx, _wanted(listing), page=listing.page),
        programmes={programme.id: programme.name for programme in my_programmes()},
    )


@blueprint.get("/export.<suffix>")
@page("audit.read", fresh=True)
def export(suffix: str) -> Response:
    """Hand over the entries as the address narrows them; that is recorded too."""
    with writing() as tx:
        entries = export_entries(tx, _wanted(_listing()))
    return hand_over("audit-log", suffix, HEADINGS, _rows(entries))


def _rows(entries: list[Shown]) -> Iterator[tuple[object, ...]]:
    names = {programme.id: programme.name for programme in my_programmes()}
    for one in entries:
        details = "; ".join(f"{name}: {value}" for name, value in one.details.items())
        yield one.at.isoformat(), one.actor, one.action, one.subject, names.get(one.programme_id or 0, ""), details


def _listing() -> Listing:
    return this_listing(area=None, since=None, until=None)


def _wanted(listing: Listing) -> Wanted:
    """Return what is looked for: both days belong to it, counted in UTC; a day that is none counts as not named."""
    first, last = _day(listing.since), _day(listing.until)
    return Wanted(
        search=listing.search,
        area=listing.area,
        since=datetime.combine(first, time(), UTC) if first else None,
        until=datetime.combine(last, time(), UTC) + timedelta(days=1) if last and last < date.max else None,
    )


def _day(text: str) -> date | None:
    try:
        return clean_day(text)
    except ValueError:
        return None
