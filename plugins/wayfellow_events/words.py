"""Put moments of events into words, in the zone of the event and in the language that is spoken."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from wayfellow.words import gettext, pgettext, this_voice
from wayfellow_events.events.models import Event


def when(event: Event) -> str:
    """Return when an event is, such as Thursday 3 December 2026, 17:30 to 20:00 GMT."""
    begins, ends = local(event, event.starts_at), local(event, event.ends_at)
    if begins.date() == ends.date():
        times = {"begins": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}", "zone": begins.tzname()}
        return gettext("%(day)s, %(begins)s to %(ends)s %(zone)s", day=_long_day(begins), **times)
    first, last = long_moment(event, event.starts_at), long_moment(event, event.ends_at)
    return gettext("%(first)s to %(last)s", first=first, last=last)


def long_moment(event: Event, moment: datetime) -> str:
    """Return a moment in an event's zone, such as Thursday 3 December 2026, 17:30 GMT."""
    there = local(event, moment)
    return gettext("%(day)s, %(time)s", day=_long_day(there), time=f"{there:%H:%M} {there.tzname()}")


def short_moment(event: Event, moment: datetime) -> str:
    """Return a moment in an event's zone, such as Thu 3 Dec, 17:30."""
    there = local(event, moment)
    day = day_part(there, pgettext("pattern", "EEE d MMM"))
    return gettext("%(day)s, %(time)s", day=day, time=f"{there:%H:%M}")


def day_part(moment: datetime, pattern: str) -> str:
    """Return what a pattern takes of a day, in the letters of CLDR: ``EEE`` is Thu, ``MMM`` is Dec."""
    return str(format_date(moment, pattern, locale=this_voice().language))


def local(event: Event, moment: datetime) -> datetime:
    """Return a moment as clocks at the event show it."""
    return moment.astimezone(ZoneInfo(event.timezone))


def _long_day(moment: datetime) -> str:
    # Each language has an order of its own.
    return day_part(moment, pgettext("pattern", "EEEE d MMMM y"))
