"""Find out, before each request, who asks: the cookie counts only while the register knows it."""

from __future__ import annotations

from flask import g, request, session

from wayfellow.programmes.roles import actor_for
from wayfellow.types import ANONYMOUS
from wayfellow_web.accounts.base import end_login
from wayfellow_web.accounts.sessions import Guest, find_guest, note_seen
from wayfellow_web.database import db
from wayfellow_web.languages import speak_language
from wayfellow_web.site import deployment, writing


def load_actor() -> None:
    """Set ``g.actor`` to the person whom the cookie stands for, with all their roles, or to nobody.

    ``g.fresh`` tells whether they showed just now who they are.
    """
    g.actor, g.fresh = ANONYMOUS, False
    sid = session.get("sid")
    if request.endpoint == "static" or not isinstance(sid, str):
        return
    guest = find_guest(db.session(), sid, deployment().clock())
    if guest is None:
        end_login()
        return
    g.actor, g.fresh = actor_for(db.session(), guest.person_id), guest.is_fresh
    speak_language(guest.language)
    if guest.seen_is_stale:
        _note(guest)


def _note(guest: Guest) -> None:
    with writing() as tx:
        note_seen(tx, guest.session_id)
