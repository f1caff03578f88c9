"""Define the tables of programmes: cycles, who takes part in them, and who runs them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wayfellow.db import Base


class CycleState(StrEnum):
    """Name the states of a cycle, in their usual order."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    MATCHING = "matching"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


class MembershipState(StrEnum):
    """Name where a person stands in a cycle; only approved members are matched."""

    INVITED = "invited"
    APPLIED = "applied"
    WAITLISTED = "waitlisted"
    APPROVED = "approved"
    REJECTED = "rejected"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


class RejectReason(StrEnum):
    """Name why somebody is turned down; what they read for it is in ``programmes.letters``."""

    FULL = "full"
    NOT_ELIGIBLE = "not_eligible"
    INCOMPLETE = "incomplete"
    NO_MATCH = "no_match"
    OTHER = "other"


class Programme(Base):
    """Be a mentorship programme; due dates are judged in its time zone.

    ``is_public`` gives it a page for strangers. ``form`` holds what applications ask, as ``programmes.forms`` reads it;
    empty, they ask every field of the role. ``rules`` holds how pairs come about, as ``programmes.rules`` reads it.
    """

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    is_public: Mapped[bool] = mapped_column(default=False)
    form: Mapped[dict[str, Any]] = mapped_column(default=dict)
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class Cycle(Base):
    """Be one round of a programme.

    People apply from ``registration_opens_on`` to the end of ``registration_closes_on``, for the roles in ``open_to``;
    pairs are at work from ``starts_on`` to ``ends_on``. All days are the programme's.
    """

    __tablename__ = "cycle"
    __table_args__ = (UniqueConstraint("programme_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16), default=CycleState.OPEN)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    registration_opens_on: Mapped[date | None]
    registration_closes_on: Mapped[date | None]
    open_to: Mapped[list[Any]] = mapped_column(default=lambda: ["mentee", "mentor"])


class Membership(Base):
    """Be a person's part in a cycle as mentor or mentee; ``capacity`` is the number of mentees a mentor takes.

    ``state_since`` is when it came to its state, ``state_before`` where it was before; ``programmes.standing`` alone
    changes the three. ``reason`` and ``note`` say why somebody was turned down; ``back_on`` is the day on which
    somebody who paused means to be back.
    """

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("cycle_id", "person_id", "role"),
        Index("ix_membership_cycle_id_role_state", "cycle_id", "role", "state"),
        CheckConstraint("capacity >= 0 AND capacity <= 1000", name="capacity_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(16), default=MembershipState.APPROVED)
    capacity: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    state_since: Mapped[datetime | None]
    state_before: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text, default="")
    back_on: Mapped[date | None]


class ApplicationDraft(Base):
    """Be an application that is not sent yet: what was typed, unchecked, by the key of the field."""

    __tablename__ = "application_draft"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(24), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    saved_at: Mapped[datetime]


class RoleAssignment(Base):
    """Be a duty that a person holds: in one programme, or in the whole deployment when ``programme_id`` is empty."""

    __tablename__ = "role_assignment"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "programme_id"),
        # Where programme_id is empty the constraint above compares nothing.
        Index(
            "uq_role_assignment_everywhere",
            "person_id",
            "role",
            unique=True,
            sqlite_where=text("programme_id IS NULL"),
            postgresql_where=text("programme_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(24))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
