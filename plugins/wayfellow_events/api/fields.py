"""Read what a device sends, field by field, and name each that can't be read."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from flask import request

from wayfellow.errors import InvalidInput, Problem, WayfellowError

T = TypeVar("T")
#: The most bytes of a request, and the most characters of a code: a few tickets in one line of a hand scanner.
MOST_BYTES, LONGEST_CODE, LONGEST_TEXT = 1 << 20, 1_000, 2_000


class TooLarge(WayfellowError):
    """Say that a request is longer than any that a device sends."""

    status = 413


class NotJSON(WayfellowError):
    """Say that a body is not the JSON object that it should be."""

    status = 400


class WrongType(WayfellowError):
    """Say that a body is marked as something else than JSON."""

    status = 415


def read_body() -> dict[str, Any]:
    """Return the JSON object that was sent. Raises TooLarge, WrongType, NotJSON."""
    if (request.content_length or 0) > MOST_BYTES:
        raise TooLarge("A request has at most 1 MB. Send fewer scans at once.")
    if request.mimetype != "application/json":
        raise WrongType("Send JSON, with the header Content-Type: application/json.")
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError) as error:
        raise NotJSON("The body can't be read as JSON. Look at its quotes and commas.") from error
    if not isinstance(body, dict):
        raise NotJSON("The body must be a JSON object, with braces around it.")
    return body


class Fields:
    """Read fields of an object and gather what is wrong with each."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given
        self.problems: list[Problem] = []

    def read(self, name: str, check: Callable[[Any], T], default: T, *, required: bool = False) -> T:
        """Return a checked field; ``default`` where it is missing or null, or wrong, which is noted."""
        value = self.given.get(name)
        if value is None and not required:
            return default
        try:
            return check(value)
        except ValueError as error:
            self.problems.append(Problem(str(error), column=name))
            return default

    def refuse(self) -> None:
        """Raise InvalidInput when anything is wrong."""
        if self.problems:
            said = "; ".join(f"{one.column}: {one.message}" for one in self.problems)
            raise InvalidInput(f"Nothing was done. {said}", tuple(self.problems))


def a_key(value: Any) -> str:
    """Return a UUID as it is kept; raise ValueError."""
    try:
        if isinstance(value, str) and len(value) == 36:
            return str(uuid.UUID(value))
    except ValueError:
        pass
    raise ValueError("must be a UUID, such as 0b3cb2b0-5d0f-4d3f-8c9a-2f1c3c1f7a55.")


def a_text(longest: int = LONGEST_TEXT) -> Callable[[Any], str]:
    """Return a check of texts with something in them."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or not value.strip() or "\0" in value or not _is_unicode(value):
            raise ValueError("must be a text with something in it.")
        if len(value) > longest:
            raise ValueError(f"has {len(value):,} characters; the most is {longest:,}.")
        return value.strip()

    return check


def a_number(value: Any) -> int:
    """Return a number that stands for a thing; raise ValueError."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**31:
        raise ValueError("must be a whole number.")
    return value


def a_flag(value: Any) -> bool:
    """Return true or false; raise ValueError."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false.")
    return value


def a_moment(value: Any) -> datetime:
    """Return an aware moment; raise ValueError."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not 1970 < moment.year < 9000:
        raise ValueError("must be a moment with its zone, such as 2026-12-03T17:45:00Z.")
    return moment


def answers(value: Any) -> dict[str, str]:
    """Return answers by question; raise ValueError."""
    if not isinstance(value, dict) or len(value) > 50:
        raise ValueError('must be an object of texts by question, such as {"7": "yes"}.')
    check = a_text()
    return {key: check(text) for key, text in value.items()}


def one_of(kind: Callable[[str], T], names: str) -> Callable[[Any], T]:
    """Return a check of words from a list."""

    def check(value: Any) -> T:
        try:
            return kind(value)
        except (ValueError, TypeError) as error:
            raise ValueError(f"must be one of {names}.") from error

    return check


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a pair
        return False
    return True
