"""Put what comes next on people's home pages and on a programme's overview."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from wayfellow.clock import utc_now
from wayfellow.types import Actor, Panel, Slot
from wayfellow.words import gettext
from wayfellow_events.events.models import Event, EventState
from wayfellow_events.registration.models import Registration
from wayfellow_events.registration.states import ACTIVE
from wayfellow_events.words import when

_MOST = 3


def panels(user: Actor, slot: Slot, subject_id: int, session: Session) -> Iterable[Panel]:
    """Return the events that somebody registered for, or those of a programme; no panel where there are none."""
    to_come = select(Event).where(Event.state == EventState.SCHEDULED, Event.ends_at > utc_now())
    to_come = to_come.order_by(Event.starts_at, Event.id).limit(_MOST)
    if slot is Slot.HOME_SIDE and user.person_id is not None:
        mine = select(Registration.event_id).where(Registration.person_id == user.person_id)
        found = session.scalars(to_come.where(Event.id.in_(mine.where(Registration.state.in_(ACTIVE))))).all()
    elif slot is Slot.OVERVIEW_SIDE:
        found = session.scalars(to_come.where(Event.programme_id == subject_id)).all()
    else:
        return
    if found:
        hosts = slot is Slot.OVERVIEW_SIDE
        context = {"events": found, "when": when, "hosts": hosts}
        yield Panel(
            gettext("Next events") if hosts else gettext("Your next events"), "events/_next.html", context, order=50
        )
