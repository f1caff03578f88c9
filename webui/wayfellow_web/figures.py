"""Write days, times and numbers as the reader's language does."""

from __future__ import annotations

import math
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.numbers import format_percent
from flask import g
from flask_babel import format_date, format_decimal, get_locale

from wayfellow.words import gettext, pgettext


def day(value: date | datetime) -> str:
    """Return a day with its weekday, such as Mon 23 Nov 2026; moments are judged in the programme's zone."""
    local = value.astimezone(_zone()) if isinstance(value, datetime) else value
    # The pattern of a day, in the letters of CLDR: each language has an order of its own.
    return str(format_date(local, pgettext("pattern", "EEE d MMM y"), rebase=False))


def moment(value: datetime) -> str:
    """Return a day and time in the programme's zone, which is named."""
    local = value.astimezone(_zone())
    time = f"{local:%H:%M} {local.tzname()}"
    return gettext("%(day)s, %(time)s", day=day(value), time=time)


def number(value: int) -> str:
    """Return a whole number with marks between thousands."""
    return str(format_decimal(value))


def percent(share: float) -> str:
    """Return a share in [0, 1] as a percentage with one decimal, rounded down so that only all of it is 100%."""
    tenths = math.floor(1000 * share + 1e-9)
    return str(format_percent(tenths / 1000, locale=get_locale(), decimal_quantization=False))


def _zone() -> ZoneInfo:
    shown = g.get("shown_programme")
    return ZoneInfo(shown.timezone if shown else "UTC")
