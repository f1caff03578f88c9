"""Let hosts set an event up: its kinds of tickets, its questions, its team, and who is invited."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import flash, redirect, request, url_for

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput
from wayfellow.pages import SIGNED_IN, page
from wayfellow.words import Wordlist, gettext, later
from wayfellow_events.events.access import get_hosted
from wayfellow_events.events.models import Audience, Duty, Event, Moment, QuestionKind, TicketType
from wayfellow_events.events.questions import add_question, remove_question
from wayfellow_events.events.team import add_helper, invite, list_team, remove_helper
from wayfellow_events.events.ticket_types import get_type, list_types, remove_type
from wayfellow_events.registration.answers import list_questions
from wayfellow_events.registration.hosting import change_type
from wayfellow_events.views.frame import Answer, Rule, render, site, wrong_with
from wayfellow_events.words import local

AUDIENCES: Mapping[str, str] = Wordlist(
    {
        Audience.MEMBERS: later("People of the programme"),
        Audience.EVERYONE: later("Everybody, guests too"),
        Audience.TEAM: later("Only those whom the hosts add"),
    }
)
QUESTION_KINDS: Mapping[str, str] = Wordlist(
    {
        QuestionKind.TEXT: later("A few words"),
        QuestionKind.CHOICE: later("One of several answers"),
        QuestionKind.YES_NO: later("Yes or no"),
    }
)
MOMENTS: Mapping[str, str] = Wordlist(
    {Moment.REGISTRATION: later("As they register"), Moment.DOOR: later("At the door")}
)
DUTIES: Mapping[str, str] = Wordlist({Duty.HOST: later("Runs the event"), Duty.DOOR: later("Stands at the door")})


@page(SIGNED_IN)
def set_up(event_id: int) -> str:
    """Show all of it on one page."""
    return _page(event_id)


@page(SIGNED_IN)
def add_type(event_id: int) -> Answer:
    """Add a kind of ticket."""
    return _do(
        event_id, "type", lambda tx: change_type(tx, event_id, None, request.form), gettext("The tickets are added.")
    )


@page(SIGNED_IN)
def edit_type(event_id: int, type_id: int) -> str:
    """Show the form of a kind of ticket."""
    event, kind = _kind(event_id, type_id)
    return _type_page(event, kind, typed_of(event, kind))


@page(SIGNED_IN)
def save_type(event_id: int, type_id: int) -> Answer:
    """Change a kind of ticket."""
    event, kind = _kind(event_id, type_id)
    try:
        with site().writing() as tx:
            change_type(tx, event_id, type_id, request.form)
    except InvalidInput as error:
        return _type_page(event, kind, request.form, wrong_with(error)), error.status
    flash(gettext("The tickets are saved."), "good")
    return redirect(url_for("events.set_up", event_id=event_id))


@page(SIGNED_IN)
def drop_type(event_id: int, type_id: int) -> Answer:
    """Remove a kind of ticket."""
    return _do(
        event_id, "type", lambda tx: remove_type(tx, event_id, type_id), gettext("The kind of ticket is removed.")
    )


@page(SIGNED_IN)
def ask_question(event_id: int) -> Answer:
    """Add a question."""
    return _do(
        event_id, "question", lambda tx: add_question(tx, event_id, request.form), gettext("The question is added.")
    )


@page(SIGNED_IN)
def drop_question(event_id: int, question_id: int) -> Answer:
    """Remove a question."""
    done = gettext("The question is removed, with the answers to it.")
    return _do(event_id, "question", lambda tx: remove_question(tx, event_id, question_id), done)


@page(SIGNED_IN)
def join_team(event_id: int) -> Answer:
    """Add somebody to the team."""
    email, duty = request.form.get("email", ""), request.form.get("duty", "")
    return _do(event_id, "team", lambda tx: add_helper(tx, event_id, email, duty), gettext("They are of the team now."))


@page(SIGNED_IN)
def leave_team(event_id: int, person_id: int) -> Answer:
    """Take somebody out of the team."""
    with site().writing() as tx:
        email, duty = remove_helper(tx, event_id, person_id)
    again = url_for("events.join_team", event_id=event_id)
    site().offer_undo(gettext("They are not of the team any more."), again, email=email, duty=duty)
    return redirect(url_for("events.set_up", event_id=event_id))


@page(SIGNED_IN)
def invite_person(event_id: int) -> Answer:
    """Let somebody find the event."""
    email = request.form.get("email", "")
    return _do(
        event_id, "invite", lambda tx: invite(tx, event_id, email), gettext("They find the event among theirs now.")
    )


def _do(event_id: int, form: str, act: Callable[[Transaction], object], done: str) -> Answer:
    """Do an act and go back to the page; what was typed into the form that it came from stays where it is refused."""
    try:
        with site().writing() as tx:
            act(tx)
    except InvalidInput as error:
        wrong = {f"{form}-{key}" if key else "": why for key, why in wrong_with(error).items()}
        typed = {f"{form}-{key}": value for key, value in request.form.items()}
        return _page(event_id, typed, wrong), error.status
    flash(done, "good")
    return redirect(url_for("events.set_up", event_id=event_id))


def _page(event_id: int, typed: Mapping[str, str] = {}, wrong: Mapping[str, str] = {}) -> str:
    tx = site().reading()
    event = get_hosted(tx, event_id)
    return render(
        "set-up.html",
        event=event,
        kinds=list_types(tx, event.id),
        questions=list_questions(tx, event.id),
        team=list_team(tx, event.id),
        AUDIENCES=AUDIENCES,
        QUESTION_KINDS=QUESTION_KINDS,
        MOMENTS=MOMENTS,
        DUTIES=DUTIES,
        typed=typed,
        wrong=wrong,
    )


def _kind(event_id: int, type_id: int) -> tuple[Event, TicketType]:
    tx = site().reading()
    event = get_hosted(tx, event_id)
    return event, get_type(tx, event, type_id)


def _type_page(event: Event, kind: TicketType, typed: Mapping[str, str], wrong: Mapping[str, str] = {}) -> str:
    return render("type.html", event=event, kind=kind, typed=typed, wrong=wrong, AUDIENCES=AUDIENCES)


def typed_of(event: Event, kind: TicketType) -> dict[str, str]:
    """Return a kind of ticket as its form shows it."""
    typed = {
        "name": kind.name,
        "audience": kind.audience,
        "capacity": "" if kind.capacity is None else str(kind.capacity),
    }
    for key, moment in (("opens_at", kind.opens_at), ("closes_at", kind.closes_at)):
        typed[key] = local(event, moment).strftime("%Y-%m-%dT%H:%M") if moment else ""
    return typed


RULES: tuple[Rule, ...] = (
    ("GET", "/<int:event_id>/set-up", "set_up", set_up),
    ("POST", "/<int:event_id>/types", "add_type", add_type),
    ("GET", "/<int:event_id>/types/<int:type_id>", "edit_type", edit_type),
    ("POST", "/<int:event_id>/types/<int:type_id>", "save_type", save_type),
    ("POST", "/<int:event_id>/types/<int:type_id>/remove", "drop_type", drop_type),
    ("POST", "/<int:event_id>/questions", "ask_question", ask_question),
    ("POST", "/<int:event_id>/questions/<int:question_id>/remove", "drop_question", drop_question),
    ("POST", "/<int:event_id>/team", "join_team", join_team),
    ("POST", "/<int:event_id>/team/<int:person_id>/remove", "leave_team", leave_team),
    ("POST", "/<int:event_id>/invitations", "invite_person", invite_person),
)
