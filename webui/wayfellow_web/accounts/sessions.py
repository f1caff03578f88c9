"""Keep the register of browsers that are signed in: a cookie counts only while its row is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Delete, delete, or_, select, update
from sqlalchemy.orm import Session

from wayfellow.deployment import Transaction
from wayfellow.people.models import Person
from wayfellow.words import gettext
from wayfellow_web.accounts.models import Account, AccountSession
from wayfellow_web.accounts.secret import digest, new_secret

IDLE = timedelta(days=14)
ABSOLUTE = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)
#: How long after showing who they are people may do what is risky.
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Show one signed-in browser to its owner."""

    id: int
    device: str
    since: datetime
    seen: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class Guest:
    """Say which account and person a cookie stands for, and whether it is time to note that it was seen.

    ``is_fresh`` tells whether the person showed who they are within :data:`FRESH`.
    """

    session_id: int
    person_id: int
    language: str | None
    seen_is_stale: bool
    is_fresh: bool


def find_guest(session: Session, sid: str, now: datetime) -> Guest | None:
    """Return whom a cookie's secret stands for, or None when its row is gone, too old, or the account is off."""
    wanted = (
        select(AccountSession.id, Account.person_id, Person.language, AccountSession.seen_at, AccountSession.fresh_at)
        .join(Account, Account.id == AccountSession.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(
            AccountSession.sid_hash == digest(sid),
            AccountSession.seen_at > now - IDLE,
            AccountSession.created_at > now - ABSOLUTE,
            Account.active,
        )
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        return None
    return Guest(row.id, row.person_id, row.language, row.seen_at < now - SEEN_EVERY, row.fresh_at > now - FRESH)


def open_session(tx: Transaction, account_id: int, user_agent: str, shown_at: datetime | None = None) -> str:
    """Write a browser into the register and return the secret for its cookie; rows that are over go away.

    ``shown_at`` is when the person showed who they are, None for just now.
    """
    now, sid = tx.now(), new_secret()
    over = or_(AccountSession.seen_at <= now - IDLE, AccountSession.created_at <= now - ABSOLUTE)
    tx.session.execute(delete(AccountSession).where(over))
    tx.session.add(
        AccountSession(
            account_id=account_id,
            sid_hash=digest(sid),
            created_at=now,
            seen_at=now,
            fresh_at=shown_at or now,
            user_agent=user_agent[:200],
        )
    )
    return sid


def note_seen(tx: Transaction, session_id: int) -> None:
    """Note that a browser was here just now."""
    tx.session.execute(update(AccountSession).where(AccountSession.id == session_id).values(seen_at=tx.now()))


def note_fresh(tx: Transaction, sid: str) -> None:
    """Note that the person in the browser that holds a secret showed just now who they are."""
    mine = update(AccountSession).where(AccountSession.sid_hash == digest(sid))
    tx.session.execute(mine.values(fresh_at=tx.now()))


def list_sessions(tx: Transaction, here: str) -> list[SignIn]:
    """Return the actor's signed-in browsers, the latest first; ``here`` is this browser's own secret."""
    wanted = (
        select(AccountSession)
        .join(Account, Account.id == AccountSession.account_id)
        .where(Account.person_id == tx.actor.person_id)
        .order_by(AccountSession.seen_at.desc(), AccountSession.id.desc())
    )
    own = digest(here)
    return [
        SignIn(row.id, name_device(row.user_agent), row.created_at, row.seen_at, row.sid_hash == own)
        for row in tx.session.scalars(wanted)
    ]


def close_session(tx: Transaction, session_id: int) -> None:
    """Sign one of the actor's browsers out; nothing happens when it is out already or somebody else's."""
    tx.session.execute(_own(tx).where(AccountSession.id == session_id))


def close_by_secret(tx: Transaction, sid: str) -> None:
    """Sign the browser out that holds a secret."""
    tx.session.execute(delete(AccountSession).where(AccountSession.sid_hash == digest(sid)))


def close_others(tx: Transaction, here: str) -> None:
    """Sign all of the actor's browsers out but this one."""
    tx.session.execute(_own(tx).where(AccountSession.sid_hash != digest(here)))


def close_all(tx: Transaction, account_id: int) -> None:
    """Sign all browsers of an account out; the caller has checked that the actor may."""
    tx.session.execute(delete(AccountSession).where(AccountSession.account_id == account_id))


def _own(tx: Transaction) -> Delete:
    mine = select(Account.id).where(Account.person_id == tx.actor.person_id)
    return delete(AccountSession).where(AccountSession.account_id.in_(mine))


def name_device(user_agent: str) -> str:
    """Return a browser and a system in plain words, as well as a user agent tells them."""
    browsers = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    )
    browser = next((name for mark, name in browsers if mark in user_agent), gettext("A browser"))
    system = next((name for mark, name in systems if mark in user_agent), "")
    return gettext("%(browser)s on %(system)s", browser=browser, system=system) if system else browser
