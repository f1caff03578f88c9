"""Read what a verdict is made of, in as few statements as there are questions: the device's side, and the ticket's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Integer, String, and_, bindparam, exists, func, select

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound, WayfellowError
from wayfellow.people.models import Person
from wayfellow.types import JSON
from wayfellow.words import gettext
from wayfellow_events.door.models import Area, Device, Point, Presence, Scan
from wayfellow_events.events.models import Event, Moment, Question, TicketType
from wayfellow_events.registration.answers import answers_of, list_questions
from wayfellow_events.registration.models import Registration
from wayfellow_events.tickets.codes import digest
from wayfellow_events.tickets.models import Ticket, TicketCode
from wayfellow_events.verdict.facts import PointFacts, PresenceFacts, TicketFacts

#: Rows may have been read, and changed since, by the scan before in the same transaction.
_ANEW = {"populate_existing": True}
#: For how long after the event its devices are known.
AFTERWARDS = timedelta(days=2)
CODE_LENGTH, MOST_AT_ONCE = 32, 4


@dataclass(frozen=True, slots=True)
class Post:
    """Be where a device stands: its event, a point, the area behind it. ``asks``: questions must be answered here."""

    device: Device
    event: Event
    point: Point
    area: Area
    asks: bool
    stored: Scan | None = None

    def facts(self) -> PointFacts:
        """Return the point as a verdict needs it."""
        return facts_of(self.point, self.area, self.event)


@dataclass(frozen=True, slots=True)
class Found:
    """Be a ticket that a code stands for, with what the verdict needs of it, and the version of its presence."""

    ticket_id: int
    registration_id: int
    short: str
    facts: TicketFacts
    presence: PresenceFacts
    version: int
    last_key: str


class NotEnrolled(WayfellowError):
    """Say that a device is not known, or was sent away: it wipes what it holds."""

    status = 401


def read_post(tx: Transaction, token: str, point_id: int | None = None, key: str | None = None) -> Post:
    """Return where the device with a token's digest stands, and the scan that has ``key`` already; one statement.

    Raises NotEnrolled for a token that is unknown, was sent away, or whose event is long over, and NotFound for a point
    of another event, in the same words as for one that does not exist.
    """
    known = {"token": token, "point": point_id, "key": key, "since": tx.now() - AFTERWARDS}
    row = tx.session.execute(_post(), known, execution_options=_ANEW).one_or_none()
    if row is None:
        raise NotEnrolled(gettext("Add this device to an event first: open the link that its hosts give you."))
    if row.Point is None:
        raise NotFound(gettext("There is no such check-in point at this event. Ask for the list of points."))
    return Post(*row)


def facts_of(point: Point, area: Area, event: Event) -> PointFacts:
    """Return a point as a verdict needs it, on the server and on a phone."""
    return PointFacts(
        event=event.id,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        name=point.name,
        event_state=event.state,
        is_open=point.is_open,
        types=point.types,
        opens_at=point.opens_at,
        closes_at=point.closes_at,
        reentry=point.reentry,
        exits=point.exits,
        capacity=area.capacity,
        rules=point.rules,
    )


def hashes_of(text: str) -> list[str]:
    """Return what to look codes up by. A hand scanner may send several codes in one line; the same one twice is one."""
    code = re.sub(r"\s", "", text).upper()
    several = len(code) // CODE_LENGTH
    if len(code) % CODE_LENGTH or not 1 <= several <= MOST_AT_ONCE:
        return [digest(code)]
    parts = (code[at * CODE_LENGTH : (at + 1) * CODE_LENGTH] for at in range(several))
    return list(dict.fromkeys(map(digest, parts)))


def read_tickets(tx: Transaction, post: Post, hashes: Sequence[str]) -> list[Found]:
    """Return the tickets of codes; one statement, and more only where questions or rules ask for more."""
    known = {"area": post.area.id, "hashes": hashes}
    rows = tx.session.execute(_by_code(), known, execution_options=_ANEW).all()
    found = {row.Ticket.id: _found(row, post, row.state) for row in rows}
    return [_with_more(tx, post, one) for one in found.values()]


def read_short(tx: Transaction, post: Post, short: str) -> list[Found]:
    """Return the ticket of this event that staff found by its holder's name, or none; one statement."""
    query = _tickets().where(Ticket.short == short, Ticket.event_id == post.event.id)
    rows = tx.session.execute(query, {"area": post.area.id}, execution_options=_ANEW).all()
    return [_with_more(tx, post, _found(row, post, "current")) for row in rows]


