"""Show hosts who is registered for an event, and let them decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Response, flash, redirect, request, url_for

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput, NotFound
from wayfellow.pages import SIGNED_IN, page
from wayfellow.privacy.audit import record
from wayfellow.words import gettext, later, said
from wayfellow_events.events.access import get_hosted, get_watched, is_host
from wayfellow_events.events.listing import count_states
from wayfellow_events.events.ticket_types import list_types
from wayfellow_events.registration import answering
from wayfellow_events.registration.answers import answers_of, list_questions
from wayfellow_events.registration.listing import Guest, GuestQuery, list_guests
from wayfellow_events.registration.models import RegistrationState as State
from wayfellow_events.registration.others import add_person
from wayfellow_events.tickets.issuing import replace_code, set_blocked, ticket_of
from wayfellow_events.views.frame import STATES, Answer, Rule, render, site, wrong_with

SORTS = ("name", "kind", "state", "since", "queue")
HEADINGS = ("name", "email", "badge_name", "ticket", "state", "since")


def _with_ticket(act: Callable[[Transaction, int], object]) -> Callable[[Transaction, int], object]:
    return lambda tx, registration_id: act(tx, ticket_of(tx, registration_id).id)


#: What hosts do with a registration, and what is said when it is done.
ACTS: Mapping[str, tuple[Callable[[Transaction, int], object], str]] = {
    "approve": (answering.approve, later("They are told where they stand now.")),
    "let-in": (answering.let_in, later("They have a place now, beyond the limit.")),
    "decline": (answering.decline, later("They are told kindly, and the place goes on.")),
    "block": (
        _with_ticket(lambda tx, ticket: set_blocked(tx, ticket, True)),
        later("The ticket opens nothing for now."),
    ),
    "free": (
        _with_ticket(lambda tx, ticket: set_blocked(tx, ticket, False)),
        later("The ticket opens the door again."),
    ),
    "replace": (
        _with_ticket(replace_code),
        later("The ticket has a new code; its holder finds it under “My tickets”."),
    ),
}


#: What takes an act back; a place that went to somebody else in the meantime stays theirs.
UNDONE_BY = {"decline": "approve", "block": "free", "free": "block"}


@page(SIGNED_IN)
def guests(event_id: int) -> str:
    """List an event's registrations."""
    return _guests(event_id)


@page(SIGNED_IN, fresh=True)
def export_guests(event_id: int, suffix: str) -> Response:
    """Hand the list over with all answers, as the address narrows it."""
    event = get_hosted(site().reading(), event_id)
    questions = list_questions(site().reading(), event.id)
    rows = list(_rows(event.id, [question.id for question in questions]))
    with site().writing() as tx:
        record(tx, "registrations.exported", "event", event.id, event.programme_id, rows=len(rows))
    headings = (*HEADINGS, *(question.label for question in questions))
    answer: Response = site().hand_over(event.slug, suffix, headings, rows)
    return answer


@page(SIGNED_IN)
def decide(event_id: int, registration_id: int, act: str) -> Answer:
    """Decide on one registration."""
    if act not in ACTS:
        raise NotFound(gettext("There is no such thing to do. Go back to the list and use its buttons."))
    do, done = ACTS[act]
    with site().writing() as tx:
        _, event = answering.get_of_event(tx, registration_id)
        if event.id != event_id:
            raise NotFound(gettext("This registration is not of this event. Reload the list."))
        do(tx, registration_id)
    back = UNDONE_BY.get(act)
    if back is not None:
        again = url_for("events.decide", event_id=event_id, registration_id=registration_id, act=back)
        site().offer_undo(said(done), again)
    else:
        flash(said(done), "good")
    return redirect(url_for("events.guests", event_id=event_id))


@page(SIGNED_IN)
def add(event_id: int) -> Answer:
    """Register somebody by name and address."""
    form = request.form
    kind = form.get("type", "")
    try:
        with site().writing() as tx:
            get_hosted(tx, event_id)
            type_id = int(kind) if kind.isascii() and kind.isdigit() and len(kind) < 10 else 0
            registration = add_person(tx, event_id, type_id, form.get("name", ""), form.get("email", ""))
    except (Conflict, InvalidInput) as error:
        wrong = wrong_with(error) if isinstance(error, InvalidInput) else {"": str(error)}
        return _guests(event_id, form, wrong), error.status
    if registration.state == State.CONFIRMED:
        flash(gettext("They have a place and get the ticket by mail."), "good")
    else:
        flash(gettext("All is full: they are on the waiting list."), "good")
    return redirect(url_for("events.guests", event_id=event_id))


def _guests(event_id: int, typed: Mapping[str, str] = {}, wrong: Mapping[str, str] = {}) -> str:
    tx = site().reading()
    event, listing = get_watched(tx, event_id), _listing()
    kinds = list_types(tx, event.id)
    counts = {state: count for (_, state), count in count_states(tx, [event.id]).items()}
    return render(
        "guests.html",
        event=event,
        listing=listing,
        guests=list_guests(tx, event.id, _query(listing)),
        counts=counts,
        total=sum(counts.values()),
        kinds=kinds,
        may_edit=is_host(tx, event),
        over=event.ends_at <= tx.now(),
        typed=typed,
        wrong=wrong,
    )


def _listing() -> Any:
    return site().listing(sorts=SORTS, default_sort="name", state={str(state) for state in STATES}, kind=None)


def _query(listing: Any, page: int = 0, size: int = 50) -> GuestQuery:
    kind = int(listing.kind) if listing.kind.isascii() and listing.kind.isdigit() and len(listing.kind) < 10 else None
    return GuestQuery(listing.search, listing.state, kind, listing.sort, page or listing.page, size)


def _rows(event_id: int, question_ids: list[int]) -> Iterator[tuple[object, ...]]:
    listing, number, pages = _listing(), 1, 1
    tx = site().reading()
    while number <= pages:
        found = list_guests(tx, event_id, _query(listing, number, 500))
        pages, number = found.pages, number + 1
        answers = answers_of(tx, [guest.registration_id for guest in found.items])
        for guest in found.items:
            given = answers[guest.registration_id]
            yield (*_columns(guest), *(given.get(question_id, "") for question_id in question_ids))


def _columns(guest: Guest) -> tuple[object, ...]:
    return (guest.name, guest.email, guest.badge_name, guest.kind, guest.state.value, guest.since.isoformat())


RULES: tuple[Rule, ...] = (
    ("GET", "/<int:event_id>/", "guests", guests),
    ("GET", "/<int:event_id>/export.<suffix>", "export_guests", export_guests),
    ("POST", "/<int:event_id>/add", "add", add),
    ("POST", "/<int:event_id>/registrations/<int:registration_id>/<act>", "decide", decide),
)
