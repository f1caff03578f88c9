"""Let in somebody who comes without a ticket: they get one at the door, and come in with it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select

from wayfellow.deployment import Deployment, Transaction
from wayfellow.errors import Conflict, NotAllowed, NotFound
from wayfellow.people.models import Person
from wayfellow.people.service import create_person
from wayfellow.types import ANONYMOUS
from wayfellow.words import gettext
from wayfellow_events.door.models import Right, Scan
from wayfellow_events.door.outcomes import Outcome
from wayfellow_events.door.reading import Post, read_post
from wayfellow_events.door.scanning import Asked, take_scan
from wayfellow_events.events.models import TicketType
from wayfellow_events.registration.models import Origin, Registration
from wayfellow_events.registration.models import RegistrationState as State
from wayfellow_events.registration.moving import move
from wayfellow_events.registration.places import add_place, take_place
from wayfellow_events.registration.registering import enter, require_open
from wayfellow_events.registration.states import ACTIVE
from wayfellow_events.tickets.issuing import code_of, ticket_of
from wayfellow_events.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Be somebody at the door. ``beyond`` is why they get in though there is no place; ``queue`` puts them in line."""

    key: str
    name: str
    type_id: int
    email: str = ""
    point_id: int | None = None
    queue: bool = False
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class Came:
    """Be what came of a walk-in: where they stand, and their ticket's code and scan where they have a place."""

    state: State
    code: str = ""
    outcome: Outcome | None = None


def let_in(deployment: Deployment, token: str, who: WalkIn) -> Came:
    """Register somebody at the door and check them in; the same key twice is one person.

    Raises NotAllowed for a device that may not search, or not let in beyond the places, Conflict where no place is
    left or they have one already, NotFound, InvalidInput.
    """
    with deployment.transaction(ANONYMOUS) as tx:
        post = read_post(tx, token, who.point_id)
        _require_rights(post, who)
        registration = _known(tx, post, who) or _register(tx, post, who)
        state = State(registration.state)
        if state is not State.CONFIRMED:
            return Came(state)
        code = code_of(tx, ticket_of(tx, registration.id)) or ""
    asked = Asked(who.key, code=code, point_id=who.point_id, override=who.beyond)
    return Came(state, code, take_scan(deployment, token, asked))


def _reference(who: WalkIn) -> str:
    return f"walk-in {who.key}"


def _known(tx: Transaction, post: Post, who: WalkIn) -> Registration | None:
    """Return the registration that this key made before, by its scan or by the person."""
    here = select(Registration).where(Registration.event_id == post.event.id)
    by_scan = here.join(Ticket, Ticket.registration_id == Registration.id)
    found = tx.session.scalar(by_scan.join(Scan, Scan.ticket_id == Ticket.id).where(Scan.key == who.key))
    by_person = here.join(Person, Person.id == Registration.person_id)
    return found or tx.session.scalar(by_person.where(Person.reference == _reference(who)))


def _require_rights(post: Post, who: WalkIn) -> None:
    if Right.SEARCH not in post.device.rights:
        raise NotAllowed(gettext("This device may not add people. Ask somebody whose device may."))
    if who.beyond and Right.OVERRIDE not in post.device.rights:
        raise NotAllowed(gettext("This device may not let people in beyond the places. Ask somebody whose device may."))


def _register(tx: Transaction, post: Post, who: WalkIn) -> Registration:
    kind = tx.session.get(TicketType, who.type_id)
    if kind is None or kind.event_id != post.event.id:
        raise NotFound(gettext("There is no such kind of ticket at this event. Ask for the list of points."))
    require_open(tx, post.event, kind.id)
    person_id = _person(tx, who)
    known = select(Registration).where(Registration.event_id == post.event.id, Registration.person_id == person_id)
    before = tx.session.scalar(known)
    if before is not None and State(before.state) in ACTIVE:
        raise Conflict(gettext("Somebody with this address is registered already. Search their name."))
    registration = enter(tx, post.event, kind, person_id, {}, origin=Origin.WALK_IN, must_answer=False)
    _place(tx, post, registration, who)
    return registration


def _place(tx: Transaction, post: Post, registration: Registration, who: WalkIn) -> None:
    if take_place(tx.session, post.event.id, registration.type_id):
        move(tx, post.event, registration, State.CONFIRMED)
    elif who.beyond:
        add_place(tx.session, post.event.id, registration.type_id)
        move(tx, post.event, registration, State.CONFIRMED)
    elif who.queue:
        move(tx, post.event, registration, State.WAITLISTED)
    else:
        raise Conflict(gettext("No place is left. Put them on the waiting list, or ask somebody who may let them in."))


def _person(tx: Transaction, who: WalkIn) -> int:
    if who.email:
        known = tx.session.scalar(select(Person.id).where(Person.email == who.email))
        if known is not None:
            return known
    acting = replace(tx, actor=replace(tx.actor, is_system=True))  # keeping the door is all the right that it takes
    return create_person(acting, None, name=who.name, email=who.email or None, reference=_reference(who)).id
