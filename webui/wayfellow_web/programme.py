"""Know which programme and cycle a page is about: the address names it, or the one last looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, current_app, g, request, session

from wayfellow.errors import NotFound
from wayfellow.programmes.models import Cycle, Programme
from wayfellow.programmes.service import current_cycle, list_programmes
from wayfellow.words import gettext
from wayfellow_web.site import actor, reading

ARGUMENT = "programme"


def configure_programme(app: Flask) -> None:
    """Take ``<programme>`` out of addresses, find it, and put it into the addresses that pages link to."""
    app.url_value_preprocessor(take_slug)
    app.url_defaults(give_slug)
    app.before_request(find_programme)


def take_slug(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Keep the programme's name in the address for later, so that views need not take it."""
    g.programme_slug = values.pop(ARGUMENT, None) if values else None


def give_slug(endpoint: str, values: dict[str, Any]) -> None:
    """Fill ``<programme>`` in with the programme that the page is about."""
    shown = g.get("shown_programme")
    known = endpoint in current_app.view_functions
    if shown and known and ARGUMENT not in values and current_app.url_map.is_endpoint_expecting(endpoint, ARGUMENT):
        values[ARGUMENT] = shown.slug


def find_programme() -> None:
    """Set ``g.programme`` when the address names one of the person's, and ``g.shown_programme`` for the menu."""
    g.programme = g.shown_programme = None
    g.programmes = ()
    if request.endpoint in (None, "static") or actor().person_id is None:
        return
    g.programmes = list_programmes(reading())
    g.programme = _named(g.programme_slug)
    g.shown_programme = g.programme or _named(session.get(ARGUMENT)) or next(iter(g.programmes), None)
    if g.programme is not None and session.get(ARGUMENT) != g.programme.slug:
        session[ARGUMENT] = g.programme.slug


def _named(slug: str | None) -> Programme | None:
    return next((programme for programme in g.programmes if programme.slug == slug), None) if slug else None


def my_programmes() -> Sequence[Programme]:
    """Return the programmes that the person may see."""
    found: Sequence[Programme] = g.get("programmes", ())
    return found


def this_programme() -> Programme:
    """Return the programme that the address names.

    Raises NotFound when there is none that the person may see.
    """
    programme: Programme | None = g.get("programme")
    if programme is None:
        raise NotFound(gettext("There is no such programme, or you have no part in it. Choose one of yours."))
    return programme


def this_cycle() -> Cycle:
    """Return the current cycle of the programme that the address names.

    Raises NotFound when the programme has none.
    """
    if "cycle" not in g:
        g.cycle = current_cycle(reading(), this_programme().id)
    if g.cycle is None:
        raise NotFound(
            gettext("%(programme)s has no cycle yet. Start one before you go on.", programme=this_programme().name)
        )
    cycle: Cycle = g.cycle
    return cycle


def shown_cycle() -> Cycle | None:
    """Return the cycle to name in the menu, or None."""
    programme: Programme | None = g.get("shown_programme")
    if programme is None:
        return None
    if "cycle" not in g:
        g.cycle = current_cycle(reading(), programme.id)
    cycle: Cycle | None = g.cycle
    return cycle
