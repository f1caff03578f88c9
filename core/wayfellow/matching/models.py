"""Define the tables of match runs: what was asked, what came out, and why."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wayfellow.db import Base


class RunState(StrEnum):
    """Name the states of a match run; once done it never changes."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class MatchRun(Base):
    """Be one computation of pairs.

    ``input_hash`` (SHA-256), ``seed``, ``settings`` and ``versions`` (of Wayfellow, plugins and solver libraries) are
    what it takes to repeat it. ``degraded`` names scorers that failed. ``published_at`` is set once, by one person.
    """

    __tablename__ = "match_run"
    __table_args__ = (UniqueConstraint("cycle_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default=RunState.WAITING)
    seed: Mapped[int] = mapped_column(default=0)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    versions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    input_hash: Mapped[str | None] = mapped_column(String(64))
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    degraded: Mapped[list[Any]] = mapped_column(default=list)
    error: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    published_at: Mapped[datetime | None]


class Candidate(Base):
    """Be one mentor considered for one mentee in a run; ``rank`` counts from 1, ``assigned`` marks the solver's choice.

    ``explanation`` holds a list of {scorer, weight, score, terms}; a term is [label, share, mentee_field, mentor_field,
    shared], as :class:`wayfellow.types.Contribution` says. ``rank_for_mentor`` is the mentee's, from 1, among all whose
    candidate the mentor was. ``reasons`` holds, for a mentor who scored higher than the one the mentee got, "why_not"
    (see :class:`wayfellow.matching.reasons.WhyNot`), and for the chosen pair "barred": [mentor id, score, why_not].
    """

    __tablename__ = "candidate"
    __table_args__ = (
        UniqueConstraint("run_id", "mentee_id", "mentor_id"),
        Index("ix_candidate_run_id_assigned_score", "run_id", "assigned", "score"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id", ondelete="CASCADE"))
    mentee_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    score: Mapped[float]
    rank: Mapped[int]
    assigned: Mapped[bool] = mapped_column(default=False)
    explanation: Mapped[list[Any]] = mapped_column(default=list)
    rank_for_mentor: Mapped[int | None]
    reasons: Mapped[dict[str, Any] | None]


class Unmatched(Base):
    """Be a mentee whom a run left without a mentor, and the cause that bound.

    ``reasons`` holds why not each mentor who scored, as for the chosen pair of a :class:`Candidate`.
    """

    __tablename__ = "unmatched"

    run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id", ondelete="CASCADE"), primary_key=True)
    mentee_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    cause: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    reasons: Mapped[dict[str, Any] | None]


class Exclusion(Base):
    """Be a pair that must not be matched in a programme, and who said so."""

    __tablename__ = "exclusion"
    __table_args__ = (UniqueConstraint("programme_id", "mentee_id", "mentor_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    mentee_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
