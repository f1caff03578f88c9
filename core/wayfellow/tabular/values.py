"""Check and tidy single values: each function returns what is kept, or raises ValueError with a sentence."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date
from zoneinfo import available_timezones

from wayfellow.tabular.availability import clean_availability
from wayfellow.types import FieldType, ProfileField
from wayfellow.words import gettext, later

MAX_CAPACITY = 1000
MAX_TAGS = 100
_LONGEST = {FieldType.TEXT: 500, FieldType.LONG_TEXT: 20_000, FieldType.CHOICE: 200, FieldType.NUMBER: 40}
_LONGEST_TAG = 200
_LONGEST_NAME = 320
_SEPARATORS = re.compile(r"[;,|\n]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\0-\x1f\x7f-\x9f\u2028\u2029]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def tidy(text: str) -> str:
    """Return text without outer white space, with one kind of line end; raise when it can't be stored."""
    # Asked for every cell of every file: plain ASCII is known to be free of surrogates without a search.
    if "\0" in text or (not text.isascii() and _SURROGATE.search(text)):
        raise ValueError(gettext("The text holds a character that can't be stored. Delete it and type the text again."))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()


def clean_line(text: str, what: str, longest: int = _LONGEST_NAME) -> str:
    """Return one line of text; raise when it is empty, too long, or holds line breaks or control characters."""
    line = tidy(text)
    if not line:
        raise ValueError(gettext("%(what)s is missing. Fill it in.", what=gettext(what)))
    if _CONTROL.search(line):
        raise ValueError(
            gettext("%(what)s holds a line break or a control character. Write it on one line.", what=gettext(what))
        )
    return _short_enough(line, what, longest)


def clean_email(text: str) -> str:
    """Return an address as it is stored and compared: in small letters, composed (NFC)."""
    email = unicodedata.normalize("NFC", clean_line(text, later("The e-mail address"))).lower()
    if not _EMAIL.fullmatch(email):
        raise ValueError(gettext("“%(email)s” is no e-mail address. Write it like name@example.org.", email=email))
    return email


def clean_day(text: str) -> date | None:
    """Return the day that is written as the year, the month and the day; None for no text."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise ValueError(
            gettext("“%(value)s” is no day. Write it like 2027-03-31.", value=text.strip()[:40])
        ) from error


def clean_timezone(text: str) -> str:
    """Return the name of a time zone as the IANA database writes it, whatever its case."""
    name = tidy(text)
    found = _zones().get(name.replace(" ", "_").casefold())
    if found is None:
        raise ValueError(
            gettext("“%(name)s” is no time zone that is known. Write it like Europe/Berlin, or UTC.", name=name)
        )
    return found


def _zones() -> dict[str, str]:
    if not _ZONES:
        _ZONES.update({zone.casefold(): zone for zone in available_timezones()})
    return _ZONES


_ZONES: dict[str, str] = {}


def clean_capacity(text: str) -> int:
    """Return a number of places, 0 to 1000; raise for fractions, negative numbers and words."""
    written = tidy(text)
    if not re.fullmatch(r"\d{1,9}", written, re.ASCII) or int(written) > MAX_CAPACITY:
        raise ValueError(
            gettext(
                "“%(written)s” is no number of places. Write a whole number from 0 to %(most)s.",
                written=written,
                most=MAX_CAPACITY,
            )
        )
    return int(written)


def split_tags(text: str) -> tuple[str, ...]:
    """Return the tags of a text with ``;`` ``,`` ``|`` or line breaks between them, each once, whatever its case.

    Raises ValueError when there are more than 100 or one is longer than 200 characters.
    """
    tags: dict[str, str] = {}
    for part in _SEPARATORS.split(tidy(text)):
        tag = " ".join(part.split())
        if tag:
            tags.setdefault(tag.casefold(), _short_enough(tag, later("A tag"), _LONGEST_TAG))
    if len(tags) > MAX_TAGS:
        raise ValueError(
            gettext(
                "There are %(count)s tags; the most is %(most)s. Keep the ones that matter.",
                count=len(tags),
                most=MAX_TAGS,
            )
        )
    return tuple(tags.values())


def split_goals(text: str) -> tuple[str, ...]:
    """Return the goals of a text, one per line, each once; raise ValueError for too many or too long ones."""
    goals = tuple(dict.fromkeys(line.strip() for line in tidy(text).split("\n") if line.strip()))
    if len(goals) > MAX_TAGS:
        raise ValueError(
            gettext(
                "There are %(count)s goals; the most is %(most)s. Keep the ones that matter.",
                count=len(goals),
                most=MAX_TAGS,
            )
        )
    return tuple(clean_goal(goal) for goal in goals)


def clean_goal(text: str) -> str:
    """Return a goal's text; raise when it is empty or longer than 20,000 characters."""
    goal = tidy(text)
    if not goal:
        raise ValueError(gettext("A goal needs some words. Say what you aim at."))
    return _short_enough(goal, later("A goal"), _LONGEST[FieldType.LONG_TEXT])


def clean_value(definition: ProfileField, text: str) -> str:
    """Return what a profile field keeps of a text: "" for nothing, tags one per line; raise for a wrong value."""
    value = tidy(text)
    if not value:
        return ""
    if definition.type is FieldType.TAGS:
        return "\n".join(split_tags(value))
    if definition.type is FieldType.NUMBER:
        return _clean_number(value, definition.label)
    if definition.type is FieldType.CHOICE:
        return _clean_choice(definition, value)
    if definition.type is FieldType.AVAILABILITY:
        return clean_availability(value)
    return _short_enough(value, definition.label, _LONGEST[definition.type])


def _clean_number(value: str, label: str) -> str:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or len(value) > _LONGEST[FieldType.NUMBER]:
        raise ValueError(
            gettext(
                "%(field)s takes a number such as 3 or 2.5, not “%(value)s”.", field=gettext(label), value=value[:40]
            )
        )
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def _clean_choice(definition: ProfileField, value: str) -> str:
    for option in definition.options:
        if option.casefold() == value.casefold():
            return option
    raise ValueError(
        gettext(
            "%(field)s takes one of these: %(options)s; not “%(value)s”.",
            field=gettext(definition.label),
            options=", ".join(definition.options),
            value=value[:40],
        )
    )


def _short_enough(text: str, what: str, longest: int) -> str:
    if len(text) > longest:
        raise ValueError(
            gettext(
                "%(what)s has %(count)s characters; the most is %(most)s. Shorten it.",
                what=gettext(what),
                count=f"{len(text):,}",
                most=f"{longest:,}",
            )
        )
    return text
