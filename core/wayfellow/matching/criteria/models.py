"""Define the table of programmes' criteria."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wayfellow.db import Base


class CriteriaVersion(Base):
    """Be one version of a programme's criteria; ``number`` counts from 1, and the highest one holds.

    A version never changes, since runs name the one they went by. ``chosen`` is a set as JSON; ``note`` says in a few
    words where it comes from, "" for a change in the editor.
    """

    __tablename__ = "match_criteria"
    __table_args__ = (UniqueConstraint("programme_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    number: Mapped[int]
    chosen: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(String(200), default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
