"""Define the table of imports: files that were uploaded, looked at, and taken in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wayfellow.db import Base


class ImportState(StrEnum):
    """Name where an import stands; whether a started one still runs is for its job to say."""

    STAGED = "staged"
    STARTED = "started"
    DONE = "done"


class ImportBatch(Base):
    """Be one uploaded file of people of one role.

    ``path`` is relative to the data folder. ``plan`` holds {"ignore": [headings to leave out]}; ``counts``, once it is
    done, {"new", "changed", "unchanged"}. ``attempt`` counts how often it was started.
    """

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(24))
    filename: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16), default=ImportState.STAGED)
    plan: Mapped[dict[str, Any]] = mapped_column(default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    attempt: Mapped[int] = mapped_column(default=0)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
