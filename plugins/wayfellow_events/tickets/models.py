"""Define the tables of tickets: the right to come in, and the codes that stand for it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wayfellow.db import Base


class TicketState(StrEnum):
    """Name whether a ticket opens the door: ``blocked`` for now, ``revoked`` for good."""

    VALID = "valid"
    BLOCKED = "blocked"
    REVOKED = "revoked"


class CodeState(StrEnum):
    """Name whether a code is the ticket's newest, or was replaced by one."""

    CURRENT = "current"
    REPLACED = "replaced"


class Ticket(Base):
    """Be the ticket of a registration that holds a place.

    ``short`` is for people to read out to those at the door, who see the name beside it; a scan never takes it, since
    it is short enough to be guessed.
    """

    __tablename__ = "events_ticket"
    __table_args__ = (UniqueConstraint("event_id", "short"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events_event.id", ondelete="CASCADE"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("events_registration.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str] = mapped_column(String(16), default=TicketState.VALID)
    short: Mapped[str] = mapped_column(String(8))
    issued_at: Mapped[datetime]


class TicketCode(Base):
    """Be one code of a ticket: ``hash`` is what a scan is looked up by, ``seed`` what the code is derived from anew.

    The code itself is never stored; ``tickets.codes`` says why.
    """

    __tablename__ = "events_ticket_code"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("events_ticket.id", ondelete="CASCADE"), index=True)
    seed: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(16), default=CodeState.CURRENT)
    made_at: Mapped[datetime]
