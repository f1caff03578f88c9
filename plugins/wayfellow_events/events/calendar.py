"""Write an event as calendars read it: known by a UID that stays, a sequence that grows, and times in its zone."""

from __future__ import annotations

from datetime import datetime

import icalendar

from wayfellow.types import Attachment
from wayfellow_events.events.models import Event, EventState
from wayfellow_events.words import local

MEDIA_TYPE = "text/calendar"


def calendar_of(event: Event, organisation: str, now: datetime) -> bytes:
    """Return the event as an iCalendar file: PUBLISH, or CANCEL once it is called off."""
    off = event.state == EventState.CANCELLED
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Wayfellow//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method_of(event))
    entry = icalendar.Event()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", now)
    entry.add("last-modified", event.updated_at)
    entry.add("dtstart", local(event, event.starts_at))
    entry.add("dtend", local(event, event.ends_at))
    entry.add("summary", event.title)
    entry.add("status", "CANCELLED" if off else "CONFIRMED")
    for name, value in (("location", event.place), ("url", event.link), ("description", _description(event))):
        if value:
            entry.add(name, value)
    entry.add("categories", [organisation])
    calendar.add_component(entry)
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def attachment_of(event: Event, organisation: str, now: datetime) -> Attachment:
    """Return the event's file for a mail."""
    media_type = f"{MEDIA_TYPE}; method={method_of(event)}; charset=utf-8"
    return Attachment("event.ics", media_type, calendar_of(event, organisation, now))


def method_of(event: Event) -> str:
    """Return what a calendar is to do with the file."""
    return "CANCEL" if event.state == EventState.CANCELLED else "PUBLISH"


def _description(event: Event) -> str:
    return "\n\n".join(part for part in (event.description, event.agenda) if part)
