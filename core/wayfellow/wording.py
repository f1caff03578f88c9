"""Put numbers and names into sentences."""

from collections.abc import Sequence
from datetime import date

from wayfellow.words import gettext, ngettext


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun, such as "1 person" or "3 people"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(names: Sequence[str], total: int) -> str:
    """Return names in a sentence, the last after "and", and how many more there are of ``total``."""
    if not names:
        return ngettext("%(num)s person", "%(num)s people", total)
    comma, rest = gettext(", "), total - len(names)
    if rest > 0:
        return ngettext("%(names)s and %(num)s more", "%(names)s and %(num)s more", rest, names=comma.join(names))
    if len(names) == 1:
        return names[0]
    return gettext("%(names)s and %(last)s", names=comma.join(names[:-1]), last=names[-1])


def spoken_day(day: date) -> str:
    """Return a day of these weeks as a sentence says it, such as "Friday 4 December"."""
    return f"{day:%A} {day.day} {day:%B}"
