"""Put an event with registrations in every state into the world that pages are visited in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import select

from wayfellow.deployment import Deployment, Transaction
from wayfellow.types import SYSTEM
from wayfellow_events.door.devices import code_of as link_code
from wayfellow_events.door.devices import enrol, invite_device
from wayfellow_events.door.points import save_point
from wayfellow_events.door.scanning import Asked, take_scan
from wayfellow_events.events.facts import EventFacts
from wayfellow_events.events.models import Event, Visibility
from wayfellow_events.events.questions import add_question
from wayfellow_events.events.saving import create_event
from wayfellow_events.events.team import add_helper
from wayfellow_events.events.ticket_types import list_types
from wayfellow_events.registration.models import Registration
from wayfellow_events.registration.models import RegistrationState as State
from wayfellow_events.registration.moving import confirm_or_queue, move
from wayfellow_events.registration.registering import LINK, enter
from wayfellow_events.tickets.codes import derive, digest
from wayfellow_events.tickets.issuing import code_of, ticket_of

FACTS = EventFacts(
    title="Winter gathering: first steps on the way",
    starts_at=datetime(2099, 12, 3, 17, 30, tzinfo=UTC),
    ends_at=datetime(2099, 12, 3, 20, 0, tzinfo=UTC),
    timezone="Europe/London",
    place="The Old Rope Works, 14 Tar Lane, Bristol",
    description="An evening to meet the people you share this winter with.\n\nBring something you are stuck on.",
    agenda="17:30 Doors, coats, name badges\n18:00 Soup and a welcome\nLate: open room",
    capacity=5,
    visibility=Visibility.PUBLIC,
    series="Winter evenings",
)


def add_events(tx: Transaction, programme_id: int, people: list[int], coordinator: str) -> dict[str, object]:
    """Make events and registrations; return samples for the arguments of addresses. The first person gets a ticket."""
    event = create_event(tx, programme_id, FACTS)
    for number in range(len(people) // 4):
        create_event(
            tx, programme_id, replace(FACTS, title=f"Circle {number}", capacity=None, series="Winter evenings")
        )
    choice = {"label": "What do you eat?", "kind": "choice", "options": "everything; no meat", "moment": "registration"}
    add_question(tx, event.id, choice)
    question = add_question(tx, event.id, {"label": "A seat near the door?", "kind": "yes_no", "moment": "door"})
    add_helper(tx, event.id, coordinator, "door")
    kind = list_types(tx, event.id)[0]
    for person_id in people:
        confirm_or_queue(tx, event, enter(tx, event, kind, person_id, {}))
    first = _of(tx, event, people[0])
    move(tx, event, _of(tx, event, people[1]), State.CANCELLED)
    samples = {"event": event.slug, "event_id": event.id, "type_id": kind.id, "question_id": question.id}
    return samples | {"registration_id": first.id, "link": derive(tx.config, LINK, first.link_seed)}


def add_door(deployment: Deployment, event_id: int, registration_id: int) -> dict[str, object]:
    """Put a point and phones to the door of an event, and scan; return samples for the arguments of addresses."""
    with deployment.transaction(SYSTEM) as tx:
        form = {"name": "Main door", "area": "Inside", "capacity": "80", "gates": "North; South"}
        point = save_point(tx, event_id, None, form, ())
        at = {"point": str(point.id)}
        phones = [invite_device(tx, event_id, at | {"name": name}, ()) for name in ("Sam", "Mei", "Ida")]
        links = [link_code(tx, event_id, phone.id)[1] for phone in phones]
        tokens = [digest(enrol(tx, link)[1]) for link in links[:2]]
        ticket = code_of(tx, ticket_of(tx, registration_id)) or ""
    for token in tokens:  # two phones let one ticket in without a network, so there is a conflict to settle
        take_scan(deployment, token, Asked(str(uuid4()), code=ticket, late=True, offline=True))
    take_scan(deployment, tokens[0], Asked(str(uuid4()), code="NOBODY ISSUED THIS"))
    return {"point_id": point.id, "device_id": phones[2].id}


def _of(tx: Transaction, event: Event, person_id: int) -> Registration:
    mine = select(Registration).where(Registration.event_id == event.id, Registration.person_id == person_id)
    return tx.session.scalars(mine).one()
