"""Say who may keep the door of an event: its team, hosts and helpers at the door alike."""

from __future__ import annotations

from wayfellow.deployment import Transaction
from wayfellow.errors import NotAllowed
from wayfellow.words import gettext
from wayfellow_events.events.access import get_watched, has_duty, is_host
from wayfellow_events.events.models import Event


def get_kept(tx: Transaction, event_id: int) -> Event:
    """Return an event whose door the actor keeps. Raises NotFound, and NotAllowed for those who may only look."""
    event = get_watched(tx, event_id)
    if not (is_host(tx, event) or has_duty(tx, event.id)):
        raise NotAllowed(gettext("Only the team of this event keeps its door. Ask one of its hosts to add you."))
    return event
