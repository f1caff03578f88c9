"""Define the web's own tables: accounts, the browsers that are signed in, and one-time tickets."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask_security import UserMixin
from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wayfellow.db import Base


def _uniquifier() -> str:
    return secrets.token_hex(32)


class Account(Base, UserMixin):
    """Be a person's way in; what they may do hangs on the person, never on the account.

    ``totp_secret`` and ``totp_pending`` are encrypted; ``totp_counter`` is the half minute whose code was used last.
    """

    __tablename__ = "web_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=_uniquifier)
    active: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(Text)
    totp_pending: Mapped[str | None] = mapped_column(Text)
    totp_counter: Mapped[int | None]
    created_at: Mapped[datetime]


class RecoveryCode(Base):
    """Be one code that stands in once for that of an authenticator app; a used one is gone."""

    __tablename__ = "web_recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("web_account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))


class Passkey(Base):
    """Be one passkey of an account: the public half of a key pair whose other half never leaves the device."""

    __tablename__ = "web_passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("web_account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Identity(Base):
    """Be what an OpenID provider calls an account's person; from the first sign-in on, ``subject`` alone counts."""

    __tablename__ = "web_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("account_id", "issuer"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("web_account.id", ondelete="CASCADE"))
    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]


class SpentChallenge(Base):
    """Be a secret that counted once, by its SHA-256, so that nobody hands the same answer in again.

    Passkeys sign such secrets, and sign-ins by a provider are built upon them.
    """

    __tablename__ = "web_spent_challenge"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class EmailChange(Base):
    """Be the last change of address that a person asked for: what it was then, and what it shall be."""

    __tablename__ = "web_email_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    old: Mapped[str] = mapped_column(String(320))
    new: Mapped[str] = mapped_column(String(320))


class Newcomer(Base):
    """Be somebody who is known here only because their address was typed in where people ask to join."""

    __tablename__ = "web_newcomer"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(index=True)


class AccountSession(Base):
    """Be one browser that is signed in; ``sid_hash`` is the SHA-256 of the 256-bit secret in its cookie.

    ``fresh_at`` is when the person last showed here who they are.
    """

    __tablename__ = "web_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("web_account.id", ondelete="CASCADE"), index=True)
    sid_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    fresh_at: Mapped[datetime]
    user_agent: Mapped[str] = mapped_column(String(200), default="")


class Attempt(Base):
    """Be one thing that a stranger tried; ``network`` and ``target`` are keyed digests, see ``accounts.attempts``."""

    __tablename__ = "web_attempt"
    __table_args__ = (Index("ix_web_attempt_network_at", "network", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    network: Mapped[str] = mapped_column(String(64))
    target: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)


class Ticket(Base):
    """Be a link that signs a person in once; ``token_hash`` is the SHA-256 of the 256-bit secret in its address."""

    __tablename__ = "web_ticket"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
