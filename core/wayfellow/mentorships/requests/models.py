"""Define the tables of the directory: whom people hide from themselves, and how well others fit them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from wayfellow.db import Base


class HiddenPerson(Base):
    """Be one person's wish not to be shown another in directories; unlike a block, it goes one way and bars nothing."""

    __tablename__ = "hidden_person"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    hidden_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime]


class Fit(Base):
    """Be how well others of a cycle fit one person, who looks for them as ``role``.

    ``found`` holds by the other's id [score in [0, 1], the terms that both speak of], for those who fit best.
    """

    __tablename__ = "fit"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(24), primary_key=True)
    found: Mapped[dict[str, Any]] = mapped_column(default=dict)
    worked_out_at: Mapped[datetime]
