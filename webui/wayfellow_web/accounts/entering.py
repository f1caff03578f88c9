"""Let somebody in who has shown who they are."""

from __future__ import annotations

from flask import redirect, request, session
from werkzeug.wrappers import Response

from wayfellow.types import SYSTEM
from wayfellow_web.accounts.base import start_login
from wayfellow_web.accounts.models import Account
from wayfellow_web.accounts.sessions import close_by_secret, open_session
from wayfellow_web.redirects import safe_target
from wayfellow_web.site import deployment


def let_in(account: Account) -> Response:
    """Start a session of this browser, instead of the one it may have, and go where the person wanted to."""
    target, before = safe_target(session.get("next")), session.get("sid")
    with deployment().transaction(SYSTEM) as tx:
        if isinstance(before, str):
            close_by_secret(tx, before)
        sid = open_session(tx, account.id, request.user_agent.string)
    start_login(account, sid)
    return redirect(target)
