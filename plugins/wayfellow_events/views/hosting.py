"""Let hosts see a programme's events, make them, change them, copy them and call them off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

from flask import Response, flash, redirect, request, url_for

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput
from wayfellow.pages import SIGNED_IN, page
from wayfellow.words import Wordlist, gettext, later
from wayfellow_events.events.access import get_hosted
from wayfellow_events.events.calling_off import call_off
from wayfellow_events.events.facts import EventFacts, read_facts
from wayfellow_events.events.listing import (
    CALLED_OFF,
    PAST,
    UPCOMING,
    EventQuery,
    EventRow,
    count_standings,
    list_events,
)
from wayfellow_events.events.models import Event, Visibility
from wayfellow_events.events.saving import copy_event, create_event
from wayfellow_events.events.series import series_of
from wayfellow_events.registration.hosting import change_event
from wayfellow_events.views.frame import Answer, Rule, render, site, wrong_with
from wayfellow_events.words import local

SORTS = ("when", "title", "taken")
HEADINGS = ("title", "starts_at", "ends_at", "timezone", "place", "state", "places", "taken", "waiting", "address")
VISIBILITIES: Mapping[str, str] = Wordlist(
    {
        Visibility.PROGRAMME: later("Everybody in the programme"),
        Visibility.INVITED: later("Only those who are invited"),
        Visibility.PUBLIC: later("Everybody, with a page for strangers"),
    }
)


@page("events.read")
def manage() -> str:
    """List a programme's events."""
    listing = _listing()
    programme, tx = site().programme(), site().reading()
    found = list_events(tx, _query(listing), programme.id)
    return render("manage.html", listing=listing, found=found, counts=count_standings(tx, programme.id))


@page("events.export", fresh=True)
def export(suffix: str) -> Response:
    """Hand the list over as the address narrows it."""
    programme = site().programme()
    answer: Response = site().hand_over(f"{programme.slug}-events", suffix, HEADINGS, _rows(programme.id))
    return answer


@page("events.edit")
def new() -> str:
    """Show the form of a new event."""
    zone = site().programme().timezone
    return _form("new.html", {"timezone": zone, "offer_hours": "24", "visibility": Visibility.PROGRAMME})


@page("events.edit")
def create() -> Answer:
    """Make an event."""
    try:
        facts = read_facts(request.form)
        with site().writing() as tx:
            event = create_event(tx, site().programme().id, facts)
    except InvalidInput as error:
        return _form("new.html", request.form, error), error.status
    flash(gettext("The event is there. Look at its tickets and questions next."), "good")
    return redirect(url_for("events.set_up", event_id=event.id))


@page(SIGNED_IN)
def edit(event_id: int) -> str:
    """Show the form of an event."""
    event = get_hosted(site().reading(), event_id)
    return _form("edit.html", typed_of(site().reading(), event), event=event)


@page(SIGNED_IN)
def save(event_id: int) -> Answer:
    """Change an event; who comes is told of a new time or place."""
    event = get_hosted(site().reading(), event_id)
    try:
        facts = read_facts(request.form)
        with site().writing() as tx:
            change_event(tx, event_id, facts)
    except InvalidInput as error:
        return _form("edit.html", request.form, error, event=event), error.status
    flash(gettext("The event is saved. Who comes is told where the time or the place changed."), "good")
    return redirect(url_for("events.guests", event_id=event_id))


@page(SIGNED_IN)
def copy(event_id: int) -> str:
    """Show the form of a copy, with everything but the time filled in."""
    event = get_hosted(site().reading(), event_id)
    return _form("copy.html", typed_of(site().reading(), event) | {"starts_at": "", "ends_at": ""}, event=event)


@page(SIGNED_IN)
def save_copy(event_id: int) -> Answer:
    """Make the copy."""
    event = get_hosted(site().reading(), event_id)
    try:
        facts = read_facts(request.form)
        with site().writing() as tx:
            made = copy_event(tx, event_id, facts)
    except InvalidInput as error:
        return _form("copy.html", request.form, error, event=event), error.status
    flash(gettext("The copy is there, with the same tickets and questions. Nobody is registered yet."), "good")
    return redirect(url_for("events.set_up", event_id=made.id))


@page(SIGNED_IN)
def ask_call_off(event_id: int) -> str:
    """Ask before an event is called off, as everybody who comes gets a mail."""
    return render("call-off.html", event=get_hosted(site().reading(), event_id))


@page(SIGNED_IN)
def do_call_off(event_id: int) -> Answer:
    """Call an event off."""
    with site().writing() as tx:
        call_off(tx, event_id, request.form.get("note", ""))
    flash(gettext("The event is called off, and everybody who was to come is told."), "good")
    return redirect(url_for("events.guests", event_id=event_id))


def typed_of(tx: Transaction, event: Event) -> dict[str, str]:
    """Return an event as its form shows it."""
    said = {key: getattr(event, key) for key in EventFacts.__dataclass_fields__ if key != "series"}
    said["series"] = series_of(tx, event)
    typed = {key: "" if value is None else str(value) for key, value in said.items()}
    for key in ("starts_at", "ends_at"):
        typed[key] = local(event, getattr(event, key)).strftime("%Y-%m-%dT%H:%M")
    return typed | {"needs_approval": "1" if event.needs_approval else ""}


def _form(
    template: str, typed: Mapping[str, str], error: InvalidInput | None = None, *, event: Event | None = None
) -> str:
    return render(template, typed=typed, wrong=wrong_with(error), event=event, VISIBILITIES=VISIBILITIES)


def _listing() -> Any:
    return site().listing(sorts=SORTS, default_sort="when", show={UPCOMING, PAST, CALLED_OFF})


def _query(listing: Any, page: int = 0, size: int = 50) -> EventQuery:
    return EventQuery(listing.search, listing.show or UPCOMING, listing.sort, page or listing.page, size)


def _rows(programme_id: int) -> Iterator[tuple[object, ...]]:
    listing, number, pages = _listing(), 1, 1
    while number <= pages:
        found = list_events(site().reading(), _query(listing, number, 500), programme_id)
        pages, number = found.pages, number + 1
        yield from map(_row, found.items)


def _row(row: EventRow) -> tuple[object, ...]:
    event = row.event
    times = (event.starts_at.astimezone(UTC).isoformat(), event.ends_at.astimezone(UTC).isoformat())
    places = "" if event.capacity is None else event.capacity
    address = url_for("events.show", event=event.slug, _external=True)
    return (event.title, *times, event.timezone, event.place, event.state, places, event.taken, row.waiting, address)


RULES: tuple[Rule, ...] = (
    ("GET", "/p/<programme>/", "manage", manage),
    ("GET", "/p/<programme>/export.<suffix>", "export", export),
    ("GET", "/p/<programme>/new", "new", new),
    ("POST", "/p/<programme>/new", "create", create),
    ("GET", "/<int:event_id>/edit", "edit", edit),
    ("POST", "/<int:event_id>/edit", "save", save),
    ("GET", "/<int:event_id>/copy", "copy", copy),
    ("POST", "/<int:event_id>/copy", "save_copy", save_copy),
    ("GET", "/<int:event_id>/call-off", "ask_call_off", ask_call_off),
    ("POST", "/<int:event_id>/call-off", "do_call_off", do_call_off),
)
