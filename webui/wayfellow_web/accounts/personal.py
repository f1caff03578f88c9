"""Say what the web keeps about a person, and remove it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from wayfellow.types import JSON
from wayfellow_web.accounts.models import Account, AccountSession, Ticket


def collect(person_id: int, session: Session) -> Mapping[str, JSON] | None:
    """Return when somebody got their account and where they are signed in, without any secret; None without one."""
    account = session.scalars(select(Account).where(Account.person_id == person_id)).one_or_none()
    if account is None:
        return None
    mine = select(AccountSession).where(AccountSession.account_id == account.id).order_by(AccountSession.id)
    sign_ins: list[JSON] = [
        {"browser": row.user_agent, "since": row.created_at.isoformat(), "seen": row.seen_at.isoformat()}
        for row in session.scalars(mine)
    ]
    return {"account_since": account.created_at.isoformat(), "sign_ins": sign_ins}


def erase(person_id: int, session: Session) -> int:
    """Remove somebody's account with all its sign-ins, and their links; return how many rows were theirs."""
    mine = (select(func.count()).where(model.person_id == person_id) for model in (Account, Ticket))
    count = sum(session.scalar(query) or 0 for query in mine)
    for model in (Ticket, Account):
        session.execute(delete(model).where(model.person_id == person_id))
    return count
