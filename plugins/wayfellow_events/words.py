"""Put moments of events into words, in the zone of the event."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from wayfellow_events.events.models import Event


def when(event: Event) -> str:
    """Return when an event is, such as Thursday 3 December 2026, 17:30 to 20:00 GMT."""
    begins, ends = local(event, event.starts_at), local(event, event.ends_at)
    if begins.date() == ends.date():
        return f"{begins:%A} {begins.day} {begins:%B %Y}, {begins:%H:%M} to {ends:%H:%M} {begins.tzname()}"
    return f"{long_moment(event, event.starts_at)} to {long_moment(event, event.ends_at)}"


def long_moment(event: Event, moment: datetime) -> str:
    """Return a moment in an event's zone, such as Thursday 3 December 2026, 17:30 GMT."""
    there = local(event, moment)
    return f"{there:%A} {there.day} {there:%B %Y}, {there:%H:%M} {there.tzname()}"


def short_moment(event: Event, moment: datetime) -> str:
    """Return a moment in an event's zone, such as Thu 3 Dec, 17:30."""
    there = local(event, moment)
    return f"{there:%a} {there.day} {there:%b}, {there:%H:%M}"


def local(event: Event, moment: datetime) -> datetime:
    """Return a moment as clocks at the event show it."""
    return moment.astimezone(ZoneInfo(event.timezone))
