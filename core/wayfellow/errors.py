"""Hold the errors that reach people: each message is a whole sentence that says what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from wayfellow.words import gettext


class WayfellowError(Exception):
    """Say what went wrong to a person; the command line exits with 2, the web answers with ``status``."""

    status = 400


class NotFound(WayfellowError):
    """Say that a thing does not exist, or not for this person."""

    status = 404


class NotAllowed(WayfellowError):
    """Say that the person may not do this, and who could."""

    status = 403


class Conflict(WayfellowError):
    """Say that somebody or something was faster, or that the state does not allow this any more."""

    status = 409


class TooMany(WayfellowError):
    """Say that something was tried too often, and how long to wait."""

    status = 429


@dataclass(frozen=True, slots=True)
class Problem:
    """Name one fault of an input: where it is and how to mend it.

    ``row`` counts from 1, the header included; ``value`` is what stood there, shortened.
    """

    message: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = {"row": self.row, "column": self.column, "message": self.message}
        if self.row and self.column:
            return gettext("row %(row)s, column %(column)s: %(message)s", **place)
        if self.row:
            return gettext("row %(row)s: %(message)s", **place)
        return gettext("column %(column)s: %(message)s", **place) if self.column else self.message


class InvalidInput(WayfellowError):
    """Say which faults an input has; nothing of it was taken."""

    status = 422

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems
