"""Name the kinds of messages and of work."""

from __future__ import annotations

TICKET, CONFIRM, OFFER = "events.ticket", "events.confirm", "events.offer"
REGISTRATION, CHANGED, REMINDER = "events.registration", "events.changed", "events.reminder"
GUEST_JOB, CLOCK_JOB = "events.guest", "events.clock"
