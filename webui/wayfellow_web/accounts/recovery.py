"""Make codes for those who lose their authenticator app: ten, shown once, each good once."""

from __future__ import annotations

import base64
import secrets

from sqlalchemy import delete, func, insert, select

from wayfellow.deployment import Transaction
from wayfellow_web.accounts.models import Account, RecoveryCode
from wayfellow_web.accounts.secret import digest

HOW_MANY = 10


def make_codes(tx: Transaction, account_id: int) -> list[str]:
    """Replace an account's codes with ten new ones of 80 random bits, and return them as people write them down."""
    forget_codes(tx, account_id)
    codes = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(HOW_MANY)]
    tx.session.execute(insert(RecoveryCode), [{"account_id": account_id, "code_hash": digest(code)} for code in codes])
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes]


def spend_code(tx: Transaction, account_id: int, typed: str) -> bool:
    """Use a code up, and tell whether it was one; of two at once one wins."""
    plain = "".join(typed.split()).replace("-", "").lower()
    mine = delete(RecoveryCode).where(RecoveryCode.account_id == account_id, RecoveryCode.code_hash == digest(plain))
    return tx.session.scalar(mine.returning(RecoveryCode.id)) is not None


def forget_codes(tx: Transaction, account_id: int) -> None:
    """Void an account's codes."""
    tx.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def count_codes(tx: Transaction, person_id: int) -> int:
    """Return how many codes a person has left."""
    mine = select(func.count(RecoveryCode.id)).join(Account, Account.id == RecoveryCode.account_id)
    return tx.session.scalar(mine.where(Account.person_id == person_id)) or 0
