"""Put numbers and names into sentences."""

from collections.abc import Sequence
from datetime import date


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun, such as "1 person" or "3 people"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(names: Sequence[str], total: int) -> str:
    """Return names in a sentence, the last after "and", and how many more there are of ``total``."""
    rest = total - len(names)
    parts = [*names, f"{rest:,} more"] if rest > 0 and names else list(names) or [plural(total, "person", "people")]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def spoken_day(day: date) -> str:
    """Return a day of these weeks as a sentence says it, such as "Friday 4 December"."""
    return f"{day:%A} {day.day} {day:%B}"
