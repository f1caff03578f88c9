"""Put numbers and names into sentences."""

from collections.abc import Sequence
from datetime import date

from wayfellow.words import gettext, ngettext, pgettext, this_voice


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun, such as "1 person" or "3 people"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(names: Sequence[str], total: int) -> str:
    """Return names in a sentence, the last after "and", and how many more there are of ``total``."""
    if not names:
        return ngettext("%(num)s person", "%(num)s people", total)
    rest = total - len(names)
    if rest > 0:
        first = _comma().join(names)
        return ngettext("%(names)s and %(num)s more", "%(names)s and %(num)s more", rest, names=first)
    return joined(names)


def joined(parts: Sequence[str]) -> str:
    """Return one or more parts of a sentence, the last after "and", as the language that is spoken does."""
    if len(parts) == 1:
        return parts[0]
    return gettext("%(most)s and %(last)s", most=_comma().join(parts[:-1]), last=parts[-1])


def _comma() -> str:
    return pgettext("between parts of a list", ", ")


def spoken_day(day: date) -> str:
    """Return a day of these weeks as a sentence says it, such as "Friday 4 December"."""
    return _format(day, pgettext("pattern", "EEEE d MMMM"))


def spoken_date(day: date) -> str:
    """Return a day of any year as a sentence says it, such as "4 December 2026"."""
    return _format(day, pgettext("pattern", "d MMMM y"))


def _format(day: date, pattern: str) -> str:
    from babel.dates import format_date  # not needed where nothing is said

    return format_date(day, pattern, locale=this_voice().language)
