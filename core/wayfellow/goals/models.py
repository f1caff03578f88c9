"""Define the table of goals."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wayfellow.db import Base


class GoalState(StrEnum):
    """Name where a goal stands."""

    OPEN = "open"
    ACHIEVED = "achieved"
    DROPPED = "dropped"


class Goal(Base):
    """Be something a person aims at; ``origin`` is ``person`` or ``import``, and an import replaces only its own.

    A removed goal is a dropped one that remembers its ``state_before``, so that removing can be undone.
    """

    __tablename__ = "goal"
    __table_args__ = (Index("ix_goal_person_id_position", "person_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(64), default="growth")
    state: Mapped[str] = mapped_column(String(16), default=GoalState.OPEN)
    state_before: Mapped[str | None] = mapped_column(String(16))
    origin: Mapped[str] = mapped_column(String(16), default="person")
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
