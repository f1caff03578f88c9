"""Register people: for a place, for a place in the queue, or for the hosts to decide."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput, NotAllowed, NotFound, Problem
from wayfellow.people.records import insert_ignoring
from wayfellow.tabular.values import clean_line
from wayfellow.words import gettext, later
from wayfellow_events.events.access import get_event, is_host
from wayfellow_events.events.models import Audience, Event, EventState, Moment, TicketType
from wayfellow_events.registration.answers import check_answers, keep_answers, list_questions
from wayfellow_events.registration.models import Origin, Registration
from wayfellow_events.registration.models import RegistrationState as State
from wayfellow_events.registration.moving import confirm_or_queue, move
from wayfellow_events.registration.states import ACTIVE
from wayfellow_events.tickets.codes import new_secret

#: What the links are derived for by which people manage a registration; see :mod:`wayfellow_events.tickets.codes`.
LINK = "link"


def register(
    tx: Transaction, event_id: int, type_id: int, answers: Mapping[str, str] = {}, *, badge_name: str = ""
) -> Registration:
    """Register the actor for an event with a kind of ticket: one tap, where nothing is asked.

    ``answers`` holds the fields of the form. Raises NotFound, NotAllowed for strangers, InvalidInput, and Conflict when
    the event is over, the kind of ticket is not for them or not now, or they are registered already.
    """
    if tx.actor.person_id is None:
        raise NotAllowed(gettext("Sign in first, or register as a guest with your e-mail address."))
    event = get_event(tx, event_id)
    kind = require_open(tx, event, type_id)
    _require_audience(tx, event, kind)
    registration = enter(tx, event, kind, tx.actor.person_id, answers, badge_name=badge_name)
    settle(tx, event, registration)
    return registration


def require_open(tx: Transaction, event: Event, type_id: int) -> TicketType:
    """Return a kind of ticket that can be had now. Raises NotFound, Conflict."""
    kind = tx.session.get(TicketType, type_id)
    if kind is None or kind.event_id != event.id:
        raise NotFound(gettext("This kind of ticket is not here any more. Reload the page and choose another."))
    now = tx.now()
    if event.state != EventState.SCHEDULED:
        raise Conflict(gettext("%(title)s is called off, so nobody can register any more.", title=event.title))
    if event.ends_at <= now:
        raise Conflict(gettext("%(title)s is over. Look at the list of events for the next one.", title=event.title))
    if kind.opens_at is not None and now < kind.opens_at:
        raise Conflict(
            gettext("“%(name)s” tickets can't be had yet. The page of the event says from when.", name=kind.name)
        )
    if kind.closes_at is not None and kind.closes_at <= now:
        raise Conflict(gettext("“%(name)s” tickets can't be had any more. Ask the hosts of the event.", name=kind.name))
    return kind


def enter(
    tx: Transaction,
    event: Event,
    kind: TicketType,
    person_id: int,
    answers: Mapping[str, str],
    *,
    badge_name: str = "",
    origin: Origin = Origin.SELF,
    must_answer: bool = True,
) -> Registration:
    """Write a registration down that is nowhere yet; of two that come at once, one is entered.

    Without ``must_answer`` what is asked stays open, since the host who registers somebody can't know. Raises
    InvalidInput, and Conflict for somebody who is registered already.
    """
    given = check_answers(list_questions(tx, event.id, Moment.REGISTRATION), answers) if must_answer else {}
    badge = _clean_badge(badge_name)
    secret, now = new_secret(tx.config, LINK), tx.now()
    row = {"event_id": event.id, "person_id": person_id, "type_id": kind.id, "state": State.CANCELLED}
    row |= {"link_seed": secret.seed, "link_hash": secret.hash, "created_at": now, "state_since": now}
    insert_ignoring(tx.session, Registration, [row | {"origin": origin, "badge_name": badge}])
    mine = select(Registration).where(Registration.event_id == event.id, Registration.person_id == person_id)
    registration = tx.session.scalars(mine.with_for_update()).one()
    if State(registration.state) in ACTIVE:
        raise Conflict(gettext("You are registered for this event already. Your ticket is under “My tickets”."))
    registration.type_id, registration.origin, registration.badge_name = kind.id, origin, badge
    keep_answers(tx, registration.id, given)
    return registration


def settle(tx: Transaction, event: Event, registration: Registration) -> None:
    """Take a registration to where it belongs: to the hosts, to a place, or to the queue."""
    if event.needs_approval and not (tx.actor.person_id and is_host(tx, event)):
        move(tx, event, registration, State.REQUESTED)
    else:
        confirm_or_queue(tx, event, registration)


def _require_audience(tx: Transaction, event: Event, kind: TicketType) -> None:
    if kind.audience == Audience.TEAM and not is_host(tx, event):
        raise Conflict(gettext("“%(name)s” tickets are given out by the hosts. Choose another kind.", name=kind.name))
    inside = any(grant.programme_id in (None, event.programme_id) for grant in tx.actor.grants)
    if kind.audience == Audience.MEMBERS and event.visibility != "invited" and not inside:
        raise Conflict(
            gettext("“%(name)s” tickets are for people of the programme. Choose another kind.", name=kind.name)
        )


def _clean_badge(text: str) -> str:
    try:
        return clean_line(text, later("The name on the badge")) if text.strip() else ""
    except ValueError as error:
        raise InvalidInput(str(error), (Problem(str(error), column="badge_name"),)) from error
