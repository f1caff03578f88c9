"""Read when people are free in a week, as they write it: "Mon 18:00-20:00; Thu 12:00-13:00"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wayfellow.words import gettext, later, said

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
#: Times stand at quarters of an hour, since time zones do too.
QUARTERS_A_DAY = 96
MAX_SPANS = 100

_WHOLE = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DASH = r"\s*[-\u2010-\u2015]\s*"
_DAY, _TIME = r"([^\W\d]+)\.?", r"(\d{1,2}):(\d{2})"
_SPAN = re.compile(rf"{_DAY}(?:{_DASH}{_DAY})?\s+{_TIME}{_DASH}{_TIME}")
_EXAMPLE = later("Write it like Mon 18:00-20:00; Thu 12:00-13:00.")

Span = tuple[int, int, int]


def clean_availability(text: str) -> str:
    """Return the times of a week in one form, sorted, those that touch put together; "" for nothing.

    Spans stand between semicolons, commas or lines: a day or two with a hyphen (Mon-Fri), a time from and a time to,
    both at quarters of an hour. Raises ValueError with a sentence.
    """
    spans = sorted({span for part in re.split(r"[;,\n]+", text) if part.strip() for span in _read(part.strip())})
    if len(spans) > MAX_SPANS:
        raise ValueError(
            gettext(
                "There are %(count)s times; the most is %(most)s. Put times together, as in Mon-Fri.",
                count=len(spans),
                most=MAX_SPANS,
            )
        )
    return "; ".join(f"{DAYS[day]} {_clock(start)}-{_clock(end)}" for day, start, end in _joined(spans))


def read_availability(text: str) -> list[Span]:
    """Return cleaned times as (day from 0 for Monday, first quarter, quarter after the last), by the person's clock.

    What can't be read, since nobody cleaned it, counts as nothing said.
    """
    try:
        return [span for part in clean_availability(text).split("; ") if part for span in _read(part)]
    except ValueError:
        return []


def _read(part: str) -> list[Span]:
    found = _SPAN.fullmatch(part)
    if found is None:
        raise ValueError(
            gettext(
                "“%(part)s” is no time of the week that can be read. %(example)s",
                part=part[:40],
                example=said(_EXAMPLE),
            )
        )
    first, last, *times = found.groups()
    start, end = _quarter(part, *times[:2]), _quarter(part, *times[2:])
    if start >= end:
        raise ValueError(
            gettext(
                "“%(part)s” ends before it starts. Past midnight, write two times, one for each day.", part=part[:40]
            )
        )
    return [(day, start, end) for day in _days(part, first, last or first)]


def _days(part: str, first: str, last: str) -> Iterator[int]:
    one, other = _day(part, first), _day(part, last)
    yield from (day % 7 for day in range(one, other + 1 if other >= one else other + 8))


def _day(part: str, word: str) -> int:
    name = word.casefold()
    for day, whole in enumerate(_WHOLE):
        if len(name) >= 2 and whole.startswith(name):
            return day
    raise ValueError(
        gettext(
            "“%(word)s” in “%(part)s” is no day. %(example)s", word=word[:20], part=part[:40], example=said(_EXAMPLE)
        )
    )


def _quarter(part: str, hour: str, minute: str) -> int:
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > 24 * 60:
        raise ValueError(
            gettext(
                "%(hour)s:%(minute)s in “%(part)s” is no time of day. %(example)s",
                hour=hour,
                minute=minute,
                part=part[:40],
                example=said(_EXAMPLE),
            )
        )
    if minutes % 15:
        raise ValueError(
            gettext(
                "%(hour)s:%(minute)s in “%(part)s” is between the quarters. Use :00, :15, :30 or :45.",
                hour=hour,
                minute=minute,
                part=part[:40],
            )
        )
    return minutes // 15


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for day, start, end in spans:
        if joined and joined[-1][0] == day and start <= joined[-1][2]:
            joined[-1] = (day, joined[-1][1], max(end, joined[-1][2]))
        else:
            joined.append((day, start, end))
    return joined


def _clock(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"
