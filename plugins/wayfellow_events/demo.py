"""Give the demo programme a gathering that is almost full, with a waiting list."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.programmes.models import Cycle, Membership, Programme
from wayfellow_events.events.facts import EventFacts
from wayfellow_events.events.models import Moment, Question, QuestionKind, Visibility
from wayfellow_events.events.saving import create_event
from wayfellow_events.events.ticket_types import list_types
from wayfellow_events.registration.models import Registration
from wayfellow_events.registration.moving import confirm_or_queue
from wayfellow_events.registration.registering import enter

_PEOPLE, _PLACES = 45, 40


def fill(tx: Transaction, programme_id: int) -> None:
    """Plan the gathering for an evening in three weeks, and let the first people of the programme register."""
    event = create_event(tx, programme_id, _facts(tx, programme_id))
    food = {"label": "What do you eat?", "kind": QuestionKind.CHOICE, "options": ["everything", "no meat", "vegan"]}
    tx.session.add(Question(event_id=event.id, moment=Moment.REGISTRATION, **food))
    kind = list_types(tx, event.id)[0]
    members = select(Membership.person_id).join(Cycle, Cycle.id == Membership.cycle_id).distinct()
    members = members.where(Cycle.programme_id == programme_id).order_by(Membership.person_id)
    for person_id in tx.session.scalars(members.limit(_PEOPLE)).all():
        registration: Registration = enter(tx, event, kind, person_id, {})
        confirm_or_queue(tx, event, registration)


def _facts(tx: Transaction, programme_id: int) -> EventFacts:
    zone = tx.session.get_one(Programme, programme_id).timezone
    day = (tx.now() + timedelta(days=21)).astimezone(ZoneInfo(zone)).date()
    begins, ends = (
        datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC) for clock in (time(17, 30), time(20, 0))
    )
    return EventFacts(
        title="Winter gathering: first steps on the way",
        starts_at=begins,
        ends_at=ends,
        timezone=zone,
        place="The Old Rope Works, 14 Tar Lane, Bristol",
        description="An evening to meet the people you share this winter with. Bring something you are stuck on; "
        "nobody presents slides.",
        agenda="17:30 Doors, coats, name badges\n18:00 Soup and a welcome\n18:30 Question trail in threes\n"
        "19:30 Open room",
        capacity=_PLACES,
        visibility=Visibility.PUBLIC,
    )
