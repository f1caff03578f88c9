"""Collect what is wrong with a file, so that people can mend all of it at once."""

from __future__ import annotations

from wayfellow.errors import InvalidInput, Problem
from wayfellow.words import ngettext

#: How many problems of one file are kept; the rest is counted.
LIMIT = 100
_SHOWN = 80


class Problems:
    """Collect the faults of one file: the first ``limit`` in ``items``, all of them counted in ``total``."""

    def __init__(self, name: str, limit: int = LIMIT) -> None:
        self.name, self.limit = name, limit
        self.items: list[Problem] = []
        self.total = 0

    def add(self, message: str, row: int | None = None, column: str | None = None, value: str | None = None) -> None:
        """Note one fault; ``message`` says how to mend it."""
        self.total += 1
        if len(self.items) < self.limit:
            shown = value if value is None or len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
            self.items.append(Problem(message, row, column, shown))

    def raise_if_any(self) -> None:
        """Raise InvalidInput that names the file and holds the problems, if there are any."""
        if not self.total:
            return
        message = ngettext(
            "%(file)s has a problem; nothing was taken. At %(problem)s",
            "%(file)s has %(num)s problems; nothing was taken. The first, at %(problem)s",
            self.total,
            file=self.name,
            problem=self.items[0],
        )
        raise InvalidInput(message, tuple(self.items))
