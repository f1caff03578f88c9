"""Show people the events that they find, and register them."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, flash, redirect, request, url_for
from sqlalchemy import select

from wayfellow.errors import Conflict, InvalidInput, TooMany, WayfellowError
from wayfellow.pages import PUBLIC, SIGNED_IN, page
from wayfellow.programmes.models import Programme
from wayfellow.words import gettext
from wayfellow_events.events.access import find_by_slug, has_duty, is_host
from wayfellow_events.events.calendar import MEDIA_TYPE, calendar_of
from wayfellow_events.events.listing import CALLED_OFF, PAST, UPCOMING, EventQuery, list_events, list_run_by
from wayfellow_events.events.models import Audience, Moment
from wayfellow_events.events.series import others_of, series_of
from wayfellow_events.events.ticket_types import list_types, offers_of
from wayfellow_events.registration.answers import field_of, list_questions
from wayfellow_events.registration.guests import ask_as_guest
from wayfellow_events.registration.listing import find_mine
from wayfellow_events.registration.models import RegistrationState as State
from wayfellow_events.registration.others import check_guest
from wayfellow_events.registration.registering import register
from wayfellow_events.views.frame import Answer, Rule, render, site, wrong_with

SORTS = ("when", "title", "taken")


@page(SIGNED_IN)
def index() -> str:
    """List the events that the person finds."""
    listing = site().listing(sorts=SORTS, default_sort="when", show={UPCOMING, PAST, CALLED_OFF})
    query = EventQuery(listing.search, listing.show or UPCOMING, listing.sort, listing.page)
    tx = site().reading()
    return render("index.html", listing=listing, found=list_events(tx, query), run=list_run_by(tx))


@page(PUBLIC)
def show(event: str) -> str:
    """Say what an event is, and how to come."""
    return _show(event)


@page(SIGNED_IN)
def come(event: str) -> Answer:
    """Register the person who asks."""
    found = find_by_slug(site().reading(), event)
    try:
        with site().writing() as tx:
            registration = register(tx, found.id, _type(), request.form, badge_name=request.form.get("badge_name", ""))
    except WayfellowError as error:
        return _refused(event, error)
    flash(_said(State(registration.state)), "good")
    return redirect(url_for("events.ticket", registration_id=registration.id))


@page(PUBLIC)
def come_as_guest(event: str) -> Answer:
    """Ask that a link to confirm is sent to a guest; the answer is the same whether or not the address is known."""
    tx = site().reading()
    find_by_slug(tx, event)
    try:
        _, email = check_guest(request.form)
        site().limit_mails(email)
        with site().writing() as tx:
            ask_as_guest(tx, event, _type(), request.form)
    except WayfellowError as error:
        return _refused(event, error)
    return redirect(url_for("events.mailed", event=event))


@page(PUBLIC)
def mailed(event: str) -> str:
    """Say that a mail is on its way."""
    return render("mailed.html", event=find_by_slug(site().reading(), event))


@page(PUBLIC)
def calendar(event: str) -> Response:
    """Hand an event over as a calendar file."""
    tx = site().reading()
    found = find_by_slug(tx, event)
    headers = {"Content-Disposition": f'attachment; filename="{found.slug}.ics"'}
    return Response(calendar_of(found, tx.config.organisation, tx.now()), mimetype=MEDIA_TYPE, headers=headers)


def _type() -> int:
    chosen = request.form.get("type", "")
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 10):
        raise Conflict(gettext("Choose a kind of ticket."))
    return int(chosen)


def _refused(slug: str, error: WayfellowError) -> Answer:
    """Show the form again with what was typed; what is not about the form goes its usual way."""
    if isinstance(error, InvalidInput):
        return _show(slug, request.form, wrong_with(error)), error.status
    if isinstance(error, (Conflict, TooMany)):
        return _show(slug, request.form, {"": str(error)}), error.status
    raise error


def _show(slug: str, typed: Mapping[str, str] = {}, wrong: Mapping[str, str] = {}) -> str:
    tx = site().reading()
    event = find_by_slug(tx, slug)
    signed_in = tx.actor.person_id is not None
    inside = event.visibility == "invited" or any(
        grant.programme_id in (None, event.programme_id) for grant in tx.actor.grants
    )
    kinds = [
        kind
        for kind in list_types(tx, event.id)
        if kind.audience == Audience.EVERYONE or (kind.audience == Audience.MEMBERS and signed_in and inside)
    ]
    return render(
        "show.html",
        event=event,
        programme_name=tx.session.scalar(select(Programme.name).where(Programme.id == event.programme_id)),
        series=series_of(tx, event),
        others=others_of(tx, event),
        offers=offers_of(tx, event, kinds),
        questions=list_questions(tx, event.id, Moment.REGISTRATION),
        field_of=field_of,
        options_of=lambda question: [(option, option) for option in question.options],
        mine=find_mine(tx, event.id) if signed_in else None,
        signed_in=signed_in,
        can_mail=tx.config.mail is not None,
        hosts=signed_in and (is_host(tx, event) or has_duty(tx, event.id) or tx.may("events.read", event.programme_id)),
        over=event.ends_at <= tx.now(),
        typed=typed,
        wrong=wrong,
    )


def _said(state: State) -> str:
    if state is State.CONFIRMED:
        return gettext("You are in. The ticket is also on its way to your mail.")
    if state is State.REQUESTED:
        return gettext("The hosts have your registration, and you hear from them.")
    return gettext("You are on the waiting list, and hear from us when a place comes free.")


RULES: tuple[Rule, ...] = (
    ("GET", "/", "index", index),
    ("GET", "/e/<event>", "show", show),
    ("POST", "/e/<event>/come", "come", come),
    ("POST", "/e/<event>/guest", "come_as_guest", come_as_guest),
    ("GET", "/e/<event>/mailed", "mailed", mailed),
    ("GET", "/e/<event>/event.ics", "calendar", calendar),
)
