"""Define the tables of events: the event itself, its kinds of tickets, its questions, and who runs it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wayfellow.db import Base


class Visibility(StrEnum):
    """Name who finds an event and may register, from the narrowest to the widest."""

    INVITED = "invited"
    PROGRAMME = "programme"
    PUBLIC = "public"


class EventState(StrEnum):
    """Name how an event stands; whether it is over is a matter of time, and never stored."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class Audience(StrEnum):
    """Name who may take a kind of ticket; ``team`` tickets are given out by the hosts alone."""

    MEMBERS = "members"
    EVERYONE = "everyone"
    TEAM = "team"


class QuestionKind(StrEnum):
    """Name how a question is answered."""

    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"


class Moment(StrEnum):
    """Name when a question is asked."""

    REGISTRATION = "registration"
    DOOR = "door"


class Duty(StrEnum):
    """Name what somebody of an event's team does: run the event, or stand at its door."""

    HOST = "host"
    DOOR = "door"


class Series(Base):
    """Be a row of events that belong together, such as the meetings of a circle."""

    __tablename__ = "events_series"
    __table_args__ = (UniqueConstraint("programme_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))


class Event(Base):
    """Be an event of a programme; windows and days are judged in its ``timezone``.

    ``taken`` counts the places that are held, of ``capacity`` (None: no limit); ``registration.places`` alone changes
    it. ``uid`` and ``sequence`` are what calendars know it by. ``offer_hours`` is how long a place that came free waits
    for the next in the queue. ``agenda`` holds a line for each point. ``search`` is folded, as with people.
    """

    __tablename__ = "events_event"
    __table_args__ = (
        CheckConstraint("taken >= 0", name="taken_range"),
        Index("ix_events_event_programme_id_starts_at", "programme_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("events_series.id", ondelete="SET NULL"))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    agenda: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(300), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    timezone: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    visibility: Mapped[str] = mapped_column(String(16), default=Visibility.PROGRAMME)
    state: Mapped[str] = mapped_column(String(16), default=EventState.SCHEDULED)
    needs_approval: Mapped[bool] = mapped_column(default=False)
    offer_hours: Mapped[int] = mapped_column(default=24)
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    search: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class TicketType(Base):
    """Be a kind of ticket, such as member, guest or speaker, with places and a window of its own."""

    __tablename__ = "events_ticket_type"
    __table_args__ = (UniqueConstraint("event_id", "name"), CheckConstraint("taken >= 0", name="taken_range"))

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events_event.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    audience: Mapped[str] = mapped_column(String(16), default=Audience.MEMBERS)
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=0)


class Question(Base):
    """Be something that people are asked as they register or at the door."""

    __tablename__ = "events_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events_event.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16), default=QuestionKind.TEXT)
    options: Mapped[list[Any]] = mapped_column(default=list)
    required: Mapped[bool] = mapped_column(default=False)
    moment: Mapped[str] = mapped_column(String(16), default=Moment.REGISTRATION)
    position: Mapped[int] = mapped_column(default=0)


class TeamMember(Base):
    """Be somebody who runs an event or stands at its door."""

    __tablename__ = "events_team_member"

    event_id: Mapped[int] = mapped_column(ForeignKey("events_event.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    duty: Mapped[str] = mapped_column(String(8), default=Duty.HOST)


class Invitation(Base):
    """Be one person's invitation to an event that only those who are invited find."""

    __tablename__ = "events_invitation"

    event_id: Mapped[int] = mapped_column(ForeignKey("events_event.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    invited_at: Mapped[datetime]
