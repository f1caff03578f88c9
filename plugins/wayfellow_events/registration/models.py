"""Define the tables of registrations: who wants to come, where they stand, and what they answered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wayfellow.db import Base


class RegistrationState(StrEnum):
    """Name where a registration stands; ``registration.states`` says which of them hold a place."""

    UNCONFIRMED = "unconfirmed"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    EXPIRED = "expired"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class Origin(StrEnum):
    """Name how somebody came to be registered."""

    SELF = "self"
    HOST = "host"
    TRANSFER = "transfer"
    WALK_IN = "walk_in"


class Registration(Base):
    """Be one person's registration for an event; registering again moves the same row.

    ``queued_at`` is when they came to the waiting list, ``offered_until`` how long an offered place is kept.
    ``badge_name`` is what stands on their badge where that is not their name. ``link_seed`` and ``link_hash`` belong to
    the link by which those without an account manage it, as ``tickets.codes`` makes them.
    """

    __tablename__ = "events_registration"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        Index("ix_events_registration_event_id_state_queued_at", "event_id", "state", "queued_at"),
        Index("ix_events_registration_state_offered_until", "state", "offered_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events_event.id", ondelete="CASCADE"))
    type_id: Mapped[int] = mapped_column(ForeignKey("events_ticket_type.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(16))
    origin: Mapped[str] = mapped_column(String(16), default=Origin.SELF)
    badge_name: Mapped[str] = mapped_column(String(320), default="")
    queued_at: Mapped[datetime | None]
    offered_until: Mapped[datetime | None]
    link_seed: Mapped[str] = mapped_column(String(40))
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    state_since: Mapped[datetime]


class Answer(Base):
    """Be what one registration says to one question."""

    __tablename__ = "events_answer"

    registration_id: Mapped[int] = mapped_column(
        ForeignKey("events_registration.id", ondelete="CASCADE"), primary_key=True
    )
    question_id: Mapped[int] = mapped_column(ForeignKey("events_question.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