def read_logged(tx: Transaction, post: Post, ticket_id: int) -> Found | None:
    """Return the ticket of a scan in the log."""
    query = _tickets().where(Ticket.id == ticket_id)
    row = tx.session.execute(query, {"area": post.area.id}).one_or_none()
    return None if row is None else _found(row, post, "current")


def asked_of(tx: Transaction, post: Post, found: Found) -> tuple[dict[str, JSON], ...]:
    """Return the questions of the door that must be answered and are not, as devices ask them."""
    left = (one for one in list_questions(tx, post.event.id, Moment.DOOR) if one.label in found.facts.asks)
    return tuple(
        {"question": str(one.id), "label": one.label, "kind": one.kind, "options": one.options} for one in left
    )


# Statements that every scan sends are built once: putting one together takes longer than the database takes to answer.


@cache
def _post() -> Any:
    at = Point.id == func.coalesce(bindparam("point", type_=Integer), Device.point_id)
    asked = exists().where(Question.event_id == Event.id, Question.moment == Moment.DOOR, Question.required)
    query = select(Device, Event, Point, Area, asked, Scan).join(Event, Event.id == Device.event_id)
    query = query.outerjoin(Point, and_(at, Point.event_id == Event.id)).outerjoin(Area, Area.id == Point.area_id)
    query = query.outerjoin(Scan, Scan.key == bindparam("key", type_=String))
    query = query.where(Device.token_hash == bindparam("token"), Device.enrolled_at.is_not(None))
    return query.where(Device.revoked_at.is_(None), Event.ends_at > bindparam("since"))


@cache
def _by_code() -> Any:
    query = _tickets().join(TicketCode, TicketCode.ticket_id == Ticket.id).add_columns(TicketCode.state)
    return query.where(TicketCode.hash.in_(bindparam("hashes", expanding=True)))


@cache
def _tickets() -> Any:
    inside = and_(Presence.ticket_id == Ticket.id, Presence.area_id == bindparam("area"))
    query = select(Ticket, Registration, TicketType.name.label("type_name"), Person.name.label("name"), Presence)
    query = query.join(Registration, Registration.id == Ticket.registration_id)
    query = query.join(TicketType, TicketType.id == Registration.type_id)
    return query.join(Person, Person.id == Registration.person_id).outerjoin(Presence, inside)


def _found(row: Any, post: Post, code_state: str) -> Found:
    ticket, registration, presence = row.Ticket, row.Registration, row.Presence
    facts = TicketFacts(
        event=ticket.event_id,
        type=registration.type_id,
        holder=registration.badge_name or row.name,
        type_name=row.type_name,
        registration=registration.state,
        state=ticket.state,
        code_state=code_state,
    )
    was = presence_facts(presence, post.area.headcount)
    version, last_key = (presence.version, presence.last_key) if presence else (0, "")
    return Found(ticket.id, registration.id, ticket.short, facts, was, version, last_key)


def presence_facts(presence: Presence | None, headcount: int) -> PresenceFacts:
    """Return a presence as a verdict needs it."""
    if presence is None:
        return PresenceFacts(headcount=headcount)
    return PresenceFacts(
        presence.inside,
        presence.entries,
        presence.first_at,
        presence.last_at,
        presence.gate,
        presence.by,
        headcount,
    )


def _with_more(tx: Transaction, post: Post, found: Found) -> Found:
    facts, presence = found.facts, found.presence
    if facts.event != post.event.id:
        return found
    if post.asks or mentions(post.point.rules, "answer"):
        facts = replace(facts, **_answers(tx, post, found.registration_id))
    if mentions(post.point.rules, "elsewhere"):
        presence = replace(presence, elsewhere=_elsewhere(tx, post, found.ticket_id))
    return replace(found, facts=facts, presence=presence)


def _answers(tx: Transaction, post: Post, registration_id: int) -> Mapping[str, Any]:
    given = answers_of(tx, [registration_id])[registration_id]
    asked = list_questions(tx, post.event.id, Moment.DOOR) if post.asks else ()
    missing = tuple(one.label for one in asked if one.required and one.id not in given)
    return {"answers": {str(number): text for number, text in given.items()}, "asks": missing}


def _elsewhere(tx: Transaction, post: Post, ticket_id: int) -> tuple[str, ...]:
    query = select(Area.name).join(Presence, Presence.area_id == Area.id)
    query = query.where(Presence.ticket_id == ticket_id, Presence.inside, Area.id != post.area.id)
    return tuple(tx.session.scalars(query.order_by(Area.name)))


def mentions(rules: Sequence[Mapping[str, Any]], kind: str) -> bool:
    """Tell whether rules hold one of a kind, inside others too."""
    return any(rule["rule"] == kind or (rule["rule"] == "any" and mentions(rule["of"], kind)) for rule in rules)
