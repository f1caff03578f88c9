"""List the tables, in the order in which they refer to each other."""

from __future__ import annotations

from wayfellow.db import Base
from wayfellow_events.door.models import Area, Conflict, Device, Point, Presence, Scan
from wayfellow_events.events.models import Event, Invitation, Question, Series, TeamMember, TicketType
from wayfellow_events.registration.models import Answer, Registration
from wayfellow_events.tickets.models import Ticket, TicketCode

TABLES: tuple[type[Base], ...] = (
    Series,
    Event,
    TicketType,
    Question,
    TeamMember,
    Invitation,
    Registration,
    Answer,
    Ticket,
    TicketCode,
    Area,
    Point,
    Device,
    Scan,
    Presence,
    Conflict,
)
