"""Define the tables of what comes of a match: proposals, the two consents, and mentorships."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wayfellow.db import Base
from wayfellow.types import MatchState


class Origin(StrEnum):
    """Name where a proposal comes from: a run, one of the two people, or a coordinator."""

    RUN = "run"
    REQUEST = "request"
    HAND = "hand"


class TieKind(StrEnum):
    """Name what two people agree on, or are brought together for.

    A mentorship; one conversation that takes up no place; being peers, where ``mentee_id`` holds the smaller id and
    ``mentor_id`` the other; or a chat before pairs are chosen, which nobody has to agree to.
    """

    MENTORSHIP = "mentorship"
    CONVERSATION = "conversation"
    PEERS = "peers"
    CHAT = "chat"


class Asks(StrEnum):
    """Name whose yes a proposal takes: both people's, one's alone, or nobody's, when a coordinator arranged it."""

    BOTH = "both"
    MENTEE = "mentee"
    MENTOR = "mentor"
    NOBODY = "nobody"


class Proposal(Base):
    """Be a pair on its way: drafted (invisible, but its place is reserved) or asked for, then answered by both.

    ``kind`` says what the two are to each other. ``rank`` is the mentor's among the mentee's candidates, and ``search``
    what both say that makes the score, folded, one term a line: both as its run found them, so that lists of pairs need
    not look further. ``asked_by`` is who asked, or the coordinator who proposed by hand, with ``message`` as what they
    wrote; ``choice`` counts the asker's ranked wishes from 1, and ``asked_at`` is when the other heard of it, None
    while it stands in line. An answer is waited for until ``expires_at``; ``reminded_at`` is when people were last
    reminded of that. A request has no score. ``asks`` says whose yes it takes, and ``why_arranged`` why not both.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        Index("ix_proposal_cycle_id_state", "cycle_id", "state"),
        Index("ix_proposal_run_id_state_score", "run_id", "state", "score"),
        Index("ix_proposal_mentor_id_run_id", "mentor_id", "run_id"),
        # One live draft per pair and run: a replaced or excluded draft is discarded, never doubled.
        Index(
            "uq_proposal_live_draft",
            "run_id",
            "mentee_id",
            "mentor_id",
            unique=True,
            sqlite_where=text("state = 'drafted'"),
            postgresql_where=text("state = 'drafted'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="CASCADE"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("match_run.id", ondelete="SET NULL"))
    mentee_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(16), default=MatchState.DRAFTED)
    score: Mapped[float] = mapped_column(default=0.0)
    locked: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[str] = mapped_column(String(8), default=Origin.RUN, server_default=Origin.RUN)
    kind: Mapped[str] = mapped_column(String(16), default=TieKind.MENTORSHIP, server_default=TieKind.MENTORSHIP)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    asked_at: Mapped[datetime | None]
    message: Mapped[str] = mapped_column(Text, default="", server_default="")
    asks: Mapped[str] = mapped_column(String(8), default=Asks.BOTH, server_default=Asks.BOTH)
    why_arranged: Mapped[str] = mapped_column(Text, default="", server_default="")
    choice: Mapped[int | None]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None]
    rank: Mapped[int | None]
    search: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Consent(Base):
    """Be one side's answer to a proposal."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("proposal_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    agrees: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[datetime]


class ChatRating(Base):
    """Be what one of two people said of their chat, from 1 (never) to 5; nobody else reads it, only runs take it in."""

    __tablename__ = "chat_rating"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    rating: Mapped[int]
    rated_at: Mapped[datetime]


class Remark(Base):
    """Be what one of two people wrote to the other about a request before it is answered."""

    __tablename__ = "remark"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class Mentorship(Base):
    """Be an agreed pair at work, or an agreed conversation."""

    __tablename__ = "mentorship"
    __table_args__ = (Index("ix_mentorship_cycle_id_mentor_id_state", "cycle_id", "mentor_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id", ondelete="CASCADE"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id", ondelete="SET NULL"), unique=True)
    mentee_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16), default=TieKind.MENTORSHIP, server_default=TieKind.MENTORSHIP)
    state: Mapped[str] = mapped_column(String(16), default=MatchState.ACTIVE)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
