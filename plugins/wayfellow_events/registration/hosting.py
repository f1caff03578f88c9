"""Change an event as its hosts, and let those who wait or come know what follows from it."""

from __future__ import annotations

from collections.abc import Mapping

from wayfellow.deployment import Transaction
from wayfellow_events.events.access import get_hosted
from wayfellow_events.events.calling_off import tell_changed
from wayfellow_events.events.facts import EventFacts
from wayfellow_events.events.models import TicketType
from wayfellow_events.events.saving import edit_event
from wayfellow_events.events.ticket_types import save_type
from wayfellow_events.registration.moving import fill


def change_event(tx: Transaction, event_id: int, facts: EventFacts) -> None:
    """Change an event; tell those who come of a new time or place, and offer new places to those who wait.

    Raises NotFound, NotAllowed, Conflict, InvalidInput.
    """
    planned_anew = edit_event(tx, event_id, facts)
    event = get_hosted(tx, event_id)
    if planned_anew:
        tell_changed(tx, event)
    fill(tx, event)


def change_type(tx: Transaction, event_id: int, type_id: int | None, form: Mapping[str, str]) -> TicketType:
    """Add (None) or change a kind of ticket, and offer new places to those who wait.

    Raises NotFound, NotAllowed, InvalidInput.
    """
    kind = save_type(tx, event_id, type_id, form)
    fill(tx, get_hosted(tx, event_id))
    return kind
