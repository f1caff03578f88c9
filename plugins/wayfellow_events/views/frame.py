"""Give the pages of events the site, words for moments, and what was wrong with a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from flask import current_app, render_template
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput, Problem
from wayfellow.pages import Site
from wayfellow.words import Wordlist, later
from wayfellow_events import words
from wayfellow_events.registration.models import RegistrationState as State

#: The method, address, name and view of a page.
Rule: TypeAlias = tuple[str, str, str, Callable[..., Any]]
Answer: TypeAlias = Response | str | tuple[str, int]

#: How a registration's state is shown: tone and words.
STATES: Mapping[str, tuple[str, str]] = Wordlist(
    {
        State.UNCONFIRMED: ("info", later("Not confirmed yet")),
        State.REQUESTED: ("info", later("Asks for a place")),
        State.CONFIRMED: ("good", later("Has a place")),
        State.WAITLISTED: ("warn", later("On the waiting list")),
        State.OFFERED: ("warn", later("Was offered a place")),
        State.EXPIRED: ("plain", later("Did not answer in time")),
        State.DECLINED: ("plain", later("Turned down")),
        State.CANCELLED: ("plain", later("Not registered")),
    }
)


def site() -> Site:
    """Return the site of the running application."""
    return cast(Site, current_app.extensions["wayfellow"])


def render(template: str, **context: Any) -> str:
    """Render a page of events."""
    said = {
        "when": words.when,
        "long_moment": words.long_moment,
        "short_moment": words.short_moment,
        "day_part": words.day_part,
        "local": words.local,
        "STATES": STATES,
    }
    return render_template(f"events/{template}", **said, **context)


def wrong_with(error: InvalidInput | None) -> dict[str, str]:
    """Return what is wrong with each field of a form; what is wrong with none of them stands under ""."""
    if error is None:
        return {}
    return {problem.column or "": problem.message for problem in error.problems or (Problem(str(error)),)}
