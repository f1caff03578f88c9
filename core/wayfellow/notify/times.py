"""Find the moment at which a person wants a message: outside quiet hours, or with the next digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY, WEEK = "day", "week"


@dataclass(frozen=True, slots=True)
class Times:
    """Hold when a person wants messages: hours from 0 to 23 in their zone; both quiet ones None means at any hour."""

    zone: str = "UTC"
    quiet_from: int | None = None
    quiet_until: int | None = None
    digest_every: str = DAY
    digest_hour: int = 8


def is_quiet(times: Times, moment: datetime) -> bool:
    """Tell whether a moment lies in a person's quiet hours; they may go past midnight."""
    start, end = times.quiet_from, times.quiet_until
    if start is None or end is None or start == end:
        return False
    hour = moment.astimezone(ZoneInfo(times.zone)).hour
    return start <= hour < end if start < end else hour >= start or hour < end


def at_once(times: Times, now: datetime) -> datetime:
    """Return now, or the end of the quiet hours that it lies in."""
    if not is_quiet(times, now) or times.quiet_until is None:
        return now
    return _next(times.zone, times.quiet_until, now)


def next_digest(times: Times, now: datetime) -> datetime:
    """Return when the next digest is due, after now: on the day's hour, or on Monday's."""
    due = _next(times.zone, times.digest_hour, now, monday=times.digest_every == WEEK)
    return at_once(times, due)


def _next(zone: str, hour: int, now: datetime, *, monday: bool = False) -> datetime:
    """Return the first moment after now that begins an hour of the day in a zone."""
    local = now.astimezone(ZoneInfo(zone))
    for days in range(9):
        day = local.date() + timedelta(days=days)
        due = datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)
        if due > now and (not monday or day.weekday() == 0):
            return due
    raise AssertionError("a week holds a Monday")
