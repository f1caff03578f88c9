"""Tell people that their way in was changed; nobody can switch these notices off."""

from __future__ import annotations

import uuid

from wayfellow.deployment import Transaction
from wayfellow.notify.service import tell
from wayfellow.words import gettext
from wayfellow_web.plugin import CHANGED


def tell_of_change(tx: Transaction, person_id: int, subject: str, body: str) -> None:
    """Tell a person what was changed about how they sign in."""
    tell(tx, person_id, key=f"{CHANGED}:{person_id}:{uuid.uuid4()}", subject=subject, body=body, kind=CHANGED)


def warn(tx: Transaction, person_id: int) -> str:
    """Return what to do for a person who did not make the change, for the end of the mail."""
    base = (tx.config.base_url or "").rstrip("/")
    link = f"{base}/me/sign-ins"
    return gettext("Was that not you? Sign all others out at %(link)s, and tell your coordinator.", link=link)
