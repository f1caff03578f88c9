"""Make events, change them, copy them, and call them off."""

from __future__ import annotations

import re
import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput, Problem
from wayfellow.people.search import fold
from wayfellow.privacy.audit import record
from wayfellow.programmes.service import get_programme
from wayfellow.words import gettext, ngettext
from wayfellow_events.events.access import EDIT, get_hosted
from wayfellow_events.events.facts import EventFacts
from wayfellow_events.events.models import Audience, Event, EventState, Question, TicketType, Visibility
from wayfellow_events.events.series import join_series

#: What people plan their day by: where one of these changes, calendars and letters say so.
PLANNED_BY = ("starts_at", "ends_at", "timezone", "place", "link")


def create_event(tx: Transaction, programme_id: int, facts: EventFacts) -> Event:
    """Make an event with the kinds of tickets that its visibility suggests. Raises NotFound, NotAllowed."""
    event = _add(tx, programme_id, facts)
    kinds = [("Member", Audience.MEMBERS)]
    if facts.visibility is Visibility.PUBLIC:
        kinds.append(("Guest", Audience.EVERYONE))
    for position, (name, audience) in enumerate(kinds):
        tx.session.add(TicketType(event_id=event.id, name=name, audience=audience, position=position))
    tx.session.flush()
    return event


def edit_event(tx: Transaction, event_id: int, facts: EventFacts) -> bool:
    """Change what is said about an event; tell whether people have to plan anew.

    Raises NotFound, NotAllowed, Conflict for one that is called off, and InvalidInput for fewer places than are taken.
    """
    event = get_hosted(tx, event_id, lock=True)
    if event.state == EventState.CANCELLED:
        raise Conflict(gettext("This event is called off, so nothing of it changes any more. Copy it to plan another."))
    if facts.capacity is not None and facts.capacity < event.taken:
        sentence = ngettext(
            "%(num)s place is taken already. Write at least %(num)s, or cancel registrations first.",
            "%(num)s places are taken already. Write at least %(num)s, or cancel registrations first.",
            event.taken,
        )
        raise InvalidInput(sentence, (Problem(sentence, column="capacity"),))
    values = _columns(tx, event.programme_id, facts)
    changed = sorted(key for key, value in values.items() if getattr(event, key) != value)
    for key in changed:
        setattr(event, key, values[key])
    planned_anew = any(key in PLANNED_BY for key in changed)
    if changed:
        event.updated_at = tx.now()
        event.sequence += planned_anew or "title" in changed
        event.search = search_of(event)
        tx.session.flush()
        record(tx, "event.changed", "event", event.id, event.programme_id, fields=changed)
    return planned_anew


def copy_event(tx: Transaction, event_id: int, facts: EventFacts) -> Event:
    """Make an event with the tickets and questions of another; what it says and when it is comes from ``facts``.

    The windows of its tickets are left open, since those of the other event are over. Raises NotFound, NotAllowed.
    """
    old = get_hosted(tx, event_id)
    event = _add(tx, old.programme_id, facts)
    for kind in tx.session.scalars(select(TicketType).where(TicketType.event_id == old.id)):
        said = {"name": kind.name, "audience": kind.audience, "capacity": kind.capacity, "position": kind.position}
        tx.session.add(TicketType(event_id=event.id, **said))
    for asked in tx.session.scalars(select(Question).where(Question.event_id == old.id)):
        said = {"label": asked.label, "kind": asked.kind, "required": asked.required, "position": asked.position}
        tx.session.add(Question(event_id=event.id, options=list(asked.options), moment=asked.moment, **said))
    tx.session.flush()
    return event


def search_of(event: Event) -> str:
    """Return what a search for an event looks through."""
    return "\n".join(fold(part) for part in (event.title, event.place))


def _add(tx: Transaction, programme_id: int, facts: EventFacts) -> Event:
    get_programme(tx, programme_id)
    tx.require(EDIT, programme_id)
    now = tx.now()
    event = Event(
        programme_id=programme_id,
        slug=_free_slug(tx, facts.title, facts.starts_at),
        uid=f"{uuid.uuid4()}@wayfellow",
        created_by=tx.actor.person_id,
        created_at=now,
        updated_at=now,
        **_columns(tx, programme_id, facts),
    )
    event.search = search_of(event)
    tx.session.add(event)
    tx.session.flush()
    record(tx, "event.created", "event", event.id, programme_id)
    return event


def _columns(tx: Transaction, programme_id: int, facts: EventFacts) -> dict[str, Any]:
    values = asdict(facts)
    series = values.pop("series")
    return values | {"series_id": join_series(tx, programme_id, series)}


def _free_slug(tx: Transaction, title: str, starts_at: datetime) -> str:
    words = "-".join(re.findall(r"[a-z0-9]+", fold(title)))[:48].strip("-") or "event"
    base = f"{words}-{starts_at:%Y-%m-%d}"
    taken = set(tx.session.scalars(select(Event.slug).where(Event.slug.startswith(base, autoescape=True))))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if slug not in taken)
