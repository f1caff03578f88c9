"""Name the kinds of messages about events."""

from __future__ import annotations

TICKET, CONFIRM, OFFER = "events.ticket", "events.confirm", "events.offer"
REGISTRATION, CHANGED, REMINDER = "events.registration", "events.changed", "events.reminder"
