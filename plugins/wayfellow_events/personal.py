"""Hand over and erase what is kept about a person."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from wayfellow.types import JSON
from wayfellow_events.door.models import Scan
from wayfellow_events.events.models import Event, Invitation, Question, TeamMember, TicketType
from wayfellow_events.registration.models import Answer, Registration
from wayfellow_events.registration.models import RegistrationState as State
from wayfellow_events.registration.places import give_place_back
from wayfellow_events.registration.states import HOLDING
from wayfellow_events.tickets.models import Ticket


def collect(person_id: int, session: Session) -> Mapping[str, JSON] | None:
    """Return a person's registrations with their answers, and the events that they help with or are invited to."""
    query = select(Registration, Event.title, TicketType.name).join(Event, Event.id == Registration.event_id)
    query = query.join(TicketType, TicketType.id == Registration.type_id).where(Registration.person_id == person_id)
    rows = session.execute(query.order_by(Registration.id)).all()
    answers = _answers(session, [row[0].id for row in rows])
    checked_in = _check_ins(session, person_id)
    found: dict[str, JSON] = {
        "checked_in": checked_in,
        "registrations": [
            {
                "event": title,
                "ticket": kind,
                "state": registration.state,
                "badge_name": registration.badge_name,
                "registered_at": registration.created_at.isoformat(),
                "answers": answers.get(registration.id, {}),
            }
            for registration, title, kind in rows
        ],
    }
    for name, model in (("helps_with", TeamMember), ("invited_to", Invitation)):
        titles = select(Event.title).join(model, model.event_id == Event.id).where(model.person_id == person_id)
        found[name] = list(session.scalars(titles.order_by(Event.id)))
    return found if any(found.values()) else None


def erase(person_id: int, session: Session) -> int:
    """Remove all of it; places that are held come free, and the regular look offers them to those who wait."""
    mine = session.scalars(select(Registration).where(Registration.person_id == person_id)).all()
    for registration in mine:
        if State(registration.state) in HOLDING:
            give_place_back(session, registration.event_id, registration.type_id)
        session.delete(registration)
    session.flush()
    changed = len(mine)
    for model in (TeamMember, Invitation):
        gone = delete(model).where(model.person_id == person_id).returning(model.event_id)
        changed += len(session.scalars(gone).all())
    return changed


def _check_ins(session: Session, person_id: int) -> list[JSON]:
    query = select(Event.title, Scan.kind, Scan.gate, Scan.scanned_at).join(Event, Event.id == Scan.event_id)
    query = query.join(Ticket, Ticket.id == Scan.ticket_id)
    query = query.join(Registration, Registration.id == Ticket.registration_id)
    query = query.where(Registration.person_id == person_id, Scan.counts).order_by(Scan.id)
    return [
        {"event": title, "kind": kind, "gate": gate, "at": at.isoformat()}
        for title, kind, gate, at in session.execute(query)
    ]


def _answers(session: Session, registration_ids: list[int]) -> dict[int, dict[str, JSON]]:
    query = select(Answer.registration_id, Question.label, Answer.text).join(
        Question, Question.id == Answer.question_id
    )
    found: dict[int, dict[str, JSON]] = {}
    for number, label, text in session.execute(query.where(Answer.registration_id.in_(registration_ids))):
        found.setdefault(number, {})[label] = text
    return found
