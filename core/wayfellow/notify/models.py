"""Define the tables of messages: notices, their way to people, what people choose, and texts that were changed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wayfellow.db import Base


class Notice(Base):
    """Be one thing a person should know; ``key`` makes telling twice the same as telling once.

    ``kind`` is one of ``notify.kinds`` or of a plugin; ``programme_id`` the programme it is about; ``nudge`` marks what
    nobody asked for, of which a person gets few.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_person_id_read_at", "person_id", "read_at"),
        Index("ix_notice_programme_id", "programme_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    kind: Mapped[str] = mapped_column(String(80), default="general")
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id", ondelete="SET NULL"))
    nudge: Mapped[bool] = mapped_column(default=False)


class DeliveryState(StrEnum):
    """Name where a notice stands on its way to a person."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    MAYBE_SENT = "maybe_sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"


class Delivery(Base):
    """Be one notice's way through one channel.

    Rows that share ``message_id`` travel as one message: that is how a digest is sent. The address is not kept here,
    it is read when the message is sent. ``error`` is a sentence without addresses.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        Index("ix_delivery_state_due_at", "state", "due_at"),
        Index("ix_delivery_message_id", "message_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(16), default=DeliveryState.WAITING)
    digest: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime]
    message_id: Mapped[str | None] = mapped_column(String(200))
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    tried_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[str | None] = mapped_column(String(36))
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class MessageChoice(Base):
    """Be what one person wants of one kind of message through one channel; without a row the kind's default holds."""

    __tablename__ = "message_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(80), primary_key=True)
    channel: Mapped[str] = mapped_column(String(40), primary_key=True)
    choice: Mapped[str] = mapped_column(String(16))


class MessageTimes(Base):
    """Be when one person wants messages, in hours of their own zone.

    Nothing comes from ``quiet_from`` to ``quiet_until`` (both empty: at any hour); digests come at ``digest_hour``,
    each day or on Mondays.
    """

    __tablename__ = "message_times"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    digest_every: Mapped[str] = mapped_column(String(8), default="day")
    digest_hour: Mapped[int] = mapped_column(default=8)


class MessageText(Base):
    """Be one version of the words of a letter; the highest ``version`` holds, an empty ``body`` means the default."""

    __tablename__ = "message_text"
    __table_args__ = (UniqueConstraint("letter", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
