"""Declare the hooks that this plugin owns; others implement them with ``hookimpl(optionalhook=True)``."""

from __future__ import annotations

from sqlalchemy.orm import Session

from wayfellow.markers import hookspec


@hookspec
def on_checkin_recorded(session: Session, registration_id: int, kind: str) -> None:
    """Hear that somebody came through the door; ``kind`` is ``entry`` or ``exit``. Repeats and refusals are none."""
