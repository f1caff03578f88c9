"""Say what the web keeps about a person, and remove it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from wayfellow.types import JSON
from wayfellow_web.accounts.models import Account, AccountSession, EmailChange, Identity, Passkey, Ticket


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
    keys = select(Passkey.name).where(Passkey.account_id == account.id).order_by(Passkey.id)
    providers = select(Identity.issuer, Identity.subject).where(Identity.account_id == account.id)
    change = session.scalars(select(EmailChange).where(EmailChange.person_id == person_id)).one_or_none()
    return {
        "account_since": account.created_at.isoformat(),
        "sign_ins": sign_ins,
        "has_password": account.password_hash is not None,
        "has_authenticator": account.totp_secret is not None,
        "passkeys": list(session.scalars(keys)),
        "providers": [{"issuer": issuer, "subject": subject} for issuer, subject in session.execute(providers)],
        "change_of_address": {"from": change.old, "to": change.new} if change else None,
    }


def erase(person_id: int, session: Session) -> int:
    """Remove somebody's account with all that opens it, their links and addresses; return how many rows were theirs."""
    own = (EmailChange, Ticket, Account)
    mine = (select(func.count()).where(model.person_id == person_id) for model in own)
    count = sum(session.scalar(query) or 0 for query in mine)
    for model in own:
        session.execute(delete(model).where(model.person_id == person_id))
    return count
