"""Put numbers into sentences."""


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun, such as "1 person" or "3 people"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
