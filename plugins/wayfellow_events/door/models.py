"""Define the tables of the door: areas, points, devices, the log of scans, who is inside, and conflicts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wayfellow.db import Base


class Reentry(StrEnum):
    """Name how often a ticket opens a point."""

    ONCE = "once"
    AFTER_EXIT = "after_exit"
    MANY = "many"


class Kind(StrEnum):
    """Name what a row of the log is."""

    ENTRY = "entry"
    EXIT = "exit"
    UNDO = "undo"


class Right(StrEnum):
    """Name what a device may do beyond showing the counts; a ``kiosk`` masks names, as everybody sees its screen."""

    SCAN = "scan"
    SEARCH = "search"
    OVERRIDE = "override"
    UNDO = "undo"
    KIOSK = "kiosk"


class Area(Base):
    """Be a part of the venue that people are counted in: all points that lead to it share its headcount.

    ``headcount`` are those inside, ``arrived`` those who came in at all; ``door.presence`` alone changes them.
    """

    __tablename__ = "events_area"
    __table_args__ = (UniqueConstraint("event_id", "name"), CheckConstraint("headcount >= 0", name="headcount_range"))

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events_event.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    capacity: Mapped[int | None]
    headcount: Mapped[int] = mapped_column(default=0)
    arrived: Mapped[int] = mapped_column(default=0)


class Point(Base):
    """Be a check-in point: which tickets count there, when, how often, and by which rules."""

    __tablename__ = "events_point"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events_event.id", ondelete="CASCADE"))
    area_id: Mapped[int] = mapped_column(ForeignKey("events_area.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    is_open: Mapped[bool] = mapped_column(default=True)
    types: Mapped[list[Any]] = mapped_column(default=list)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    reentry: Mapped[str] = mapped_column(String(16), default=Reentry.ONCE)
    exits: Mapped[bool] = mapped_column(default=False)
    gates: Mapped[list[Any]] = mapped_column(default=list)
    rules: Mapped[list[Any]] = mapped_column(default=list)


class Device(Base):
    """Be a phone or a tablet at the door. It gets its token once, for the code in its link; only hashes are kept.

    ``enrol_key`` is the hash of the Idempotency-Key that it enrolled with, so that a lost answer can be asked for
    again; the token is derived from ``seed`` as ticket codes are. ``offset_ms`` is by how much its clock is behind.
    """

    __tablename__ = "events_device"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events_event.id", ondelete="CASCADE"), index=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("events_point.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    gate: Mapped[str] = mapped_column(String(80), default="")
    rights: Mapped[list[Any]] = mapped_column(default=list)
    seed: Mapped[str] = mapped_column(String(40))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    enrol_hash: Mapped[str] = mapped_column(String(64), unique=True)
    enrol_until: Mapped[datetime]
    enrol_key: Mapped[str] = mapped_column(String(64), default="")
    enrolled_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_seen: Mapped[datetime | None]
    offset_ms: Mapped[int] = mapped_column(default=0)
    unsent: Mapped[int] = mapped_column(default=0)
    unknown_since: Mapped[datetime | None]
    unknown_count: Mapped[int] = mapped_column(default=0)


class Scan(Base):
    """Be a row of the log, which only grows: admissions, refusals, exits, and what takes one of them back.

    ``key`` comes from the device and is judged first; it is never used twice. ``scanned_at`` is when it happened, as
    far as the device can be believed, ``claimed_at`` what it said. ``words`` fill the sentences of the verdict, without
    the holder's name. ``counts`` tells whether it changed who is inside.
    """

    __tablename__ = "events_scan"
    __table_args__ = (
        Index("ix_events_scan_area_id_ticket_id", "area_id", "ticket_id"),
        Index("ix_events_scan_event_id_received_at", "event_id", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events_event.id", ondelete="CASCADE"))
    point_id: Mapped[int | None] = mapped_column(ForeignKey("events_point.id", ondelete="SET NULL"), index=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("events_area.id", ondelete="SET NULL"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("events_ticket.id", ondelete="SET NULL"), index=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("events_device.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(8), default=Kind.ENTRY)
    verdict: Mapped[str] = mapped_column(String(20))
    counts: Mapped[bool] = mapped_column(default=False)
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    gate: Mapped[str] = mapped_column(String(80), default="")
    offline: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    undoes: Mapped[str | None] = mapped_column(String(36), unique=True)
    scanned_at: Mapped[datetime]
    claimed_at: Mapped[datetime]
    received_at: Mapped[datetime]


class Presence(Base):
    """Be what came of a ticket in an area; ``version`` lets a change notice that another was faster."""

    __tablename__ = "events_presence"

    area_id: Mapped[int] = mapped_column(ForeignKey("events_area.id", ondelete="CASCADE"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("events_ticket.id", ondelete="CASCADE"), primary_key=True)
    inside: Mapped[bool] = mapped_column(default=False)
    entries: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    gate: Mapped[str] = mapped_column(String(80), default="")
    by: Mapped[str] = mapped_column(String(80), default="")
    last_key: Mapped[str] = mapped_column(String(36), default="")
    version: Mapped[int] = mapped_column(default=1)


class Conflict(Base):
    """Be a person whom a phone without a network let in, though the ticket had come in already or did not count.

    ``first_key`` is the scan that stays the admission, where there is one. It is open until somebody settles it.
    """

    __tablename__ = "events_conflict"
    __table_args__ = (
        Index("ix_events_conflict_event_id_settled_at", "event_id", "settled_at"),
        ForeignKeyConstraint(["scan_key"], ["events_scan.key"], ondelete="CASCADE"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events_event.id", ondelete="CASCADE"))
    scan_key: Mapped[str] = mapped_column(String(36), unique=True)
    first_key: Mapped[str | None] = mapped_column(String(36))
    found_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    outcome: Mapped[str] = mapped_column(String(200), default="")
