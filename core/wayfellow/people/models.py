"""Define the tables of people: who they are, what their profiles say, their skills, and whom they block."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wayfellow.db import Base
from wayfellow.people.search import fold, search_text


def _search(context: Any) -> str:
    row = context.get_current_parameters()
    return search_text(row["name"], row.get("email"), row["reference"])


def _sort_name(context: Any) -> str:
    return fold(context.get_current_parameters()["name"])[:320]


class Person(Base):
    """Be someone known to the deployment; ``reference`` is the organisation's own id for them, else the e-mail.

    ``email`` is stored in small letters. ``search`` (name, e-mail, reference, job title) and ``sort_name`` are folded,
    because SQLite knows the case of ASCII alone; whoever changes a person writes them too (``people.records``).
    ``language`` is None until they choose one.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(320))
    email: Mapped[str | None] = mapped_column(String(320), unique=True)
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    language: Mapped[str | None] = mapped_column(String(16))
    search: Mapped[str] = mapped_column(Text, default=_search)
    sort_name: Mapped[str] = mapped_column(String(320), default=_sort_name, index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class FieldDefinition(Base):
    """Be one field of profiles; ``origin`` is ``core``, ``plugin`` or ``import`` (a column that nobody declared).

    ``roles`` and ``matched_for`` hold role names: who fills the field in, and for whom its text takes part in matching.
    ``columns`` holds further headings that mean this field in an imported file.
    """

    __tablename__ = "field_definition"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(16))
    options: Mapped[list[Any]] = mapped_column(default=list)
    required: Mapped[bool] = mapped_column(default=False)
    audience: Mapped[str] = mapped_column(String(16))
    roles: Mapped[list[Any]] = mapped_column(default=list)
    matched_for: Mapped[list[Any]] = mapped_column(default=list)
    columns: Mapped[list[Any]] = mapped_column(default=list)
    help: Mapped[str] = mapped_column(Text, default="")
    origin: Mapped[str] = mapped_column(String(16))
    position: Mapped[int] = mapped_column(default=0)


class FieldValue(Base):
    """Be what one person's profile says in one field; tags are kept one per line."""

    __tablename__ = "field_value"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    field_id: Mapped[int] = mapped_column(ForeignKey("field_definition.id", ondelete="CASCADE"), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class SkillStance(StrEnum):
    """Say how a person stands to a skill."""

    OFFERS = "offers"
    WANTS = "wants"


class Skill(Base):
    """Be a skill; ``key`` is its label without case, so that one skill is one row."""

    __tablename__ = "skill"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    label: Mapped[str] = mapped_column(String(200))


class PersonSkill(Base):
    """Be one person's stance to one skill, in the order the person gave (``position``)."""

    __tablename__ = "person_skill"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id", ondelete="CASCADE"), primary_key=True)
    stance: Mapped[str] = mapped_column(String(8), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class Block(Base):
    """Be one person's wish never to be matched with, shown to or introduced to another; both directions hold."""

    __tablename__ = "block"
    __table_args__ = (
        UniqueConstraint("person_id", "blocked_id"),
        CheckConstraint("person_id <> blocked_id", name="not_oneself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    blocked_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
