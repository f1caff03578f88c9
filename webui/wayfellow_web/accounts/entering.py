"""Let somebody in who has shown who they are, after the code of a second factor where they have one."""

from __future__ import annotations

from datetime import datetime

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from wayfellow.types import SYSTEM
from wayfellow_web.accounts.base import start_login
from wayfellow_web.accounts.models import Account
from wayfellow_web.accounts.service import note_sign_in
from wayfellow_web.accounts.sessions import close_by_secret, open_session
from wayfellow_web.accounts.tickets import Purpose, issue_ticket
from wayfellow_web.redirects import safe_target
from wayfellow_web.site import deployment


def enter(account: Account, by: str) -> Response:
    """Let in whoever has no second factor; ask the others for their code.

    The cookie then holds a ticket that is worth something only together with a code, once, for ten minutes.
    """
    if account.totp_secret is None:
        return let_in(account, by)
    with deployment().transaction(SYSTEM) as tx:
        session["half"] = issue_ticket(tx, account.person_id, Purpose.SECOND_FACTOR)
    return redirect(url_for("code.ask"))


def let_in(account: Account, by: str, shown_at: datetime | None = None) -> Response:
    """Start a session of this browser, instead of the one it may have, and go where the person wanted to.

    ``by`` names the last way that was shown, ``shown_at`` says when, unless it was just now.
    """
    target, before = safe_target(session.get("next")), session.get("sid")
    with deployment().transaction(SYSTEM) as tx:
        if isinstance(before, str):
            close_by_secret(tx, before)
        sid = open_session(tx, account.id, request.user_agent.string, shown_at)
        note_sign_in(tx, account.person_id, by)
    start_login(account, sid)
    return redirect(target)
