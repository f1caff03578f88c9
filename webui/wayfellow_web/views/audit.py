"""Show who did what to whom and when; search it, and hand it over as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, Response, render_template, request

from wayfellow.errors import NotFound
from wayfellow.pages import page
from wayfellow.people.audit_log import Shown, Wanted, export_entries, list_areas, list_entries
from wayfellow.tabular.writing import FORMATS
from wayfellow_web.listing import Listing, this_listing
from wayfellow_web.programme import my_programmes
from wayfellow_web.site import deployment, reading, writing

blueprint = Blueprint("audit", __name__)

HEADINGS = ("at", "actor", "action", "subject", "programme", "details")


@dataclass(frozen=True, slots=True)
class Days:
    """Hold the days that the address names, as typed and as read; a day that is none counts as not named."""

    since: str
    until: str

    def wanted(self, listing: Listing) -> Wanted:
        """Return what is looked for; both days belong to it, counted in UTC."""
        first, last = _day(self.since), _day(self.until)
        return Wanted(
            search=listing.search,
            area=listing.area,
            since=datetime.combine(first, time(), UTC) if first else None,
            until=datetime.combine(last, time(), UTC) + timedelta(days=1) if last and last < date.max else None,
        )


@blueprint.get("/")
@page("audit.read")
def index() -> str:
    """List entries, the newest first."""
    tx = reading()
    areas = list_areas(tx)
    listing, days = this_listing(area=areas, since=_Anything(), until=_Anything()), _days()
    return render_template(
        "wayfellow_web/audit/index.html",
        listing=listing,
        areas=areas,
        entries=list_entries(tx, days.wanted(listing), page=listing.page),
        programmes={programme.id: programme.name for programme in my_programmes()},
    )


@blueprint.get("/export.<suffix>")
@page("audit.read", fresh=True)
def export(suffix: str) -> Response:
    """Hand over the entries as the address narrows them; that is recorded too."""
    form = next((form for form in (*FORMATS, *deployment().host.formats) if form.suffix == suffix), None)
    if form is None:
        raise NotFound(f"The log can't be exported as {suffix}. Choose CSV or XLSX above the list.")
    listing, days = this_listing(area=list_areas(reading())), _days()
    with writing() as tx:
        entries = export_entries(tx, days.wanted(listing))
    headers = {"Content-Disposition": f'attachment; filename="audit-log.{suffix}"'}
    return Response(form.write(HEADINGS, list(_rows(entries))), mimetype=form.media_type, headers=headers)


def _rows(entries: list[Shown]) -> Iterator[tuple[object, ...]]:
    names = {programme.id: programme.name for programme in my_programmes()}
    for one in entries:
        details = "; ".join(f"{name}: {value}" for name, value in one.details.items())
        yield one.at.isoformat(), one.actor, one.action, one.subject, names.get(one.programme_id or 0, ""), details


class _Anything:
    """Be the values of a filter that takes any text."""

    def __contains__(self, value: object) -> bool:
        return True


def _days() -> Days:
    return Days(request.args.get("since", ""), request.args.get("until", ""))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
