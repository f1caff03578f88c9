"""Count what happens at the door, for the board of its team: a few statements, whatever the number of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from wayfellow.deployment import Transaction
from wayfellow.people.models import Person
from wayfellow_events.door.conflicts import Open, list_conflicts
from wayfellow_events.door.models import Area, Device, Kind, Presence, Scan
from wayfellow_events.events.access import get_watched
from wayfellow_events.events.models import Event, TicketType
from wayfellow_events.registration.models import Origin, Registration
from wayfellow_events.registration.models import RegistrationState as State
from wayfellow_events.tickets.models import Ticket

#: How wide a bar of arrivals is, how many there are, and how many scans are shown.
SPAN, BARS, LATEST = timedelta(minutes=5), 12, 12
#: A device that did not ask for this long is taken to have no network.
QUIET = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class OfType:
    """Be how many of a kind of ticket have come."""

    name: str
    arrived: int
    expected: int


@dataclass(frozen=True, slots=True)
class OfDevice:
    """Be a device at the door; ``quiet_since`` where it has not been heard of for a while."""

    name: str
    gate: str
    unsent: int
    seen_at: datetime | None
    quiet: bool


@dataclass(frozen=True, slots=True)
class Latest:
    """Be one scan of the last."""

    holder: str
    gate: str
    kind: str
    verdict: str
    counts: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """Be what the board shows of an event."""

    event: Event
    areas: Sequence[Area]
    arrived: int
    expected: int
    waiting: int
    walk_ins: int
    types: Sequence[OfType]
    arrivals: Sequence[tuple[datetime, int]]
    gates: Sequence[tuple[str, int]]
    devices: Sequence[OfDevice]
    latest: Sequence[Latest]
    conflicts: Sequence[Open]
    now: datetime


def read_board(tx: Transaction, event_id: int) -> Board:
    """Return what the board shows. Raises NotFound for those who may not see the event's registrations."""
    event, now = get_watched(tx, event_id), tx.now()
    areas = tx.session.scalars(select(Area).where(Area.event_id == event.id).order_by(Area.name)).all()
    types = _types(tx, event.id)
    counts = _registrations(tx, event.id)
    return Board(
        event,
        areas,
        arrived=sum(one.arrived for one in types),
        expected=sum(one.expected for one in types),
        waiting=sum(number for (state, _), number in counts.items() if state == State.WAITLISTED),
        walk_ins=sum(number for (_, origin), number in counts.items() if origin == Origin.WALK_IN),
        types=types,
        arrivals=_arrivals(tx, event.id, now),
        gates=_gates(tx, event.id),
        devices=_devices(tx, event.id, now),
        latest=_latest(tx, event.id),
        conflicts=list_conflicts(tx, event.id),
        now=now,
    )


def _types(tx: Transaction, event_id: int) -> list[OfType]:
    came = select(Presence.ticket_id).join(Area, Area.id == Presence.area_id)
    came = came.where(Area.event_id == event_id, Presence.entries > 0).distinct()
    arrived = func.count(Ticket.id).filter(Ticket.id.in_(came))
    expected = func.count(Registration.id).filter(Registration.state == State.CONFIRMED)
    query = select(TicketType.name, arrived, expected).outerjoin(Registration, Registration.type_id == TicketType.id)
    query = query.outerjoin(Ticket, Ticket.registration_id == Registration.id)
    query = query.where(TicketType.event_id == event_id).group_by(TicketType.id, TicketType.name, TicketType.position)
    return [OfType(*row) for row in tx.session.execute(query.order_by(TicketType.position, TicketType.id))]


def _registrations(tx: Transaction, event_id: int) -> dict[tuple[str, str], int]:
    query = select(Registration.state, Registration.origin, func.count()).where(Registration.event_id == event_id)
    rows = tx.session.execute(query.group_by(Registration.state, Registration.origin))
    return {(state, origin): number for state, origin, number in rows}


def _arrivals(tx: Transaction, event_id: int, now: datetime) -> list[tuple[datetime, int]]:
    last = now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0)
    bars = {last - SPAN * back: 0 for back in reversed(range(BARS))}
    query = select(Presence.first_at).join(Area, Area.id == Presence.area_id).where(Area.event_id == event_id)
    for moment in tx.session.scalars(query.where(Presence.entries > 0, Presence.first_at >= min(bars))):
        if moment is not None:
            bar = moment.replace(minute=moment.minute - moment.minute % 5, second=0, microsecond=0)
            bars[bar] = bars.get(bar, 0) + 1
    return sorted(bars.items())


def _gates(tx: Transaction, event_id: int) -> list[tuple[str, int]]:
    query = select(Presence.gate, func.count()).join(Area, Area.id == Presence.area_id)
    query = query.where(Area.event_id == event_id, Presence.entries > 0).group_by(Presence.gate)
    return [(gate, number) for gate, number in tx.session.execute(query.order_by(Presence.gate))]


def _devices(tx: Transaction, event_id: int, now: datetime) -> list[OfDevice]:
    query = select(Device).where(Device.event_id == event_id, Device.enrolled_at.is_not(None))
    found = tx.session.scalars(query.where(Device.revoked_at.is_(None)).order_by(Device.name, Device.id))
    return [
        OfDevice(one.name, one.gate, one.unsent, one.last_seen, one.last_seen is None or now - one.last_seen > QUIET)
        for one in found
    ]


def _latest(tx: Transaction, event_id: int) -> list[Latest]:
    query = select(Scan, Registration.badge_name, Person.name).outerjoin(Ticket, Ticket.id == Scan.ticket_id)
    query = query.outerjoin(Registration, Registration.id == Ticket.registration_id)
    query = query.outerjoin(Person, Person.id == Registration.person_id)
    query = query.where(Scan.event_id == event_id).order_by(Scan.id.desc()).limit(LATEST)
    return [
        Latest(badge or name or "", scan.gate, Kind(scan.kind), scan.verdict, scan.counts, scan.scanned_at)
        for scan, badge, name in tx.session.execute(query)
    ]
