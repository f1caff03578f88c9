"""Hold what hosts say about an event, and check all of it before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from wayfellow.errors import InvalidInput, Problem
from wayfellow.tabular.values import clean_line, clean_timezone, tidy
from wayfellow.words import gettext, later
from wayfellow_events.events.models import Visibility

T = TypeVar("T")
#: The most places that an event or a kind of ticket can have, and the longest time that an offer is kept.
MOST_PLACES, MOST_HOURS = 100_000, 24 * 14
LONGEST_TEXT = 20_000
YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class EventFacts:
    """Be what hosts say about an event; moments are aware, ``capacity`` None means no limit.

    ``series`` is the name of the series that it belongs to, "" for none.
    """

    title: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    description: str = ""
    agenda: str = ""
    place: str = ""
    link: str = ""
    capacity: int | None = None
    visibility: Visibility = Visibility.PROGRAMME
    needs_approval: bool = False
    offer_hours: int = 24
    series: str = ""


class Reader:
    """Read the fields of a form one by one, and gather what is wrong with each."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self.form = form
        self.problems: list[Problem] = []

    def read(self, key: str, check: Callable[[str], T], default: T) -> T:
        """Return a checked field; where it is wrong, note why and return the default."""
        text = self.form.get(key, "").strip()
        try:
            return check(text)
        except ValueError as error:
            self.problems.append(Problem(str(error), column=key, value=text[:80]))
            return default

    def refuse(self, sentence: str) -> None:
        """Raise InvalidInput with a sentence when anything is wrong."""
        if self.problems:
            raise InvalidInput(sentence, tuple(self.problems))


def read_facts(form: Mapping[str, str]) -> EventFacts:
    """Return what a form says. Raises InvalidInput with one problem per field, whose ``column`` is the field's name."""
    reader = Reader(form)
    zone = reader.read("timezone", clean_timezone, "UTC")
    begins = reader.read("starts_at", lambda text: clean_moment(text, zone, later("The start")), None)
    ends = reader.read("ends_at", lambda text: clean_moment(text, zone, later("The end")), None)
    if begins and ends and ends <= begins:
        reader.problems.append(
            Problem(gettext("The event would end before it starts. Choose a later end."), column="ends_at")
        )
    values: dict[str, Any] = {
        "title": reader.read("title", lambda text: clean_line(text, later("The title"), 200), ""),
        "description": reader.read("description", clean_text, ""),
        "agenda": reader.read("agenda", clean_text, ""),
        "place": reader.read("place", lambda text: clean_line(text, later("The place"), 300) if text else "", ""),
        "link": reader.read("link", clean_link, ""),
        "series": reader.read("series", lambda text: clean_line(text, later("The series"), 200) if text else "", ""),
        "capacity": reader.read("capacity", clean_places, None),
        "visibility": reader.read("visibility", clean_visibility, Visibility.PROGRAMME),
        "offer_hours": reader.read("offer_hours", clean_hours, 24),
        "needs_approval": bool(form.get("needs_approval")),
    }
    reader.refuse(gettext("The event is not saved yet. Mend what is marked."))
    if begins is None or ends is None:
        raise AssertionError("moments that are missing were noted above")
    return EventFacts(starts_at=begins, ends_at=ends, timezone=zone, **values)


def clean_moment(text: str, zone: str, what: str) -> datetime:
    """Return a moment written as in ``2026-12-03T17:30`` in a zone; raise ValueError when that clock never shows it."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            gettext(
                "%(what)s is missing or can't be read. Give day and time, such as 2026-12-03 17:30.", what=gettext(what)
            )
        ) from error
    if local.tzinfo is not None or local.year not in YEARS:
        raise ValueError(
            gettext(
                "%(what)s takes a day between %(first)s and %(last)s, and a time without a zone.",
                what=gettext(what),
                first=YEARS[0],
                last=YEARS[-1],
            )
        )
    aware = local.replace(tzinfo=ZoneInfo(zone), second=0, microsecond=0)
    if aware.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != aware.replace(tzinfo=None):
        raise ValueError(
            gettext(
                "%(what)s falls into the hour that clocks in %(zone)s leave out that night. Choose another time.",
                what=gettext(what),
                zone=zone,
            )
        )
    return aware.astimezone(UTC)


def clean_places(text: str) -> int | None:
    """Return a number of places; None for no text, which means no limit."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= MOST_PLACES):
        raise ValueError(
            gettext(
                "“%(text)s” is no number of places. Write a whole number up to %(most)s, or nothing.",
                text=text[:20],
                most=f"{MOST_PLACES:,}",
            )
        )
    return int(text)


def clean_hours(text: str) -> int:
    """Return for how many hours an offered place is kept; 24 for no text."""
    if not text:
        return 24
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_HOURS):
        raise ValueError(
            gettext(
                "“%(text)s” is no number of hours. Write a whole number from 1 to %(most)s.",
                text=text[:20],
                most=MOST_HOURS,
            )
        )
    return int(text)


def clean_text(text: str) -> str:
    """Return a longer text, or raise ValueError."""
    clean = tidy(text)
    if len(clean) > LONGEST_TEXT:
        raise ValueError(
            gettext(
                "This has %(count)s characters; the most is %(most)s. Shorten it.",
                count=f"{len(clean):,}",
                most=f"{LONGEST_TEXT:,}",
            )
        )
    return clean


def clean_link(text: str) -> str:
    """Return a web address, "" for none; raise ValueError for what a browser would not open as a page."""
    if not text:
        return ""
    link = clean_line(text, later("The link"), 500)
    parts = urlsplit(link)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(gettext("The link is no web address. Write it whole, such as https://meet.example.org/room."))
    return link


def clean_visibility(text: str) -> Visibility:
    """Return who finds the event; those of its programme for no text."""
    try:
        return Visibility(text or Visibility.PROGRAMME)
    except ValueError as error:
        raise ValueError(gettext("Choose who can find the event from the list.")) from error
